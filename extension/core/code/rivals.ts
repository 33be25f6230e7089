// Doubts about a place that a diff has found: lines of the file that could as well be the ones that are asked about.
import type { Span } from "./edges.ts";
import type { LineMap } from "./lineDiff.ts";
import { informationOf, similarity, tokensOf, type Work } from "./lines.ts";

/** Both texts are normalized. `range` is in the base, `span` is where the diff has found it. */
export type Claim = {
  readonly map: LineMap;
  readonly base: readonly string[];
  readonly target: readonly string[];
  readonly range: Span;
  readonly span: Span;
};

/** Lines around a selection that are looked at: as many as travel with it as hashes. */
const AROUND = 8;

/** With so much of what was found, another place is a rival. */
const RIVAL = 0.45;

/** A text that stands more often than this in a selection says nothing about where it begins. */
const MOST_REPEATED = 4;

/** Whether a line of the selection that was not found where it stood is new somewhere: it may have been moved there. */
export function isLostElsewhere({ map, base, target, range }: Claim): boolean {
  const lost = new Set<string>();
  for (let b = range.from; b <= range.to; b += 1)
    if ((map.to[b] ?? -1) < 0 || map.how[b] === "edited") lost.add(base[b] ?? "");
  return lost.size > 0 && target.some((line, t) => !isKept(map, map.from[t] ?? -1) && lost.has(line));
}

/** Whether lines from elsewhere in the base stand among those of the selection. */
export function isMixed({ map, range, span }: Claim): boolean {
  for (let t = span.from; t <= span.to; t += 1) {
    const b = map.from[t] ?? -1;
    if (b >= 0 && (b < range.from || b > range.to)) return true;
  }
  return false;
}

/** Whether the lines that stood above and below the selection now stand side by side. */
export function isCutOut({ map, base, target, range }: Claim): boolean {
  const [above, below] = [range.from === 0 ? -1 : map.to[range.from - 1], map.to[range.to + 1]];
  const next = range.to + 1 === base.length ? target.length : below;
  return above !== undefined && next !== undefined && next === above + 1 && (above >= 0 || range.from === 0);
}

/**
 * By how many lines the surroundings of the place are more like those of the selection than those of any rival: another place that
 * may be the original, or other lines that may have come to this place. Infinity without rivals, and none when there are
 * rivals and the place is not enclosed by lines as they were.
 */
export function leadOf(claim: Claim, work: Work): number {
  const { map, base, target, range, span } = claim;
  const run = base.slice(range.from, range.to + 1);
  const now = target.slice(span.from, span.to + 1);
  const kept = run.reduce(
    (sum, line, i) => sum + (map.to[range.from + i] === -1 ? 0 : informationOf(line)),
    0,
  );
  const least = RIVAL * kept;
  const isFree = (t: number): boolean => !isKept(map, map.from[t] ?? -1);
  const isLeft = (b: number): boolean => !isKept(map, b);
  const whole = (from: number, lines: readonly string[]): Span => ({ from, to: from + lines.length - 1 });
  const own = beside(base, range, target, span);
  const others: { readonly isFree: boolean; readonly lines: Beside }[] = [
    ...placesOf(run, target, span, least, work).map((at) => ({
      isFree: isFree(at),
      lines: beside(base, range, target, whole(at, run)),
    })),
    // Copies of what the lines have become.
    ...placesOf(now, target, span, least, work).map((at) => ({
      isFree: isFree(at),
      lines: beside(base, range, target, whole(at, now)),
    })),
    ...placesOf(run, base, range, least, work).map((at) => ({
      isFree: isLeft(at),
      lines: beside(base, whole(at, run), target, span),
    })),
  ];
  work.comparisons += 2 * AROUND * (others.length + 1);
  const lead = (all: typeof others): number =>
    own.above + own.below - Math.max(-Infinity, ...all.map(({ lines }) => lines.above + lines.below));
  // What the diff has found elsewhere as well is no rival, unless it fits better.
  const free = others.filter((each) => each.isFree);
  if (lead(others) < 0) return 0;
  const isHeld = isEnclosed(own) || (Math.max(own.above, own.below) === AROUND && lead(free) >= CLEAR_LEAD);
  return free.length === 0 || isHeld ? lead(free) : 0;
}

