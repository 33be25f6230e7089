// What an alignment says about a place: the range, and how much of the selection and its surroundings is there.
import { LANDMARK, spanOf, type FoundLine, type Span } from "./edges.ts";
import type { Row, Wanted } from "./contentMatch.ts";
import type { LineIndex } from "./lineIndex.ts";

/** A place that may be the right one. */
export type Place = {
  readonly span: Span | "torn" | "gone";
  /** How much of the selection was found here, and how much of its surroundings, from 0 to 1. Rare lines count more. */
  readonly inside: number;
  readonly around: number;
  /** The file's lines that were paired with the selection, and with its surroundings. */
  readonly taken: readonly number[];
  readonly beside: readonly number[];
  /** The lines above and below the selection stand side by side. */
  readonly closed: boolean;
};

export function placeOf(
  rows: readonly Row[],
  { before, lines, after }: Wanted,
  target: LineIndex,
  found: Int32Array,
  gain: (row: number, line: number) => number,
): Place {
  const [first, end] = [before.length, before.length + lines.length];
  const sums = (from: number, to: number): { got: number; all: number } => {
    let got = 0;
    let all = 0;
    for (let row = from; row < to; row += 1) {
      const line = found[row] ?? -1;
      got += line < 0 ? 0 : gain(row, line);
      all += rows[row]?.weight ?? 0;
    }
    return { got, all };
  };
  const [above, inside, below] = [sums(0, first), sums(first, end), sums(end, rows.length)];
  const landmark = (row: number): number | undefined => {
    const line = found[row] ?? -1;
    return line < 0 || (target.information[target.ids[line] ?? 0] ?? 0) < LANDMARK ? undefined : line;
  };
  const [lineAbove, lineBelow] = [landmark(first - 1), landmark(end)];
  const selected = found.slice(first, end);
  const taken = [...selected].filter((line) => line >= 0);
  extend(selected, rows.slice(first, end), target);
  return {
    span: spanOf(
      [...selected].map((line, i) => foundLine(target, line, rows[first + i]?.id ?? -1)),
      before.length === 0 ? -1 : lineAbove,
      after.length === 0 ? target.lines.length : lineBelow,
    ),
    closed: lineAbove !== undefined && lineBelow === lineAbove + 1,
    inside: inside.all === 0 ? 0 : inside.got / inside.all,
    around: above.all + below.all === 0 ? 0 : (above.got + below.got) / (above.all + below.all),
    taken,
    beside: [...found.subarray(0, first), ...found.subarray(end)].filter((line) => line >= 0),
  };
}

/** Blank lines take no part in an alignment. Those at the ends of a selection are found by their neighbours. */
function extend(selected: Int32Array, rows: readonly Row[], target: LineIndex): void {
  const follow = (row: number, direction: 1 | -1): void => {
    const neighbour = selected[row + direction] ?? -1;
    const line = neighbour - direction;
    if ((selected[row] ?? -1) >= 0 || neighbour < 0 || line < 0 || line >= target.lines.length) return;
    if (rows[row]?.text === "" && target.ids[line] === rows[row].id) selected[row] = line;
  };
  for (let row = selected.length - 2; row >= 0; row -= 1) follow(row, 1);
  for (let row = 1; row < selected.length; row += 1) follow(row, -1);
}

function foundLine(target: LineIndex, at: number, wantedId: number): FoundLine | null {
  if (at < 0) return null;
  const id = target.ids[at] ?? 0;
  if (id !== wantedId) return { at, how: "alike" };
  return { at, how: (target.information[id] ?? 0) >= LANDMARK ? "exact" : "weak" };
}
