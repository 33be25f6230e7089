// A line diff that costs little for any two files, and that knows moved blocks from deleted and inserted ones.
import { diffArrays } from "diff";
import { informationOf, isSpent, similarity, tokensOf, type Work } from "./lines.ts";
import type { Steps } from "./steps.ts";

export type LineMap = {
  /** For each line of the base, its line in the target, or -1. */
  readonly to: Int32Array;
  /** For each line of the target, its line in the base, or -1. */
  readonly from: Int32Array;
  /** For each line of the base: how it was found. */
  readonly how: readonly (How | undefined)[];
};

/** `kept`: in order, unchanged; `edited`: rewritten where it stood; `moved`: unchanged, at another place. */
type How = "kept" | "edited" | "moved";

/** Stretches up to this size are compared line by line. Larger ones are split at lines that occur once. */
const SMALL = 100;

/** A file whose parts still have to be split after so many rounds is taken as rewritten there. */
const MOST_ROUNDS = 12;

/** Half of the words of an edited line stay. With fewer, another line was put in its place. */
const EDITED = 0.5;

/** A block is known as moved by a line that says at least this much and occurs once. Brackets and `return;` do not. */
const MARK = 0.6;

type Stretch = { readonly b0: number; readonly b1: number; readonly t0: number; readonly t1: number };

/**
 * Both texts are normalized.
 * @param range the lines of the base to find: edited lines are detected only here and close by
 */
export function* lineMap(
  base: readonly string[],
  target: readonly string[],
  range: { readonly from: number; readonly to: number },
  work: Work,
): Steps<LineMap> {
  const to = new Int32Array(base.length).fill(-1);
  const from = new Int32Array(target.length).fill(-1);
  const how: (How | undefined)[] = new Array<How | undefined>(base.length).fill(undefined);
  const pair = (b: number, t: number, as: How): void => {
    to[b] = t;
    from[t] = b;
    how[b] = as;
  };
  const map = { to, from, how };
  const stretches = [{ b0: 0, b1: base.length, t0: 0, t1: target.length }];
  const left: Stretch[] = [];
  for (let round = 0; round < MOST_ROUNDS && stretches.length > 0; round += 1) {
    yield;
    for (const stretch of stretches.splice(0)) {
      const rest = withoutStart(base, target, stretch, (b, t) => pair(b, t, "kept"));
      work.comparisons += rest.b1 - rest.b0 + rest.t1 - rest.t0;
      if (rest.b0 === rest.b1 || rest.t0 === rest.t1) continue;
      const marks = inOrder(commonOnce(base, target, rest));
      if (marks.length > 0) stretches.push(...between(rest, marks));
      else left.push(withoutEnd(base, target, rest, (b, t) => pair(b, t, "kept")));
    }
  }
  yield;
  for (const stretch of left)
    if (!isSpent(work) && stretch.b1 - stretch.b0 + stretch.t1 - stretch.t0 <= SMALL)
      compare(base, target, stretch, (b, t) => pair(b, t, "kept"), work);
  yield;
  pairEdited(base, target, map, range, pair, work);
  pairMoved(base, target, map, pair);
  return map;
}

type Pair = (b: number, t: number) => void;

/** What remains of a stretch without the equal lines at its start, which are paired. */
function withoutStart(
  base: readonly string[],
  target: readonly string[],
  { b0, b1, t0, t1 }: Stretch,
  pair: Pair,
): Stretch {
  while (b0 < b1 && t0 < t1 && base[b0] === target[t0]) pair(b0++, t0++);
  return { b0, b1, t0, t1 };
}

/** The same at its end. */
function withoutEnd(
  base: readonly string[],
  target: readonly string[],
  { b0, b1, t0, t1 }: Stretch,
  pair: Pair,
): Stretch {
  while (b0 < b1 && t0 < t1 && base[b1 - 1] === target[t1 - 1]) pair(--b1, --t1);
  return { b0, b1, t0, t1 };
}

/** Lines that occur once in both, in the base's order. */
function commonOnce(
  base: readonly string[],
  target: readonly string[],
  { b0, b1, t0, t1 }: Stretch,
): [number, number][] {
  const once = (lines: readonly string[], from: number, to: number): Map<string, number> => {
    const places = new Map<string, number>();
    for (let i = from; i < to; i += 1) places.set(lines[i] ?? "", places.has(lines[i] ?? "") ? -1 : i);
    return places;
  };
  const there = once(target, t0, t1);
  return [...once(base, b0, b1)].flatMap(([line, b]): [number, number][] => {
    const t = there.get(line) ?? -1;
    return b < 0 || t < 0 || line === "" ? [] : [[b, t]];
  });
}

