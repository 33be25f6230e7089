// Pairings of a few lines with a stretch of a file.
import assert from "node:assert/strict";
import { align } from "../../../../extension/core/code/alignment.ts";
import { finished } from "../../../../extension/core/code/steps.ts";

function aligned(rows: string, lines: string, shift = 0): number[] {
  const gain = (row: number, line: number): number => (rows[row] === lines[line] ? 1 : 0);
  return [...finished(align(rows.length, lines.length, { shift, slack: 8 }, gain))];
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

  it("is done in steps of a few rows", () => {
    let gains = 0;
    let most = 0;
    const steps = align(100, 1_000, { shift: 400, slack: 8 }, () => (gains += 1));
    for (let before = gains; steps.next().done !== true; before = gains)
      most = Math.max(most, gains - before);
    assert.ok(most > 0 && most <= 8 * 17, String(most));
  });
});
