// Aligns a few lines in a row with a stretch of a file: the best pairing that keeps their order.
import type { Steps } from "./steps.ts";

/** What one skipped line of the file costs. Just enough to prefer lines that stand together, never enough to outweigh a line found. */
const GAP = 0.004;

/** Rows that are aligned in one step: with lines full of different words, each takes a millisecond. */
const STEP = 8;

export type Band = {
  /** The file's line that row 0 is expected at. */
  readonly shift: number;
  /** How far from its expected line a row may be. Bounds the work: rows × (2 × slack + 1). */
  readonly slack: number;
};

/**
 * @param gain what it is worth to pair a row with a line of the file; 0 when they don't match
 * @returns for each row its line, or -1
 */
export function* align(
  rows: number,
  columns: number,
  { shift, slack }: Band,
  gain: (row: number, line: number) => number,
): Steps<Int32Array> {
  const width = 2 * slack + 1;
  // Cell (row, k) is about the row's line `row + shift - slack + k`, so the row above has the same line one cell further on.
  const scores = new Float64Array((rows + 1) * (width + 1));
  const steps = new Uint8Array((rows + 1) * (width + 1));
  const at = (row: number, k: number): number => row * (width + 1) + k;
  for (let row = 1; row <= rows; row += 1) {
    if (row % STEP === 0) yield;
    for (let k = 0; k < width; k += 1) {
      const line = row - 1 + shift - slack + k;
      const cell = at(row, k);
      const up = scores[at(row - 1, k + 1)] ?? 0;
      const left = k === 0 ? 0 : Math.max(0, (scores[cell - 1] ?? 0) - GAP);
      const worth = line < 0 || line >= columns ? 0 : gain(row - 1, line);
      const paired = worth > 0 ? (scores[at(row - 1, k)] ?? 0) + worth : -1;
      scores[cell] = Math.max(paired, up, left);
      steps[cell] = paired >= up && paired >= left ? PAIRED : up >= left ? ROW_SKIPPED : LINE_SKIPPED;
    }
  }
  return traced(rows, width, shift - slack, scores, steps, at);
}

const PAIRED = 1;
const ROW_SKIPPED = 2;
const LINE_SKIPPED = 3;

/** Walks back from the best end. */
function traced(
  rows: number,
  width: number,
  first: number,
  scores: Float64Array,
  steps: Uint8Array,
  at: (row: number, k: number) => number,
): Int32Array {
  const found = new Int32Array(rows).fill(-1);
  let k = 0;
  for (let other = 1; other < width; other += 1)
    if ((scores[at(rows, other)] ?? 0) > (scores[at(rows, k)] ?? 0)) k = other;
  let row = rows;
  while (row > 0 && k >= 0 && k < width) {
    const step = steps[at(row, k)];
    if (step === PAIRED) {
      found[row - 1] = row - 1 + first + k;
      row -= 1;
    } else if (step === ROW_SKIPPED) {
      row -= 1;
      k += 1;
    } else k -= 1;
  }
  return found;
}
