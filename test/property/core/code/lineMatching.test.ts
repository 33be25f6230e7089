// Selections of real files are looked for in changed ones: no answer is wrong, and most are answered. 500 trials over the files
// of dependencies, so that no change of this project's own files changes them; 10,000 over all files in the long mode. "Answered"
// is the right range or, where the lines were deleted, torn apart or cannot be told from a copy, "unsure" or "gone". A range for
// lines that were deleted or torn apart is wrong. The shares are of trials with one change; those with up to twenty only have to be
// never wrong. Two cases cannot be decided, so both answers are right: a copy that has more of the sent lines than the original
// has kept, and equal brackets or blank lines.
import assert from "node:assert/strict";
import { extname } from "node:path";
import { linesOf } from "../../../../extension/core/code/lines.ts";
import { runTrial, sourceFiles } from "../../../support/lineTrials.ts";

const IS_LONG = process.env["FORKCHAT_LONG"] !== undefined;
const TRIALS = IS_LONG ? 10_000 : 500;
// A few hundred trials scatter by a few points around the shares of ten thousand.
const LEAST = IS_LONG ? { base: 0.95, content: 0.8 } : { base: 0.92, content: 0.75 };
const SEED = Number(process.env["FORKCHAT_SEED"] ?? 3);

describe("lines of a changed file", function () {
  this.timeout(TRIALS * 300);

  it(`are never found at a wrong place (${TRIALS} trials, seed ${SEED})`, () => {
    const files = sourceFiles(IS_LONG ? "all" : "dependencies");
    assert.ok(new Set(files.map(({ path }) => extname(path))).size >= 4);
    const sources = files.map(({ text }) => linesOf(text));
    const shares = { base: { answered: 0, all: 0 }, content: { answered: 0, all: 0 } };
    const wrong: string[] = [];
    for (let i = 0; i < TRIALS; i += 1) {
      const { answers, isSingle, mutated } = runTrial(files, sources, SEED * 1_000_003 + i);
      for (const { hasBase, location, verdict } of answers) {
        if (verdict === "wrong")
          wrong.push(
            `${SEED}/${i}: ${JSON.stringify({ location, truth: mutated.truth, done: mutated.done })}`,
          );
        if (!isSingle) continue;
        const share = hasBase ? shares.base : shares.content;
        share.all += 1;
        if (verdict === "right") share.answered += 1;
      }
    }
    assert.deepEqual(wrong, []);
    assert.ok(shares.base.answered / shares.base.all >= LEAST.base, JSON.stringify(shares));
    assert.ok(shares.content.answered / shares.content.all >= LEAST.content, JSON.stringify(shares));
  });
});
