// Finds the sender's lines in the receiver's file. Two independent methods have to agree; otherwise the answer is "unsure",
// because a wrong line that looks right is worse than no line.
import { contentPlaces, type Places, type Wanted } from "./contentMatch.ts";
import type { Place } from "./contentPlace.ts";
import { diffMatch, copiesOf, MOST_COPIES, type DiffMatch } from "./diffMatch.ts";
import { LANDMARK, type Span } from "./edges.ts";
import { lineMap, type LineMap } from "./lineDiff.ts";
import { indexLines, type LineHash, type LineIndex } from "./lineIndex.ts";
import { informationOf, normalized, type Work } from "./lines.ts";

/** The file the lines come from, if the receiver has it, and their range in it. */
export type Base = { readonly lines: readonly string[]; readonly range: Span };

export type Location =
  /** `same`: the same text at the same lines; `moved`: at other lines; `changed`: another text. */
  | { readonly state: "same" | "moved" | "changed"; readonly span: Span }
  /** Perhaps at one of these, the likeliest first. */
  | { readonly state: "unsure"; readonly spans: readonly Span[] }
  | { readonly state: "gone" };

/** Candidates shown to the user: more than a few are no help. */
const CANDIDATES = 4;

/** What a selection has to say to be recognized: about two lines of code with little around them; four with nothing. */
const TELLING = 1.5;
const SPEAKING = 3;

/** A line with two words. Where such a line occurs once in both files, it is the same line. */
const WORDS = 0.6;

/** The diff alone has to find half of what a changed selection says. */
const LEAST_SHARE = 0.5;

/** With less of the selection anywhere, it is gone, unless one of its lines with words is still there. */
const LEAST_TRACE = 0.3;

/** If the whole selection stands at two places, nearly all of its surroundings must stand at one of them. */
const TWIN_AROUND = 0.75;

/** With this much of the selection, another place is a rival. Then the best place's surroundings must be better by the margin. */
const RIVAL = 0.45;
const MARGIN = 0.35;

/** What makes a place the right one without the base: half of the selection, a third of its surroundings, and two thirds of one of them. */
const LEAST_INSIDE = 0.55;
const LEAST_AROUND = 0.35;
const LEAST_IN_ALL = 1.1;

/**
 * @param at the lines' place in the sender's file, counted from 0
 * @param work counts the comparisons made
 */
export function locate(
  wanted: Wanted,
  at: Span,
  target: readonly string[],
  base: Base | null,
  hash: LineHash,
  work: Work = { comparisons: 0 },
): Location {
  const index = indexLines(target, hash);
  const places = contentPlaces(wanted, index, hash, CANDIDATES, work);
  const content = byContent(wanted, index, places);
  const found = base === null ? content : byBoth(wanted, index, content, places, base, work);
  if (found === "gone") return { state: "gone" };
  if (found === "unsure" || hasDoubtfulEnd(wanted, index, found, hash))
    return {
      state: "unsure",
      spans: places.found.flatMap(({ span }) => (typeof span === "string" ? [] : [span])),
    };
  return { state: stateOf(wanted, at, target, found), span: found };
}

/** Whether lines came or went, and an end of the range has an equal line close by that may be the real end. */
function hasDoubtfulEnd(wanted: Wanted, index: LineIndex, span: Span, hash: LineHash): boolean {
  if (lengthOf(span) === wanted.lines.length) return false;
  const idAt = (at: number): number => index.ids[at] ?? -1;
  return [span.from, span.to].some((end) => {
    const id = idAt(end);
    const text = index.texts[id] ?? "";
    if (text === "") return false;
    if (idAt(end - 1) === id || idAt(end + 1) === id) return true;
    const key = hash(text);
    const sent =
      wanted.lines.filter((line) => normalized(line) === text).length +
      [...wanted.before, ...wanted.after].filter((other) => other === key).length;
    const near = (index.places[id] ?? []).filter((at) => at >= span.from - NEAR && at <= span.to + NEAR);
    return near.length > sent;
  });
}

/** As many lines as travel with a selection as hashes, on each side. */
const NEAR = 8;

type Answer = Span | "unsure" | "gone";

function stateOf(
  wanted: Wanted,
  at: Span,
  target: readonly string[],
  span: Span,
): "same" | "moved" | "changed" {
  const isLong = lengthOf(span) === wanted.lines.length;
  if (!isLong || wanted.lines.some((line, i) => line !== target[span.from + i])) return "changed";
  return span.from === at.from && span.to === at.to ? "same" : "moved";
}