/** Whether lines much like the selection stand where the lines around it point to, and not where it was found. */
export function isLikelierElsewhere({ map, base, target, range, span }: Claim, work: Work): boolean {
  const tried = new Set([span.from]);
  for (let k = 1; k <= AROUND; k += 1)
    for (const b of [range.from - k, range.to + k]) {
      const t = map.to[b] ?? -1;
      const from = t - (b - range.from);
      if (t < 0 || from < 0 || tried.has(from)) continue;
      tried.add(from);
      if (isAlike(from)) return true;
    }
  return false;

  function isAlike(from: number): boolean {
    let [alike, all] = [0, 0];
    for (let i = 0; i <= Math.min(range.to - range.from, MOST_COMPARED); i += 1) {
      const line = base[range.from + i] ?? "";
      const information = informationOf(line);
      const isOwn = from + i >= span.from && from + i <= span.to;
      if (information === 0 || isOwn || isKept(map, map.from[from + i] ?? -1)) continue;
      work.comparisons += 1;
      all += information;
      if (similarity(tokensOf(line), tokensOf(target[from + i] ?? "")) >= ALIKE) alike += information;
    }
    return all >= LEAST_SAID && alike >= all / 2;
  }
}

/** Half of the words of an edited line stay. */
const ALIKE = 0.5;
const MOST_COMPARED = 16;
const LEAST_SAID = 0.2;

export function surroundingsOf({ base, range, target, span }: Claim): Beside {
  return beside(base, range, target, span);
}

/** Lines beside a place that are as they were. */
export type Beside = { readonly above: number; readonly below: number };

/** Whether nearly all of the surroundings stand beside a place as they were. */
export function isEnclosed({ above, below }: Beside): boolean {
  return Math.min(above, below) >= ENCLOSED.least && above + below >= ENCLOSED.both;
}

/** With such a lead over all rivals, one side that is whole is enough. */
const CLEAR_LEAD = 6;

const ENCLOSED = { least: 3, both: 11 };

function isKept(map: LineMap, b: number): boolean {
  return b >= 0 && map.how[b] === "kept";
}

/** Where a run could begin by those of its lines that may be used. */
function placesOf(
  run: readonly string[],
  lines: readonly string[],
  own: Span,
  least: number,
  work: Work,
): number[] {
  const rows = new Map<string, number[]>();
  for (const [row, line] of run.entries())
    rows.set(line, [...(rows.get(line) ?? []).slice(0, MOST_REPEATED), row]);
  const votes = new Map<number, number>();
  for (const [at, line] of lines.entries()) {
    const known = rows.get(line);
    if (known === undefined || known.length > MOST_REPEATED || (at >= own.from && at <= own.to)) continue;
    const information = informationOf(line);
    for (const row of known) votes.set(at - row, (votes.get(at - row) ?? 0) + information);
    work.comparisons += known.length;
  }
  return [...votes].flatMap(([at, sum]) => (sum > 0 && sum >= least ? [at] : [])).slice(0, MOST_RIVALS);
}

/** More are not compared: they cannot be told apart. */
const MOST_RIVALS = 50;

/** How many lines stand, without a gap or a change, above and below both a range of the base and one of the target. */
function beside(base: readonly string[], range: Span, target: readonly string[], span: Span): Beside {
  const side = (step: -1 | 1, b: number, t: number): number => {
    for (let k = 0; k < AROUND; k += 1) {
      const [one, other] = [base[b + step * k], target[t + step * k]];
      if (one === undefined && other === undefined) return AROUND;
      if (one === undefined || one !== other) return k;
    }
    return AROUND;
  };
  return {
    above: side(-1, range.from - 1, span.from - 1),
    below: side(1, range.to + 1, span.to + 1),
  };
}
