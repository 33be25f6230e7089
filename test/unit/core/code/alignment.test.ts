// Pairings of a few lines with a stretch of a file.
import assert from "node:assert/strict";
import { align } from "../../../../extension/core/code/alignment.ts";

function aligned(rows: string, lines: string, shift = 0): number[] {
  const gain = (row: number, line: number): number => (rows[row] === lines[line] ? 1 : 0);
  return [...align(rows.length, lines.length, { shift, slack: 8 }, gain)];
}

describe("an alignment", () => {
  it("keeps the order, and leaves out what is missing", () => {
    assert.deepEqual(aligned("abc", "xaybcz"), [1, 3, 4]);
    assert.deepEqual(aligned("abc", "acb"), [0, -1, 1]);
    assert.deepEqual(aligned("abc", "xyz"), [-1, -1, -1]);
  });

  it("finds nothing outside of its band", () => {
    assert.deepEqual(aligned("a", `${".".repeat(20)}a`), [-1]);
    assert.deepEqual(aligned("a", `${".".repeat(20)}a`, 15), [20]);
  });
});
