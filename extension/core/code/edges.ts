// Turns lines that were found one by one into a range. Both ends must be certain; otherwise there is no range.

/** A range of lines, counted from 0, both ends included. */
export type Span = { readonly from: number; readonly to: number };

/** A line that says less, such as a bracket, does not mark an end by itself. */
export const LANDMARK = 0.2;

/** Where a line was found. */
export type FoundLine = {
  readonly at: number;
  /** `exact`: the same text, and it identifies its place; `weak`: the same text, but a common one such as a bracket; `alike`: a similar text. */
  readonly how: "exact" | "weak" | "alike";
};

/**
 * The range that a selection has become.
 * @param found where each line of the selection is now, in increasing order; null where unknown
 * @param before where the line above the selection is now, if known; -1 for the top of the file
 * @param after where the line below the selection is now, if known; the number of lines for the end of the file
 * @returns "torn" when an end is uncertain, "gone" when no line was found
 */
export function spanOf(
  found: readonly (FoundLine | null)[],
  before: number | undefined,
  after: number | undefined,
): Span | "torn" | "gone" {
  const from = endOf(found, before, -1);
  const to = endOf(found.toReversed(), after, 1);
  if (from === null || to === null) return "gone";
  return from === undefined || to === undefined || from > to ? "torn" : { from, to };
}

/** One end of the range: undefined when it is uncertain, null when no line was found. */
function endOf(
  found: readonly (FoundLine | null)[],
  neighbour: number | undefined,
  direction: 1 | -1,
): number | undefined | null {
  const missing = found.findIndex((line) => line !== null);
  const line = found[missing];
  if (line === undefined || line === null) return null;
  const between = neighbour === undefined ? undefined : (neighbour - line.at) * direction - 1;
  if (missing === 0 && (between === 0 || isFirm(found, direction))) return line.at;
  // Nothing stands between, so the missing lines were deleted.
  if (between === 0) return line.at;
  // As many lines as are missing stand between, so they were rewritten in place. Otherwise the end is uncertain.
  return between === missing && neighbour !== undefined ? neighbour - direction : undefined;
}

/** Whether the first line is certain by itself: a telling line, or brackets and blank lines that lead up to one. */
function isFirm(found: readonly (FoundLine | null)[], direction: 1 | -1): boolean {
  for (const [i, line] of found.entries()) {
    const next = found[i + 1];
    if (line?.how === "exact") return true;
    if (line?.how !== "weak" || next?.at !== line.at - direction) return false;
  }
  return false;
}
