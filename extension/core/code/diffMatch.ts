// Finds lines by the difference between the file they come from and the file at hand.
import { WORDS, spanOf, type FoundLine, type Neighbour, type Span } from "./edges.ts";
import type { LineMap } from "./lineDiff.ts";
import { informationOf } from "./lines.ts";

export type DiffMatch = {
  readonly span: Span | "torn" | "gone";
  /** Every line of the selection is there unchanged, and they still stand in a row. */
  readonly isWhole: boolean;
  /** How much of what the selection says was found, from 0 to 1. */
  readonly share: number;
  /** The lines directly around it are unchanged, and none was deleted or inserted there. */
  readonly isIntact: boolean;
  /** How much the lines around it that still stand beside it say, above and below. */
  readonly above: number;
  readonly below: number;
};

/** Lines around a selection that are looked at: as many as travel with it as hashes. */
const AROUND = 8;

/** With this many unchanged lines on each side, even a bracket is certain to be in its place. */
const INTACT = 2;

/** So many deleted lines beside a selection are stepped over. After more, what follows says nothing about it. */
const MOST_DELETED = 32;

/** The range that one of the base has become. */
export function diffMatch(
  map: LineMap,
  base: readonly string[],
  target: readonly string[],
  { from, to }: Span,
): DiffMatch {
  const repeated = repeatedOf(base.slice(from, to + 1), [base, target]);
  const isMark = (line: string): boolean => informationOf(line) >= WORDS && !repeated.has(line);
  const found: (FoundLine | null)[] = [];
  for (let i = from; i <= to; i += 1) {
    const at = map.to[i] ?? -1;
    const how = isMark(base[i] ?? "") ? "exact" : "weak";
    found.push(at < 0 ? null : { at, how: map.how[i] === "edited" ? "alike" : how });
  }
  const neighbour = (index: number, step: -1 | 1): Neighbour | undefined => {
    for (let i = index; Math.abs(i - index) < MOST_DELETED; i += step) {
      const isNext = i === index;
      if (i < 0) return { at: -1, isNext };
      if (i >= base.length) return { at: target.length, isNext };
      const at = map.to[i] ?? -1;
      if (at >= 0) return map.how[i] === "moved" && !isNext ? undefined : { at, isNext };
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
      if (i < 0 || i >= base.length) return expected < 0 || expected >= target.length ? sum + 1 : sum;
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
  for (let k = 1; typeof span === "object" && k <= INTACT; k += 1)
    for (const [i, at] of [
      [from - k, span.from - k],
      [to + k, span.to + k],
    ] as const)
      if (i >= 0 && i < base.length && (map.to[i] !== at || map.how[i] !== "kept")) isIntact = false;
  const share = said === 0 ? 0 : kept / said;
  return { span, isWhole, share, isIntact, above: beside(-1), below: beside(1) };
}

/** The lines that stand more than once in one of the texts. */
function repeatedOf(lines: readonly string[], texts: readonly (readonly string[])[]): Set<string> {
  const repeated = new Set<string>();
  const wanted = new Set(lines);
  for (const text of texts) {
    const seen = new Set<string>();
    for (const line of text)
      if (!wanted.has(line)) continue;
      else if (seen.has(line)) repeated.add(line);
      else seen.add(line);
  }
  return repeated;
}
