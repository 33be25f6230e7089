// Turns lines that were found one by one into a range. Both ends must be certain; otherwise there is no range.

/** A range of lines, counted from 0, both ends included. */
export type Span = { readonly from: number; readonly to: number };

/** A line that says less, such as a bracket, does not mark an end by itself. */
export const LANDMARK = 0.2;

/** A line with two words. If such a line occurs once, it marks its place by itself. */
export const WORDS = 0.6;

/** Where a line was found. */
export type FoundLine = {
  readonly at: number;
  /** `exact`: the same text, which says something and stands nowhere else; `weak`: the same text; `alike`: a similar one. */
  readonly how: "exact" | "weak" | "alike";
};

/** The line beside the selection. */
export type Neighbour = {
  /** Where it is now; -1 for the top of the file, the number of lines for its end. */
  readonly at: number;
  /** Nothing was deleted between it and the selection. */
  readonly isNext: boolean;
};

/**
 * The range that a selection has become.
 * @param found where each line of the selection is now, in increasing order; null where unknown
 * @param before the line above the selection, if it was found
 * @param after the line below the selection, if it was found
 * @returns "torn" when an end is uncertain, "gone" when no line was found
 */
export function spanOf(
  found: readonly (FoundLine | null)[],
  before: Neighbour | undefined,
  after: Neighbour | undefined,
): Span | "torn" | "gone" {
  const from = endOf(found, before, -1);
  const to = endOf(found.toReversed(), after, 1);
  if (from === null || to === null) return "gone";
  return from === undefined || to === undefined || from > to ? "torn" : { from, to };
}

/** One end of the range: undefined when it is uncertain, null when no line was found. */
function endOf(
  found: readonly (FoundLine | null)[],
  neighbour: Neighbour | undefined,
  direction: 1 | -1,
): number | undefined | null {
  const missing = found.findIndex((line) => line !== null);
  const line = found[missing];
  if (line === undefined || line === null) return null;
  const between = neighbour === undefined ? undefined : (neighbour.at - line.at) * direction - 1;
  if (missing === 0 && line.how === "exact") return line.at;
  // Nothing stands between, so it is the end, and missing lines were deleted. A bracket may be another one.
  if (between === 0 && (line.how !== "weak" || neighbour?.isNext === true)) return line.at;
  if (missing === 0) return undefined;
  // One line for one line, between two that still stand there, was rewritten. For more, the end is uncertain.
  const isRewritten = missing === 1 && between === 1 && neighbour?.isNext === true && line.how === "exact";
  return isRewritten ? neighbour.at - direction : undefined;
}
