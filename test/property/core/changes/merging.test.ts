// Merges of texts in which no line repeats have the result that git's have. Whatever the texts are, what is built of two versions and
// applied to the first makes the second, and applied once more changes nothing. 300 texts, or 2,000 in the long mode.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import * as v from "valibot";
import { buildChanges } from "../../../../extension/core/changes/buildChanges.ts";
import { hunksOf, withHunks } from "../../../../extension/core/changes/hunks.ts";
import { mergeFile } from "../../../../extension/core/changes/mergeFile.ts";
import { planOf } from "../../../../extension/core/changes/plan.ts";
import { Token } from "../../../../protocol/fields.ts";
import { mergeTrial } from "../../../support/mergeTrials.ts";
import { seededRandom } from "../../../support/seededRandom.ts";

const RUNS = process.env["FORKCHAT_LONG"] === undefined ? 300 : 2_000;
const SEED = Number(process.env["FORKCHAT_SEED"] ?? 1);
const seeds = Array.from({ length: RUNS }, (_, i) => SEED * 1_000_003 + i);
const distinct = seeds.map((seed) => mergeTrial(seed, true));

const SALT = v.parse(Token, "A".repeat(22));
const file = (text: string) => ({ text, encoding: "utf8", bom: false });

/** Null for a conflict. */
async function gitMerges(): Promise<(string | null)[]> {
  const folder = await mkdtemp(join(tmpdir(), "forkchat-merges-"));
  try {
    await Promise.all(
      distinct.flatMap((trial, i) =>
        Object.entries(trial).map(([side, text]) => writeFile(join(folder, `${i}.${side}`), text)),
      ),
    );
    const script =
      `i=0; while [ $i -lt ${RUNS} ]; do git merge-file -p $i.mine $i.base $i.theirs > $i.merged 2>&1; ` +
      `echo $?; i=$((i+1)); done`;
    const { stdout } = await promisify(execFile)("sh", ["-c", script], { cwd: folder });
    const codes = stdout.trim().split("\n");
    return await Promise.all(
      codes.map(async (code, i) => (code === "0" ? readFile(join(folder, `${i}.merged`), "utf8") : null)),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe(`generated merges without lines that repeat (${RUNS}, seed ${SEED})`, function () {
  this.timeout(RUNS * 200);

  it("have the result of git merge-file byte for byte, and conflict where it does", async () => {
    const expected = await gitMerges();
    let clean = 0;
    for (const [i, { base, mine, theirs }] of distinct.entries()) {
      const merge = mergeFile(base, mine, theirs);
      const text = merge.kind === "already" ? mine : merge.kind === "merged" ? merge.text : null;
      assert.equal(text, expected[i], `trial ${i}`);
      if (text !== null) clean += 1;
    }
    assert.ok(clean > RUNS / 3 && clean < (RUNS * 2) / 3, `${clean} without conflict`);
  });
});

describe(`generated merges (${RUNS}, seed ${SEED})`, () => {
  it("are never made twice", () => {
    let [merged, conflicts] = [0, 0];
    for (const seed of seeds) {
      const { base, mine, theirs } = mergeTrial(seed);
      const built = buildChanges(SALT, [
        {
          was: { path: "a.ts", mode: "100644", ...file(base) },
          is: { path: "a.ts", mode: "100644", ...file(theirs) },
        },
      ]);
      if (!built.ok) continue;
      const plan = (text: string) => {
        const own = {
          files: new Map([["a.ts", file(text)]]),
          bases: new Map([["a.ts", base]]),
          onWindows: true,
        };
        return planOf(built.value, own)[0]?.outcome;
      };
      const once = plan(mine);
      if (once?.kind !== "clean" || once.file === null || !("text" in once.file)) continue;
      const twice = plan(once.file.text)?.kind;
      merged += 1;
      if (twice === "conflict") conflicts += 1;
      else assert.equal(twice, "already", `seed ${seed}`);
    }
    // Where nearly all lines are equal, it cannot always be told. It is asked then.
    assert.ok(merged > RUNS / 5 && conflicts < merged / 20, `${conflicts} of ${merged}`);
  });

  it("keep line endings and the byte order mark of one's own file", () => {
    for (const seed of seeds) {
      const { base, mine, theirs } = mergeTrial(seed);
      const plain = mergeFile(base, mine, theirs);
      if (!mine.includes("\n")) continue;
      const other = mergeFile(base, `\ufeff${mine.replaceAll("\n", "\r\n")}`, theirs);
      assert.equal(other.kind, plain.kind, `seed ${seed}`);
      if (plain.kind !== "merged" || other.kind !== "merged") continue;
      assert.equal(other.text, `\ufeff${plain.text.replaceAll("\n", "\r\n")}`, `seed ${seed}`);
    }
  });
});

describe(`hunks of generated texts (${RUNS}, seed ${SEED})`, () => {
  /** With any line endings, and with or without a byte order mark. */
  function variant(text: string, random: () => number) {
    const style = Math.floor(random() * 4);
    const written = text.replaceAll("\n", () =>
      style === 1 || (style === 2 && random() < 0.5) ? "\r\n" : "\n",
    );
    return { ...file(written), bom: random() < 0.3 };
  }

  it("make the text after the change of the one before", () => {
    for (const seed of seeds) {
      const { base, theirs } = mergeTrial(seed);
      const random = seededRandom(seed);
      const [was, is] = [variant(base, random), variant(theirs, random)];
      const hunks = hunksOf(was, is);
      if (hunks === null) assert.deepEqual(was, is);
      else assert.deepEqual(withHunks(was.text, hunks), is, `seed ${seed}`);
    }
  });

  it("do so where line endings and the byte order mark were changed on the way", () => {
    for (const seed of seeds) {
      const { base, theirs } = mergeTrial(seed);
      const crlf = (text: string) => text.replaceAll("\n", "\r\n");
      const hunks = hunksOf(file(crlf(base)), file(crlf(theirs)));
      if (hunks === null || !base.includes("\n")) continue;
      assert.deepEqual(withHunks(`\ufeff${base}`, hunks), file(crlf(theirs)), `seed ${seed}`);
    }
  });

  it("are refused by any other text", () => {
    for (const seed of seeds) {
      const { base, mine, theirs } = mergeTrial(seed);
      const hunks = hunksOf(file(base), file(theirs));
      if (hunks === null) continue;
      const applied = withHunks(mine, hunks);
      // Only lines outside of all hunks can differ.
      if (applied !== null) assert.deepEqual(hunksOf(file(mine), applied)?.hunks.length, hunks.hunks.length);
    }
  });
});
