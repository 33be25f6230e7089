// Where sent lines are found, and what it costs with hostile files.
import assert from "node:assert/strict";
import type { Span } from "../../../../extension/core/code/edges.ts";
import { locate } from "../../../../extension/core/code/locate.ts";
import { lineHash, wantedFrom } from "../../../support/lineTrials.ts";

const hash = lineHash("salt");
const file = Array.from({ length: 60 }, (_, n) => `const value${n} = read(file${n}, ${n});`);
const range = { from: 20, to: 23 };

function found(base: readonly string[], at: Span, target: readonly string[], hasBase: boolean) {
  const work = { comparisons: 0 };
  const wanted = wantedFrom(base, at, hash);
  const location = locate(wanted, at, target, hasBase ? { lines: base, range: at } : null, hash, work);
  return { location, comparisons: work.comparisons };
}

for (const hasBase of [true, false])
  describe(`sent lines ${hasBase ? "with" : "without"} the file they come from`, () => {
    it("are the same in the same file", () => {
      assert.deepEqual(found(file, range, file, hasBase).location, { state: "same", span: range });
    });

    it("have moved below inserted lines", () => {
      const target = ["// one", "// two", ...file];
      const span = { from: 22, to: 25 };
      assert.deepEqual(found(file, range, target, hasBase).location, { state: "moved", span });
    });

    it("have changed where one was rewritten", () => {
      const target = file.with(21, "const value21 = write(file21, 21);");
      assert.deepEqual(found(file, range, target, hasBase).location, { state: "changed", span: range });
    });

    it("are gone from another file", () => {
      const target = Array.from({ length: 60 }, (_, n) => `p { margin: ${n}px }`);
      assert.equal(found(file, range, target, hasBase).location.state, "gone");
    });

    for (const [what, base, at, target] of [
      ["20,000 equal lines", new Array<string>(20_000).fill("a b c"), { from: 50, to: 90 }, undefined],
      ["20,000 blank lines", new Array<string>(20_000).fill(""), { from: 50, to: 90 }, undefined],
      ["one line of 16 KiB", ["x ".repeat(8192)], { from: 0, to: 0 }, ["y ".repeat(8192), "x ".repeat(8190)]],
      ["a selection longer than the file", file, { from: 0, to: 59 }, file.slice(0, 3)],
      ["20,000 other lines", file, range, Array.from({ length: 20_000 }, (_, n) => `value${n} = read(x)`)],
    ] as const)
      it(`cost little in ${what}`, () => {
        const lines = target ?? base.slice(1);
        assert.ok(found(base, at, lines, hasBase).comparisons < 1_000_000);
      });
  });
