// What an alignment says about a place: the range, and how much of the selection and its surroundings is there.
import { LANDMARK, WORDS, spanOf, type FoundLine, type Neighbour, type Span } from "./edges.ts";
import type { LineIndex } from "./lineIndex.ts";

/** What is looked for. */
export type Wanted = {
  readonly lines: readonly string[];
  /** Hashes of the lines above, from top to bottom, and of those below. */
  readonly before: readonly number[];
  readonly after: readonly number[];
};

/** A line of the selection, or the hash of a line around it. */
export type Row = {
  readonly text: string | null;
  readonly hash: number;
  /** Its number in the file, if its text is there. */
  readonly id: number;
  readonly weight: number;
};

/** A place that may be the right one. */
export type Place = {
  readonly span: Span | "torn" | "gone";
  /** How much of the selection was found here, and how much of its surroundings, from 0 to 1. Rare lines count more. */
  readonly inside: number;
  readonly around: number;
  /** The file's lines that were paired with the selection, and with its surroundings. */
  readonly taken: readonly number[];
  readonly beside: readonly number[];
  /** How many of the lines above and below stand directly beside the range, without a gap or a change. */
  readonly above: number;
  readonly below: number;
  /** A line of the selection that is not in the range stands elsewhere: it may have been moved there. */
  readonly isScattered: boolean;
  /** Lines of a changed selection also stand elsewhere. */
  readonly isRepeated: boolean;
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
  /** The line beside the selection: one that tells its place, or that leads up to such a one without a change. */
  const neighbour = (step: -1 | 1, at: number | undefined): Neighbour | undefined => {
    const known = step < 0 ? before.length === 0 : after.length === 0;
    if (known) return { at: step < 0 ? -1 : target.lines.length, isNext: true };
    if (at !== undefined) return { at, isNext: true };
    const line = (step < 0 ? selected : selected.toReversed()).find((each) => each >= 0) ?? -1;
    const around = step < 0 ? before.toReversed() : after;
    let information = 0;
    for (const [k, key] of around.entries()) {
      const id = target.ids[line + step * (k + 1)];
      if (id === undefined || target.hashes[id] !== key) return undefined;
      information += target.information[id] ?? 0;
      if (information >= LANDMARK) return { at: line + step, isNext: true };
    }
    return undefined;
  };
  const selected = found.slice(first, end);
  const taken = [...selected].filter((line) => line >= 0);
  extend(selected, rows.slice(first, end), target);
  const at = selected[0] ?? -1;
  const isWhole = selected.every((line, i) => line === at + i && target.ids[line] === rows[first + i]?.id);
  const span = isWhole
    ? { from: at, to: at + lines.length - 1 }
    : spanOf(
        [...selected].map((line, i) => foundLine(target, line, rows[first + i]?.id ?? -1)),
        neighbour(-1, lineAbove),
        neighbour(1, lineBelow),
      );
  return {
    span,
    isScattered:
      isScattered(selected, rows.slice(first, end), target) ||
      (typeof span === "object" && isMixed(selected, span, [...before, ...after], target)),
    isRepeated: !isWhole && isRepeated(selected, target),
    ...(typeof span === "string" ? { above: 0, below: 0 } : linesBeside({ before, after }, target, span)),
    closed: lineAbove !== undefined && lineBelow === lineAbove + 1,
    inside: inside.all === 0 ? 0 : inside.got / inside.all,
    around: above.all + below.all === 0 ? 0 : (above.got + below.got) / (above.all + below.all),
    taken,
    beside: [...found.subarray(0, first), ...found.subarray(end)].filter((line) => line >= 0),
  };
}

/** How many of the lines around stand directly above and below a range, without a gap or a change. */
export function linesBeside(
  { before, after }: Pick<Wanted, "before" | "after">,
  target: LineIndex,
  { from, to }: Span,
): { above: number; below: number } {
  const side = (around: readonly number[], line: (k: number) => number): number => {
    const changed = around.findIndex((key, k) => target.hashes[target.ids[line(k)] ?? -1] !== key);
    if (changed >= 0) return changed;
    const isEdge = around.length < AROUND && target.ids[line(around.length)] === undefined;
    return isEdge ? AROUND : around.length;
  };
  return { above: side(before.toReversed(), (k) => from - 1 - k), below: side(after, (k) => to + 1 + k) };
}

/** Lines that travel with a selection as hashes, on each side. */
const AROUND = 8;

/** Whether the text of a line that is missing from the range, or was changed there, stands somewhere else. */
function isScattered(selected: Int32Array, rows: readonly Row[], target: LineIndex): boolean {
  const taken = new Set(selected);
  const missing = new Set<number>();
  for (const [row, { id }] of rows.entries()) if (target.ids[selected[row] ?? -1] !== id) missing.add(id);
  return [...missing].some((id) => (target.places[id] ?? []).some((at) => !taken.has(at)));
}

/** Whether more than one telling line stands somewhere else too, other than in the selection. */
function isRepeated(selected: Int32Array, target: LineIndex): boolean {
  const taken = new Set(selected);
  const ids = new Set<number>();
  for (const line of taken) if (line >= 0) ids.add(target.ids[line] ?? 0);
  let repeated = 0;
  for (const id of ids)
    if ((target.information[id] ?? 0) >= WORDS && (target.places[id] ?? []).some((at) => !taken.has(at)))
      repeated += 1;
  return repeated > 1;
}

/** Whether lines of the surroundings stand among those of the selection. */
function isMixed(
  selected: Int32Array,
  { from, to }: Span,
  around: readonly number[],
  target: LineIndex,
): boolean {
  if (to - from < selected.length) return false;
  const taken = new Set(selected);
  for (let at = from; at <= to; at += 1) {
    const id = target.ids[at] ?? 0;
    if (taken.has(at) || (target.information[id] ?? 0) < LANDMARK) continue;
    if (around.includes(target.hashes[id] ?? -1)) return true;
  }
  return false;
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
  const isOnly = target.places[id]?.length === 1;
  return { at, how: isOnly && (target.information[id] ?? 0) >= WORDS ? "exact" : "weak" };
}
