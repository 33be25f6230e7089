// An index of a file's lines: lines with the same normalized text share one number.
import { informationOf, normalized, tokensOf } from "./lines.ts";
import type { Steps } from "./steps.ts";

/** A keyed hash of a normalized line. It is short: good enough to align lines, too short to confirm a guessed text. */
export type LineHash = (line: string) => number;

export type LineIndex = {
  readonly lines: readonly string[];
  /** For each line, the number of its normalized text. */
  readonly ids: Int32Array;
  /** For each number: its text, its hash, and how well it identifies its place. */
  readonly texts: readonly string[];
  readonly hashes: Int32Array;
  readonly information: Float64Array;
  /** For each number, the lines that have it. */
  readonly places: readonly (readonly number[])[];
  /** The lines that have a hash, in ascending order. */
  readonly placesOfHash: ReadonlyMap<number, readonly number[]>;
  readonly idOf: (line: string) => number | undefined;
  /** The tokens of a line, by its number. */
  readonly tokens: (id: number) => readonly string[];
};

/** Lines that are read in one step. */
const STEP = 2_000;

export function* indexLines(lines: readonly string[], hash: LineHash): Steps<LineIndex> {
  const numbers = new Map<string, number>();
  const ids = new Int32Array(lines.length);
  const texts: string[] = [];
  const places: number[][] = [];
  const hashes: number[] = [];
  const information: number[] = [];
  for (const [index, line] of lines.entries()) {
    if (index % STEP === STEP - 1) yield;
    const text = normalized(line);
    let id = numbers.get(text);
    if (id === undefined) {
      id = texts.length;
      numbers.set(text, id);
      texts.push(text);
      places.push([]);
      hashes.push(hash(text));
      information.push(informationOf(text));
    }
    ids[index] = id;
    places[id]?.push(index);
  }
  const tokens = new Map<number, readonly string[]>();
  return {
    lines,
    ids,
    texts,
    ...{ hashes: Int32Array.from(hashes), information: Float64Array.from(information) },
    places,
    placesOfHash: byHash(hashes, places),
    idOf: (line) => numbers.get(normalized(line)),
    tokens: (id) => {
      let known = tokens.get(id);
      if (known === undefined) {
        known = tokensOf(texts[id] ?? "");
        tokens.set(id, known);
      }
      return known;
    },
  };
}

/** Different texts can share a hash: their places are merged. */
function byHash(
  hashes: readonly number[],
  places: readonly (readonly number[])[],
): ReadonlyMap<number, readonly number[]> {
  const merged = new Map<number, readonly number[]>();
  for (const [id, at] of places.entries()) {
    const key = hashes[id] ?? 0;
    const others = merged.get(key);
    merged.set(key, others === undefined ? at : [...others, ...at].sort((a, b) => a - b));
  }
  return merged;
}
