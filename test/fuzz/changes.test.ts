// Changes that a peer sends, broken in every way: what is not well-formed is dropped, and what is left plans, shows and renders
// without a failure, and leads to no path outside.
import assert from "node:assert/strict";
import * as v from "valibot";
import { buildChanges, type FileSide } from "../../extension/core/changes/buildChanges.ts";
import { patchOf } from "../../extension/core/changes/patch.ts";
import { newSteps } from "../../extension/core/changes/lineChanges.ts";
import { planOf } from "../../extension/core/changes/plan.ts";
import { reviewSides } from "../../extension/core/changes/reviewSides.ts";
import { isAsListed, partOf } from "../../extension/core/changes/summary.ts";
import { ChangeSet } from "../../protocol/changes.ts";
import { ChangesPart } from "../../protocol/changesPart.ts";
import { changesText, wordsAboutChanges } from "../../protocol/changesText.ts";
import { pathFault } from "../../protocol/fileNames.ts";
import { TOKEN } from "../support/core.ts";
import { fileId, hashOf } from "../support/fileIds.ts";
import { FRAMES, fuzz } from "./fuzz.ts";
import { Mutator } from "./mutator.ts";

const BASE = Array.from({ length: 12 }, (_, i) => `line ${i}\n`).join("");
const file = (path: string, text: string): FileSide => ({
  ...{ path, mode: "100644", text, encoding: "utf8", bom: false },
});
const binary = (path: string, ...bytes: number[]): FileSide => ({
  ...{ path, mode: "100644", bytes: Uint8Array.from(bytes) },
});

function changes(): ChangeSet {
  const edited = BASE.replace("line 3\n", "X\n").replace("line 11\n", "line 11");
  const built = buildChanges(TOKEN, [
    { was: file("a.ts", BASE), is: file("a.ts", edited), base: "A".repeat(22) },
    { was: file("b.ts", BASE), is: file("c/d.ts", edited) },
    { was: null, is: file("new.ts", "one\r\ntwo") },
    { was: file("gone.ts", "gone\n"), is: null },
    { was: binary("a.png", 0), is: binary("a.png", 1, 2) },
  ]);
  assert.ok(built.ok);
  return built.value;
}

/** Each is planned, shown and rendered. */
const SETS = FRAMES / 10;

describe("broken changes", () => {
  const set = changes();
  const sha256 = hashOf(new Uint8Array());
  const part = partOf(set, {
    id: fileId(1),
    size: 900,
    sha256,
    bases: { id: fileId(2), size: 1_000, sha256 },
  });
  const own = {
    files: new Map([
      ["a.ts", file("a.ts", `mine\n${BASE}`)],
      ["b.ts", file("b.ts", BASE.replace("line 3", "mine"))],
      ["a.png", binary("a.png", 0)],
    ]),
    bases: new Map([["a.ts", BASE]]),
    onWindows: false,
  };

  fuzz(`are dropped, or do no harm (${SETS} each)`, (seed) => {
    const mutator = new Mutator(seed, [set, part]);
    let used = 0;
    for (let n = 0; n < SETS; n++) {
      const value = mutator.brokenValue();
      const read = v.safeParse(ChangeSet, value);
      if (read.success) {
        used += 1;
        for (const { path, outcome } of planOf(read.output, own))
          if (outcome.kind === "clean") assert.equal(pathFault(path, false), null);
        for (const change of read.output.files) reviewSides(change, own, newSteps());
        patchOf(read.output);
        assert.ok(isAsListed(read.output, partOf(read.output, { id: fileId(1), size: 1, sha256 })));
      }
      const listed = v.safeParse(ChangesPart, value);
      if (!listed.success) continue;
      used += 1;
      const text = changesText(listed.output);
      assert.equal(wordsAboutChanges(text, { ...listed.output, at: 0 }), "");
      isAsListed(set, listed.output);
    }
    assert.ok(used > 0);
  });
});
