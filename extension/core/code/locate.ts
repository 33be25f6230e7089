// Finds the sender's lines in the receiver's file. Two independent methods have to agree; otherwise the answer is "unsure",
// because a wrong line that looks right is worse than no line.
import { contentPlaces, type Places } from "./contentMatch.ts";
import { linesBeside, type Place, type Wanted } from "./contentPlace.ts";
import { diffMatch, type DiffMatch } from "./diffMatch.ts";
import { LANDMARK, WORDS, type Span } from "./edges.ts";
import { lineMap } from "./lineDiff.ts";
import { indexLines, type LineHash, type LineIndex } from "./lineIndex.ts";
import { informationOf, isSpent, newWork, normalized, type Work } from "./lines.ts";
import {
  isCutOut,
  isEnclosed,
  isLikelierElsewhere,
  isLostElsewhere,
  isMixed,
  leadOf,
  surroundingsOf,
  type Claim,
} from "./rivals.ts";
import { finished, type Steps } from "./steps.ts";

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

/** Less than three words may have come from anywhere. */
const PHRASE = 0.79;

/** The diff alone has to find half of what a changed selection says. */
const LEAST_SHARE = 0.5;

/** With less of the selection anywhere, it is gone, unless one of its lines with words is still there. */
const LEAST_TRACE = 0.3;

/** If the whole selection stands at two places, nearly all of its surroundings must stand at one of them. */
const TWIN_AROUND = 0.75;

/** A place with so much of the selection is its twin. With more than so many places of its rarest line, nothing is sure. */
const TWIN = 0.9;
const MOST_TWINS = 100;

/** So many of them on each side hold lines in their place that were changed. */
const HELD = 2;

/** By so many lines beside it that are as they were must the right one of several equal places lead. */
const LEAD = 4;

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
  work: Work = newWork(),
): Location {
  return finished(locating(wanted, at, target, base, hash, work));
}