/** The longest series of pairs that rises on both sides. */
function inOrder(pairs: readonly [number, number][]): [number, number][] {
  const ends: number[] = [];
  const previous: number[] = [];
  for (const [i, [, t]] of pairs.entries()) {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pairs[ends[middle] ?? 0]?.[1] ?? 0) < t) low = middle + 1;
      else high = middle;
    }
    previous[i] = low === 0 ? -1 : (ends[low - 1] ?? -1);
    ends[low] = i;
  }
  const series: [number, number][] = [];
  for (let i = ends.at(-1) ?? -1; i >= 0; i = previous[i] ?? -1) series.push(pairs[i] ?? [0, 0]);
  return series.reverse();
}

/** The stretches that begin at each mark, and the one before the first. */
function between({ b0, b1, t0, t1 }: Stretch, marks: readonly [number, number][]): Stretch[] {
  const starts = [[b0, t0] as const, ...marks];
  return starts.map(([b, t], i) => {
    const [nextB, nextT] = starts[i + 1] ?? [b1, t1];
    return { b0: b, b1: nextB, t0: t, t1: nextT };
  });
}

function compare(
  base: readonly string[],
  target: readonly string[],
  { b0, b1, t0, t1 }: Stretch,
  pair: Pair,
  work: Work,
): void {
  work.comparisons += (b1 - b0) * (t1 - t0);
  let [b, t] = [b0, t0];
  for (const { count, added, removed } of diffArrays(base.slice(b0, b1), target.slice(t0, t1))) {
    if (added) t += count;
    else if (removed) b += count;
    else for (let k = 0; k < count; k += 1) pair(b++, t++);
  }
}

/** Where as many lines were inserted as deleted, line for line: those that are most alike to the one in their place were edited. */
function pairEdited(
  base: readonly string[],
  target: readonly string[],
  { to }: LineMap,
  range: { readonly from: number; readonly to: number },
  pair: (b: number, t: number, as: How) => void,
  work: Work,
): void {
  const tokens = (line: string | undefined): readonly string[] => tokensOf(line ?? "");
  for (let b = Math.max(0, range.from - NEAR); b <= Math.min(base.length - 1, range.to + NEAR); b += 1) {
    if ((to[b] ?? -1) >= 0) continue;
    let [start, end] = [b, b];
    while (start > 0 && (to[start - 1] ?? -1) < 0) start -= 1;
    while (end < base.length && (to[end] ?? -1) < 0) end += 1;
    const above = start === 0 ? -1 : (to[start - 1] ?? -1);
    const below = end === base.length ? target.length : (to[end] ?? -1);
    const pairs: number[] = [];
    for (
      let i = b;
      i < end && below - above === end - start + 1 && i <= range.to + NEAR && !isSpent(work);
      i += 1
    ) {
      const [at, line] = [above + 1 + i - start, tokens(base[i])];
      const alike = similarity(line, tokens(target[at]));
      work.comparisons += 2 * OTHERS + 1;
      let isBest = alike >= EDITED;
      for (let t = Math.max(above + 1, at - OTHERS); isBest && t < Math.min(below, at + OTHERS + 1); t += 1)
        if (t !== at && similarity(line, tokens(target[t])) > alike) isBest = false;
      if (isBest) pairs.push(i);
    }
    for (const i of pairs) pair(i, above + 1 + i - start, "edited");
    b = end;
  }
}

/** Lines of the surroundings that matter for a selection. */
const NEAR = 16;

/** Lines on each side that an edited line might rather be. */
const OTHERS = 4;

/** A line that is left once on each side was moved, and so were its neighbours that are the same on both sides. */
function pairMoved(
  base: readonly string[],
  target: readonly string[],
  { to, from }: LineMap,
  pair: (b: number, t: number, as: How) => void,
): void {
  const count = (lines: readonly string[], map: Int32Array): Map<string, number[]> => {
    const places = new Map<string, number[]>();
    for (const [i, line] of lines.entries())
      if (map[i] === -1) places.set(line, [...(places.get(line) ?? []).slice(0, 1), i]);
    return places;
  };
  const there = count(target, from);
  for (const [line, [b, another]] of count(base, to)) {
    const [t, second] = there.get(line) ?? [];
    if (b === undefined || t === undefined || another !== undefined || second !== undefined) continue;
    if (informationOf(line) < MARK) continue;
    for (const step of [-1, 1]) {
      let [i, j] = [step === 1 ? b : b - 1, step === 1 ? t : t - 1];
      while (to[i] === -1 && from[j] === -1 && base[i] === target[j]) {
        pair(i, j, "moved");
        i += step;
        j += step;
      }
    }
  }
}
