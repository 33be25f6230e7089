// Doubts about where a diff has found lines.
import assert from "node:assert/strict";
import type { Span } from "../../../../extension/core/code/edges.ts";
import { lineMap } from "../../../../extension/core/code/lineDiff.ts";
import { newWork } from "../../../../extension/core/code/lines.ts";
import {
  isCutOut,
  isLikelierElsewhere,
  isLostElsewhere,
  isMixed,
  leadOf,
  type Claim,
} from "../../../../extension/core/code/rivals.ts";
import { finished } from "../../../../extension/core/code/steps.ts";

const file = Array.from({ length: 40 }, (_, n) => `const value${n} = read(file${n});`);

function claim(target: readonly string[], range: Span, span: Span): Claim {
  return { map: finished(lineMap(file, target, range, newWork())), base: file, target, range, span };
}

const range = { from: 20, to: 21 };
const lines = file.slice(20, 22);

describe("a place that a diff has found", () => {
  it("has no rival without a copy", () => {
    assert.equal(leadOf(claim(file, range, range), newWork()), Infinity);
  });

  it("leads by the lines around it over a copy elsewhere, and by none over its twin", () => {
    const pasted = [...file.slice(0, 5), ...lines, ...file.slice(5)];
    assert.equal(leadOf(claim(pasted, range, { from: 22, to: 23 }), newWork()), 16);
    const doubled = [...file.slice(0, 22), ...file.slice(10)];
    assert.ok(leadOf(claim(doubled, range, range), newWork()) < 4);
  });

  it("is in doubt where a missing line is new somewhere else", () => {
    const moved = [...file.slice(0, 3), file[21] ?? "", ...file.slice(3, 21), ...file.slice(22)];
    const torn = claim(moved, range, { from: 21, to: 21 });
    assert.equal(isLostElsewhere({ ...torn, map: { ...torn.map, to: torn.map.to.with(21, -1) } }), true);
    assert.equal(isLostElsewhere(claim(file.toSpliced(21, 1), range, { from: 20, to: 20 })), false);
  });

  it("is in doubt where lines of the surroundings stand in it", () => {
    const mixed = [...file.slice(0, 21), file[30] ?? "", ...file.slice(21, 30), ...file.slice(31)];
    assert.equal(isMixed(claim(mixed, range, { from: 20, to: 22 })), true);
    assert.equal(isMixed(claim(file.toSpliced(21, 0, "// new"), range, { from: 20, to: 22 })), false);
  });

  it("was cut out where the lines around it have closed up", () => {
    const cut = [...lines, ...file.slice(0, 20), ...file.slice(22)];
    assert.equal(isCutOut(claim(cut, range, { from: 0, to: 1 })), true);
    assert.equal(isCutOut(claim([...lines, ...file], range, { from: 0, to: 1 })), false);
  });

  it("is less likely than lines much like it where the surroundings point to", () => {
    const edited = [
      ...lines,
      ...file.slice(0, 20),
      ...lines.map((line) => line.replace("read", "write")),
      ...file.slice(22),
    ];
    assert.equal(isLikelierElsewhere(claim(edited, range, { from: 0, to: 1 }), newWork()), true);
    assert.equal(isLikelierElsewhere(claim(file, range, range), newWork()), false);
  });
});
