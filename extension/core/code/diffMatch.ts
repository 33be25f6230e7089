// Finds lines by the difference between the file they come from and the file at hand.
import { LANDMARK, spanOf, type FoundLine, type Span } from "./edges.ts";
import type { LineMap } from "./lineDiff.ts";
import { informationOf } from "./lines.ts";

export type DiffMatch = {
  readonly span: Span | "torn" | "gone";
  /** Every line of the selection is there unchanged, and they still stand in a row. */
  readonly isWhole: boolean;
  /** How much of what the selection says was found, from 0 to 1. */
  readonly share: number;
  /** The lines around it are unchanged, and none was deleted or inserted. */
  readonly isIntact: boolean;
  /** How much the lines around it that still stand beside it say, above and below. */
  readonly above: number;
  readonly below: number;
};

/** Lines around a selection that are looked at: as many as travel with it as hashes. */
const AROUND = 8;

/** So many unchanged lines on each side hold even a bracket in its place. */
const INTACT = 3;

/** So many deleted lines beside a selection are stepped over. After more, what follows says nothing about it. */
const MOST_DELETED = 32;

/** The range that one of the base has become. */
export function diffMatch(
  map: LineMap,
  base: readonly string[],
  targetLength: number,
  { from, to }: Span,
): DiffMatch {
  const found: (FoundLine | null)[] = [];
  for (let i = from; i <= to; i += 1) {
    const at = map.to[i] ?? -1;
    const how = informationOf(base[i] ?? "") < LANDMARK ? "weak" : "exact";
    found.push(at < 0 ? null : { at, how: map.how[i] === "edited" ? "alike" : how });
  }
  const neighbour = (index: number, step: -1 | 1): number | undefined => {
    for (let i = index; Math.abs(i - index) < MOST_DELETED; i += step) {
      if (i < 0) return -1;
      if (i >= base.length) return targetLength;
      const at = map.to[i] ?? -1;
      if (at >= 0) return map.how[i] === "moved" && i !== index ? undefined : at;
    }
    return undefined;
  };
  const places = found.flatMap((line) => (line === null ? [] : [line.at]));
  const isInRow = (places.at(-1) ?? 0) - (places[0] ?? 0) === to - from;
  const isOrdered = places.every((at, i) => i === 0 || at > (places[i - 1] ?? 0));
  const isWhole = isOrdered && isInRow && found.every((line) => line !== null && line.how !== "alike");
  const whole = isWhole ? { from: places[0] ?? 0, to: places.at(-1) ?? 0 } : undefined;
  const span = whole ?? (isOrdered ? spanOf(found, neighbour(from - 1, -1), neighbour(to + 1, 1)) : "torn");
  const beside = (step: -1 | 1): number => {
    if (typeof span === "string") return 0;
    let sum = 0;
    let expected = step < 0 ? span.from - 1 : span.to + 1;
    const start = step < 0 ? from - 1 : to + 1;
    for (let i = start, lines = 0; lines < AROUND && Math.abs(i - start) < MOST_DELETED; i += step) {
      if (i < 0 || i >= base.length) return expected < 0 || expected >= targetLength ? sum + 1 : sum;
      const at = map.to[i] ?? -1;
      if (at < 0) continue;
      if (at !== expected) return sum;
      sum += map.how[i] === "edited" ? 0 : informationOf(base[i] ?? "");
      expected += step;
      lines += 1;
    }
    return sum;
  };
  let [said, kept] = [0, 0];
  for (let i = from; i <= to; i += 1) {
    const information = informationOf(base[i] ?? "");
    said += information;
    if (found[i - from] !== null) kept += information;
  }
  let isIntact = isWhole;
  for (let k = 1; k <= INTACT; k += 1)
    for (const [i, at] of [
      [from - k, (places[0] ?? 0) - k],
      [to + k, (places.at(-1) ?? 0) + k],
    ] as const)
      if (i >= 0 && i < base.length && (map.to[i] !== at || map.how[i] !== "kept")) isIntact = false;
  const share = said === 0 ? 0 : kept / said;
  return { span, isWhole, share, isIntact, above: beside(-1), below: beside(1) };
}

export type Copies = {
  /** How many other places have the same lines in a row: in the base, and now. */
  readonly before: number;
  readonly now: number;
  /** How much of the surroundings the best of them has. */
  readonly around: number;
  /** Each copy of the base is still there, in order, and no other has come. */
  readonly areSteady: boolean;
};

/** The other places that have the same lines as the selection, in the target and in the base. */
export function copiesOf(
  map: LineMap,
  base: readonly string[],
  range: Span,
  target: readonly string[],
  own: Span,
): Copies {
  const run = base.slice(range.from, range.to + 1);
  const [before, now] = [occurrences(base, run), occurrences(target, run)];
  const others = now.filter((at) => at !== own.from);
  const agreement = (at: number): number => {
    const side = (step: -1 | 1, b: number, t: number): number => {
      let sum = 0;
      for (let k = 0; k < AROUND; k += 1) {
        const line = base[b + step * k];
        if (line === undefined || line !== target[t + step * k]) return sum;
        sum += informationOf(line);
      }
      return sum;
    };
    return side(-1, range.from - 1, at - 1) + side(1, range.to + 1, at + run.length);
  };
  return {
    before: before.length - 1,
    now: others.length,
    around: others.slice(0, MOST_COPIES).reduce((most, at) => Math.max(most, agreement(at)), 0),
    areSteady:
      before.length === now.length &&
      before.every((at, i) => map.to[at] === now[i] && map.how[at] === "kept"),
  };
}

/** A run with more copies is not compared further: they cannot be told apart. */
export const MOST_COPIES = 50;

function occurrences(lines: readonly string[], run: readonly string[]): number[] {
  const found: number[] = [];
  for (let i = 0; i + run.length <= lines.length; i += 1)
    if (run.every((line, k) => line === lines[i + k])) found.push(i);
  return found;
}