function byContent(wanted: Wanted, index: LineIndex, { found, deserted, closed }: Places): Answer {
  const [best, ...others] = found;
  if (best === undefined || best.inside < LEAST_TRACE)
    return deserted > 0.5 || isAnywhere(wanted, index) ? "unsure" : "gone";
  const { span } = best;
  if (typeof span === "string" || best.inside < LEAST_INSIDE) return "unsure";
  if (lengthOf(span) > wanted.lines.length + Math.max(2, wanted.lines.length / 3)) return "unsure";
  if (isScattered(wanted, index, span)) return "unsure";
  const isRival = (other: Place): boolean =>
    other.inside >= RIVAL && (best.around - other.around < MARGIN || total(best) - total(other) < MARGIN);
  if (others.some(isRival)) return "unsure";
  const isTwin = (other: Place): boolean => other.inside >= 0.9 * best.inside;
  const isPlain = best.around >= TWIN_AROUND && deserted < LEAST_TRACE;
  if (others.some(isTwin) && !isPlain) return "unsure";
  const informative = informationIn(wanted);
  if (best.around >= LEAST_AROUND) {
    if (informative < TELLING && best.around < 0.7) return "unsure";
    const margin = informative < TELLING ? 0.5 : MARGIN;
    return total(best) >= LEAST_IN_ALL && best.around - deserted >= margin ? span : "unsure";
  }
  // Its surroundings are elsewhere or gone: it must be whole, the only one, and cut out or deserted where it was.
  const isAlone = others.every((other) => other.inside < RIVAL);
  const isWhole = best.inside > 0.95 && informative >= SPEAKING;
  return isAlone && isWhole && (closed || deserted < 0.2) ? span : "unsure";
}

/** Whether a telling line of the selection stands elsewhere, and only there. */
function isScattered(wanted: Wanted, index: LineIndex, { from, to }: Span): boolean {
  return wanted.lines.some((line) => {
    const id = index.idOf(line);
    if (id === undefined || (index.information[id] ?? 0) < 0.5) return false;
    const [place, another] = index.places[id] ?? [];
    return place !== undefined && another === undefined && (place < from || place > to);
  });
}

/** Whether the file has any line of the selection with a word in it. */
function isAnywhere(wanted: Wanted, index: LineIndex): boolean {
  return wanted.lines.some((line) => (index.information[index.idOf(line) ?? -1] ?? 0) >= 0.4);
}

function byBoth(
  wanted: Wanted,
  index: LineIndex,
  content: Answer,
  places: Places,
  base: Base,
  work: Work,
): Answer {
  const [before, now] = [base.lines.map(normalized), index.lines.map(normalized)];
  const map = lineMap(before, now, base.range, work);
  const diff = diffMatch(map, before, now.length, base.range);
  const { span } = diff;
  if (span === "gone") return content === "gone" ? "gone" : "unsure";
  if (span === "torn" || lengthOf(span) > 2 * wanted.lines.length) return "unsure";
  if (typeof content === "object") return isEqual(span, content) ? span : "unsure";
  if (!isCertain(diff, span, map, before, now, base.range)) return "unsure";
  const likeliest = places.found[0]?.span;
  if (!diff.isWhole && typeof likeliest === "object" && !isEqual(likeliest, span)) return "unsure";
  // Moved alone, away from everything: another place that has most of the lines may be the original, edited.
  const hasRival = places.found.some(
    ({ inside, taken }) => inside >= RIVAL && taken.every((line) => line < span.from || line > span.to),
  );
  return hasRival && diff.above + diff.below < TELLING ? "unsure" : span;
}

/** Whether the diff alone is enough: no copy of the lines is in doubt, and the lines or their surroundings say enough. */
function isCertain(
  diff: DiffMatch,
  span: Span,
  map: LineMap,
  base: readonly string[],
  target: readonly string[],
  range: Span,
): boolean {
  const around = diff.above + diff.below;
  const isEnclosed = Math.min(diff.above, diff.below) >= LANDMARK;
  if (!diff.isWhole) {
    if (diff.share < LEAST_SHARE || !isEnclosed || around < TELLING) return false;
    return !hasNewCopy(map, base, target, range, span);
  }
  const copies = copiesOf(map, base, range, target, span);
  const informative = base
    .slice(range.from, range.to + 1)
    .reduce((sum, line) => sum + informationOf(line), 0);
  if (informative < WORDS) return diff.isIntact && isEnclosed && copies.now <= copies.before;
  if ((copies.now === 0 && copies.before === 0) || copies.areSteady) return true;
  if (copies.now < copies.before) return Math.min(diff.above, diff.below) >= 1;
  if (copies.now > MOST_COPIES) return false;
  return around - copies.around >= (copies.now > copies.before ? TELLING : 1);
}

/** Whether a line of the selection also stands, as it was, where the base has nothing. */
function hasNewCopy(
  map: LineMap,
  base: readonly string[],
  target: readonly string[],
  range: Span,
  span: Span,
): boolean {
  const lines = new Set(base.slice(range.from, range.to + 1).filter((line) => informationOf(line) >= WORDS));
  return target.some((line, i) => map.from[i] === -1 && (i < span.from || i > span.to) && lines.has(line));
}

function informationIn({ lines }: Wanted): number {
  return lines.reduce((sum, line) => sum + informationOf(normalized(line)), 0);
}

function total({ inside, around }: Place): number {
  return inside + around;
}

function lengthOf({ from, to }: Span): number {
  return to - from + 1;
}

function isEqual(one: Span, other: Span): boolean {
  return one.from === other.from && one.to === other.to;
}
