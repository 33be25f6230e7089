// The name that was probably meant by a word that names nothing. Pure.
import { closest, distance } from "fastest-levenshtein";

/** Longer words are not compared: nobody mistypes that much, and it would take its time. */
const LONGEST = 32;

/** The name that is near enough; undefined without one. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  if (word === "" || word.length > LONGEST || names.length === 0) return undefined;
  const beginning = names.filter((name) => name.startsWith(word));
  if (beginning.length === 1) return beginning[0];
  const candidate = closest(word, names);
  return distance(word, candidate) <= Math.max(1, Math.floor(candidate.length / 2)) ? candidate : undefined;
}
