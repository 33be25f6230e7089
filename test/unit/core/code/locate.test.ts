// Where sent lines are found, and what it costs with hostile files.
import assert from "node:assert/strict";
import type { Span } from "../../../../extension/core/code/edges.ts";
import { newWork } from "../../../../extension/core/code/lines.ts";
import { locate, locating } from "../../../../extension/core/code/locate.ts";
import { lineHash, wantedFrom } from "../../../support/lineTrials.ts";

const hash = lineHash("salt");
const file = Array.from({ length: 60 }, (_, n) => `const value${n} = read(file${n}, ${n});`);
const range = { from: 20, to: 23 };
const alternating = Array.from({ length: 20_000 }, (_, n) => (n % 2 === 0 ? "a b c" : "d e f"));
const short = Array.from({ length: 50_000 }, (_, n) => `x${n % 997}`);

function found(base: readonly string[], at: Span, target: readonly string[], hasBase: boolean) {
  const work = newWork();
  const wanted = wantedFrom(base, at, hash);
  const location = locate(wanted, at, target, hasBase ? { lines: base, range: at } : null, hash, work);
  return { location, comparisons: work.comparisons };
}

it("A search makes four million comparisons at most", () => assert.equal(newWork().most, 4_000_000));

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

    it("are not sure where a part of them was moved away", () => {
      const target = [...file.slice(0, 5), file[23] ?? "", ...file.slice(5, 23), ...file.slice(24)];
      assert.equal(found(file, range, target, hasBase).location.state, "unsure");
    });

    it("are not sure beside their twin", () => {
      const target = [...file.slice(0, 24), ...file.slice(16)];
      assert.equal(found(file, range, target, hasBase).location.state, "unsure");
    });

    it("are not sure where an end was deleted and as many lines were put there", () => {
      const target = [
        ...file.slice(0, 22),
        "import x from './x.ts'",
        "import y from './y.ts'",
        ...file.slice(24),
      ];
      assert.equal(found(file, range, target, hasBase).location.state, "unsure");
    });

    it("are not sure once their search has made all the comparisons that it may", () => {
      const wanted = wantedFrom(file, range, hash);
      const base = hasBase ? { lines: file, range } : null;
      const another = Array.from({ length: 60 }, (_, n) => `p { margin: ${n}px }`);
      for (const target of [file, ["// one", ...file], another]) {
        const location = locate(wanted, range, target, base, hash, { comparisons: 1, most: 1 });
        assert.equal(location.state, "unsure");
      }
    });

    it("have no more than four candidates", () => {
      const target = Array.from({ length: 8 }, (_, n) => [`// ${n}`, ...file]).flat();
      const { location } = found(file, range, target, hasBase);
      assert.equal(location.state === "unsure" && location.spans.length, 4);
    });

    for (const [what, base, at, target] of [
      ["20,000 equal lines", new Array<string>(20_000).fill("a b c"), { from: 50, to: 90 }, undefined],
      ["20,000 blank lines", new Array<string>(20_000).fill(""), { from: 50, to: 90 }, undefined],
      ["two lines that take turns", alternating, { from: 50, to: 90 }, undefined],
      ["50,000 short lines", short, { from: 50, to: 90 }, undefined],
      ["one line of 16 KiB", ["x ".repeat(8192)], { from: 0, to: 0 }, ["y ".repeat(8192), "x ".repeat(8190)]],
      ["16 KiB of the same line", new Array<string>(20_000).fill("x"), { from: 0, to: 8191 }, undefined],
      ["16 KiB of two lines", alternating, { from: 0, to: 8191 }, undefined],
      ["16 KiB of short lines", short, { from: 0, to: 8191 }, short.toReversed()],
      ["a selection longer than the file", file, { from: 0, to: 59 }, file.slice(0, 3)],
      ["20,000 other lines", file, range, Array.from({ length: 20_000 }, (_, n) => `value${n} = read(x)`)],
    ] as const)
      it(`cost little in ${what}, at a time and in all`, () => {
        const lines = target ?? base.slice(1);
        const work = newWork();
        const wanted = wantedFrom(base, at, hash);
        let [before, longest] = [0, 0];
        const steps = locating(wanted, at, lines, hasBase ? { lines: base, range: at } : null, hash, work);
        while (steps.next().done !== true) {
          longest = Math.max(longest, work.comparisons - before);
          before = work.comparisons;
        }
        // An alignment is one step, and the last one before the limit may go beyond it.
        assert.ok(longest <= 400_000, `${longest} comparisons at a time`);
        assert.ok(work.comparisons <= 4_400_000, `${work.comparisons} comparisons`);
      });
  });