/** The same in steps. Each takes a few milliseconds, so that the caller can do other things between them, or stop. */
export function* locating(
  wanted: Wanted,
  at: Span,
  target: readonly string[],
  base: Base | null,
  hash: LineHash,
  work: Work = newWork(),
): Steps<Location> {
  const index = yield* indexLines(target, hash);
  const places = yield* contentPlaces(wanted, index, hash, CANDIDATES, work);
  const content = byContent(wanted, at, index, places);
  const found = base === null ? content : yield* byBoth(wanted, index, content, places, base, work);
  if (found === "gone" && !isSpent(work)) return { state: "gone" };
  if (typeof found === "string" || isSpent(work) || hasDoubtfulEnd(wanted, index, found, hash))
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

function byContent(wanted: Wanted, at: Span, index: LineIndex, { found, deserted, closed }: Places): Answer {
  const [best, ...others] = found;
  if (best === undefined || best.inside < LEAST_TRACE)
    return deserted > 0.5 || isAnywhere(wanted, index) ? "unsure" : "gone";
  const { span } = best;
  if (typeof span === "string" || best.inside < LEAST_INSIDE) return "unsure";
  if (lengthOf(span) > wanted.lines.length + Math.max(2, wanted.lines.length / 3)) return "unsure";
  if (best.isScattered || best.isRepeated) return "unsure";
  const isRival = (other: Place): boolean =>
    other.inside >= RIVAL && (best.around - other.around < MARGIN || total(best) - total(other) < MARGIN);
  if (others.some(isRival)) return "unsure";
  const twins = twinsOf(wanted, index, span);
  const isPlain = best.around >= TWIN_AROUND && deserted < LEAST_TRACE && isEnclosed(best);
  const distance = ({ from }: Span): number => Math.abs(from - at.from);
  const isLeading = (other: Span): boolean => {
    const { above, below } = linesBeside(wanted, index, other);
    // Of two equal pieces, the one closer to where the lines were may have lost its surroundings.
    return distance(span) <= distance(other) && best.above + best.below - above - below >= LEAD;
  };
  if (twins === "many" || (twins.length > 0 && !twins.every(isLeading))) return "unsure";
  if ((twins.length > 0 || isCommon(wanted, index)) && !isPlain) return "unsure";
  const informative = informationIn(wanted);
  if (informative < TELLING && lengthOf(span) !== wanted.lines.length) return "unsure";
  if (best.around >= LEAST_AROUND) {
    if (informative < TELLING && (best.around < 0.7 || Math.max(best.above, best.below) < HELD))
      return "unsure";
    const margin = informative < TELLING ? 0.5 : MARGIN;
    return total(best) >= LEAST_IN_ALL && best.around - deserted >= margin ? span : "unsure";
  }
  // Its surroundings are elsewhere or gone: it must be whole, the only one, and cut out or deserted where it was.
  const isAlone = others.every((other) => other.inside < RIVAL);
  const isWhole = best.inside > 0.95 && informative >= SPEAKING;
  return isAlone && isWhole && (closed || deserted < 0.2) ? span : "unsure";
}

/** Whether each telling line of the selection also stands elsewhere. */
function isCommon({ lines }: Wanted, index: LineIndex): boolean {
  const ids = lines.map((line) => index.idOf(line) ?? -1);
  const telling = ids.filter((id) => (index.information[id] ?? 0) >= LANDMARK);
  return telling.length > 1 && telling.every((id) => (index.places[id]?.length ?? 0) > 1);
}

/** The other places where nearly all of the selection stands. */
function twinsOf({ lines }: Wanted, index: LineIndex, span: Span): Span[] | "many" {
  const ids = lines.map((line) => index.idOf(line) ?? -1);
  const information = lines.map((line) => informationOf(normalized(line)));
  const placesAt = (row: number): readonly number[] => index.places[ids[row] ?? -1] ?? [];
  // Looked for by its rarest lines: what misses both of them is no twin, or says nearly nothing.
  const rows = [...ids.keys()].filter(
    (row) => (information[row] ?? 0) >= LANDMARK && placesAt(row).length > 0,
  );
  rows.sort((a, b) => placesAt(a).length - placesAt(b).length);
  const starts = new Set(
    rows.slice(0, 2).flatMap((row) =>
      placesAt(row)
        .slice(0, MOST_TWINS)
        .map((at) => at - row),
    ),
  );
  if (starts.size > MOST_TWINS) return "many";
  const whole = information.reduce((sum, each) => sum + each, 0);
  return [...starts].flatMap((from) => {
    const to = from + lines.length - 1;
    if (from <= span.to && to >= span.from) return [];
    const there = information.reduce(
      (sum, each, row) => (index.ids[from + row] === ids[row] ? sum + each : sum),
      0,
    );
    return there >= TWIN * whole ? [{ from, to }] : [];
  });
}

/** Whether the file has any line of the selection with a word in it. */
function isAnywhere(wanted: Wanted, index: LineIndex): boolean {
  return wanted.lines.some((line) => (index.information[index.idOf(line) ?? -1] ?? 0) >= 0.4);
}

function* byBoth(
  wanted: Wanted,
  index: LineIndex,
  content: Answer,
  places: Places,
  base: Base,
  work: Work,
): Steps<Answer> {
  const textOf = (id: number): string => index.texts[id] ?? "";
  const now = Array.from(index.ids, textOf);
  // The same string object for the same text: they are compared often.
  const before = base.lines.map((line) => textOf(index.idOf(line) ?? -1) || normalized(line));
  const { range } = base;
  yield;
  const map = yield* lineMap(before, now, range, work);
  const diff = diffMatch(map, before, now, range);
  const { span } = diff;
  if (span === "gone") return content === "gone" ? "gone" : "unsure";
  if (span === "torn" || lengthOf(span) > 2 * wanted.lines.length) return "unsure";
  // Read from the end, the files have the same difference, unless lines that are repeated leave a choice.
  const back = yield* spanFromTheEnd(before, now, range, work);
  if (typeof back === "string" || !isEqual(back, span)) return "unsure";
  const claim = { map, base: before, target: now, range, span };
  if (isLostElsewhere(claim) || isMixed(claim)) return "unsure";
  if (typeof content === "object") return isEqual(span, content) ? span : "unsure";
  if (isLikelierElsewhere(claim, work) || !isCertain(diff, claim, work)) return "unsure";
  const likeliest = places.found[0]?.span;
  if (!diff.isWhole && typeof likeliest === "object" && !isEqual(likeliest, span)) return "unsure";
  // Away from the lines around it: another place that has most of it may be the original, edited, or what stands where it was.
  const isAway = Math.min(diff.above, diff.below) < LANDMARK && diff.above + diff.below < TELLING;
  const hasRival = places.found.some(
    ({ inside, taken }) => inside >= RIVAL && taken.every((line) => line < span.from || line > span.to),
  );
  const { above, below } = surroundingsOf(claim);
  const isHeld = Math.min(above, below) >= (diff.isWhole ? 0 : HELD);
  if (hasRival && (isAway || !isHeld)) return "unsure";
  const saysLittle = informationIn(wanted) < PHRASE;
  return isAway && (saysLittle || !isCutOut(claim)) ? "unsure" : span;
}

function* spanFromTheEnd(
  base: readonly string[],
  target: readonly string[],
  { from, to }: Span,
  work: Work,
): Steps<DiffMatch["span"]> {
  const [last, end] = [base.length - 1, target.length - 1];
  const range = { from: last - to, to: last - from };
  const [reversed, reversedTarget] = [base.toReversed(), target.toReversed()];
  const map = yield* lineMap(reversed, reversedTarget, range, work);
  const { span } = diffMatch(map, reversed, reversedTarget, range);
  return typeof span === "string" ? span : { from: end - span.to, to: end - span.from };
}

/** Whether the diff alone is enough: no other place is in doubt, and the lines or their surroundings say enough. */
function isCertain(diff: DiffMatch, claim: Claim, work: Work): boolean {
  const around = diff.above + diff.below;
  const isEnclosed = Math.min(diff.above, diff.below) >= LANDMARK;
  if (!diff.isWhole && (diff.share < LEAST_SHARE || !isEnclosed || around < TELLING)) return false;
  const informative = claim.base
    .slice(claim.range.from, claim.range.to + 1)
    .reduce((sum, line) => sum + informationOf(line), 0);
  if (informative < WORDS) return diff.isIntact && isEnclosed;
  return leadOf(claim, work) >= LEAD;
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
