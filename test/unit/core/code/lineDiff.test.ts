// The difference between two files, line by line.
import assert from "node:assert/strict";
import { lineMap } from "../../../../extension/core/code/lineDiff.ts";
import { newWork } from "../../../../extension/core/code/lines.ts";
import { finished } from "../../../../extension/core/code/steps.ts";

const file = Array.from({ length: 20 }, (_, n) => `const value${n} = read(file${n});`);
const all = { from: 0, to: 19 };

function mapped(base: readonly string[], target: readonly string[], range = all) {
  const work = newWork();
  const { to, how } = finished(lineMap(base, target, range, work));
  return { to: [...to], how, comparisons: work.comparisons };
}

describe("a line diff", () => {
  it("keeps lines in order around inserted and deleted ones", () => {
    const target = ["// new", ...file.slice(0, 5), ...file.slice(8)];
    assert.deepEqual(mapped(file, target).to.slice(3, 10), [4, 5, -1, -1, -1, 6, 7]);
  });

  it("knows a moved block", () => {
    const { to, how } = mapped(file, [...file.slice(3), ...file.slice(0, 3)]);
    assert.deepEqual(to.slice(0, 5), [17, 18, 19, 0, 1]);
    assert.deepEqual([how[0], how[3]], ["moved", "kept"]);
  });

  it("knows an edited line where it stood, and not another one that was put there", () => {
    const edited = mapped(file, file.with(4, "const value4 = write(file4);"));
    assert.deepEqual([edited.to[4], edited.how[4]], [4, "edited"]);
    assert.equal(mapped(file, file.with(4, "import x from './x.ts'")).to[4], -1);
  });

  it("takes the first of several equal lines; from the end, the last", () => {
    const target = [...file.slice(0, 5), ...file.slice(4)];
    assert.equal(mapped(file, target).to[4], 4);
    assert.equal(mapped(file.toReversed(), target.toReversed()).to[15], 15);
  });

  it("costs little for files that have nothing in common, and for lines that all repeat", () => {
    const [one, other] = ["a();", "b();"].map((line) => new Array<string>(20_000).fill(line));
    assert.ok(mapped(one ?? [], other ?? [], { from: 10, to: 20 }).comparisons < 100_000);
    const alternating = Array.from({ length: 20_000 }, (_, n) => (n % 2 === 0 ? "a();" : "b();"));
    const shifted = ["c();", ...alternating.slice(1)];
    assert.ok(mapped(alternating, shifted, { from: 10, to: 20 }).comparisons < 100_000);
  });
});
