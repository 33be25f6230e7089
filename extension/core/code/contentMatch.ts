// Finds lines by their text and by the lines around them, without the file they come from.
import { align } from "./alignment.ts";
import { placeOf, type Place, type Row, type Wanted } from "./contentPlace.ts";
import type { LineHash, LineIndex } from "./lineIndex.ts";
import { informationOf, isSpent, normalized, similarity, tokensOf, type Work } from "./lines.ts";
import type { Steps } from "./steps.ts";

export type Places = {
  /** The best first; no two share a line of the selection. */
  readonly found: readonly Place[];
  /** How much of the surroundings also stands away from the best place, from 0 to 1. */
  readonly deserted: number;
  /** Whether, there, the lines above and below the selection stand side by side: it was cut out. */
  readonly closed: boolean;
};

/** A line that occurs more often than this says too little about the place, and following it would cost too much. */
const TELLING_PLACES = 40;

/** Places that are aligned in full. A few leave room for copies; each costs one alignment. */
const WINDOWS = 6;

/** Votes this many lines apart count for the same place, so that a few inserted lines do not split them. */
const BUCKET = 8;

/** Lines that may have been inserted or deleted within a place: a screenful, and never more, because the work grows with it. */
const SLACK = { least: 16, most: 96 };

/** An alignment of a long selection is kept to so many comparisons, and to lines that stand closer. */
const MOST_CELLS = 150_000;

/** Two lines with so many tokens more are as much work as another comparison. */
const TOKENS = 16;

/** Two lines less alike than this are different lines. */
const ALIKE = 0.6;

/** A lighter line, such as a bracket, is only ever paired with an equal one. */
const HEAVY = 0.2;

type Search = {
  readonly rows: readonly Row[];
  readonly wanted: Wanted;
  readonly target: LineIndex;
  readonly gain: (row: number, line: number) => number;
  readonly work: Work;
};

/** Lines that may not be used: for the selection, and for its surroundings. */
type Mask = { readonly inside: ReadonlySet<number>; readonly around: ReadonlySet<number> };

export function* contentPlaces(
  wanted: Wanted,
  target: LineIndex,
  hash: LineHash,
  most: number,
  work: Work,
): Steps<Places> {
  const rows = rowsOf(wanted, target, hash);
  const search = { rows, wanted, target, gain: gainsOf(rows, target, work), work };
  const taken = new Set<number>();
  const found: Place[] = [];
  while (found.length < most) {
    const best = yield* bestPlace(search, { inside: taken, around: new Set() });
    if (best === null || best.taken.length === 0) break;
    found.push(best);
    for (const line of best.taken) taken.add(line);
  }
  const used = new Set([...(found[0]?.taken ?? []), ...(found[0]?.beside ?? [])]);
  const left = yield* bestPlace(search, { inside: used, around: used });
  return { found, deserted: left?.around ?? 0, closed: left?.closed ?? false };
}

function rowsOf(wanted: Wanted, target: LineIndex, hash: LineHash): Row[] {
  const rarity = (count: number): number => (count <= 1 ? 1 : 1 / (1 + Math.log2(count)));
  const around = (key: number): Row => {
    const places = target.placesOfHash.get(key) ?? [];
    const first = places[0];
    const information = first === undefined ? 0.5 : (target.information[target.ids[first] ?? 0] ?? 0);
    return { text: null, hash: key, id: -1, weight: information * rarity(places.length) };
  };
  const inside = (line: string): Row => {
    const text = normalized(line);
    const id = target.idOf(line) ?? -1;
    const count = target.places[id]?.length ?? 1;
    return { text, hash: hash(text), id, weight: informationOf(text) * rarity(count) };
  };
  return [...wanted.before.map(around), ...wanted.lines.map(inside), ...wanted.after.map(around)];
}

/** What it is worth to find a row at a line. Similar lines are compared once, however many places are tried. */
function gainsOf(rows: readonly Row[], target: LineIndex, work: Work): Search["gain"] {
  const known = new Map<number, number>();
  const tokens = rows.map(({ text, weight }) => (text === null || weight < HEAVY ? [] : tokensOf(text)));
  return (row, line) => {
    const { text, hash, id, weight } = rows[row] ?? NOTHING;
    if (weight === 0) return 0;
    const other = target.ids[line] ?? 0;
    if (text === null) return target.hashes[other] === hash ? weight : 0;
    if (other === id) return weight;
    if (weight < HEAVY || (target.information[other] ?? 0) < HEAVY) return 0;
    const key = row * target.texts.length + other;
    let alike = known.get(key);
    if (alike === undefined) {
      const [one, two] = [tokens[row] ?? [], target.tokens(other)];
      work.comparisons += 1 + Math.floor((one.length + two.length) / TOKENS);
      alike = likeness(one, two);
      known.set(key, alike);
    }
    return alike >= ALIKE ? weight * alike * 0.9 : 0;
  };
}

const NOTHING: Row = { text: null, hash: -1, id: -1, weight: 0 };

/** Lines of very different lengths cannot be alike: they need no comparison. */
function likeness(one: readonly string[], other: readonly string[]): number {
  const most = (2 * Math.min(one.length, other.length)) / (one.length + other.length);
  return most < ALIKE ? 0 : similarity(one, other);
}

function* bestPlace(search: Search, mask: Mask): Steps<Place | null> {
  let best: Place | null = null;
  for (const shift of likelyShifts(search, mask)) {
    if (isSpent(search.work)) break;
    yield;
    const place = yield* placeAt(search, mask, shift);
    if (best === null || place.inside + place.around > best.inside + best.around) best = place;
  }
  return best;
}

/** How far the lines may have been shifted: each rare line votes for the places where it stands. */
function likelyShifts({ rows, target }: Search, mask: Mask): number[] {
  const votes = new Map<number, number>();
  for (const [row, { text, hash, id, weight }] of rows.entries()) {
    const places = (text === null ? target.placesOfHash.get(hash) : target.places[id]) ?? [];
    if (weight === 0 || places.length > TELLING_PLACES) continue;
    for (const place of places) {
      if ((text === null ? mask.around : mask.inside).has(place)) continue;
      const bucket = Math.floor((place - row) / BUCKET);
      votes.set(bucket, (votes.get(bucket) ?? 0) + weight);
    }
  }
  const sum = (bucket: number): number =>
    [bucket - 1, bucket, bucket + 1].reduce((all, each) => all + (votes.get(each) ?? 0), 0);
  const ranked = [...votes.keys()].map((bucket) => ({ bucket, votes: sum(bucket) }));
  ranked.sort((a, b) => b.votes - a.votes || a.bucket - b.bucket);
  const chosen: number[] = [];
  for (const { bucket } of ranked) {
    if (chosen.some((each) => Math.abs(each - bucket) <= 1)) continue;
    chosen.push(bucket);
    if (chosen.length === WINDOWS) break;
  }
  return chosen.map((bucket) => bucket * BUCKET + BUCKET / 2);
}

function* placeAt({ rows, wanted, target, gain, work }: Search, mask: Mask, shift: number): Steps<Place> {
  const affordable = Math.max(SLACK.least, Math.floor(MOST_CELLS / rows.length / 2));
  const slack = Math.min(SLACK.most, SLACK.least + BUCKET + (rows.length >> 2), affordable);
  const masked = (row: number, line: number): number =>
    (rows[row]?.text === null ? mask.around : mask.inside).has(line) ? 0 : gain(row, line);
  work.comparisons += rows.length * (2 * slack + 1);
  const found = yield* align(rows.length, target.lines.length, { shift, slack }, masked);
  return placeOf(rows, wanted, target, found, masked);
}
