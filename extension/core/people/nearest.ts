// Finds the name that an unknown word probably meant. Pure.
import { closest, distance } from "fastest-levenshtein";

/** Longer words are not compared: such typos are unlikely, and comparing takes time. */
const LONGEST = 32;

/** The closest name; undefined if none is close enough. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  if (word === "" || word.length > LONGEST || names.length === 0) return undefined;
  const beginning = names.filter((name) => name.startsWith(word));
  if (beginning.length === 1) return beginning[0];
  const candidate = closest(word, names);
  return distance(word, candidate) <= Math.max(1, Math.floor(candidate.length / 2)) ? candidate : undefined;
}
