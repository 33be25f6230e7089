// The names of people online, in the same order in all windows.
import { nameKey } from "../../../protocol/names.ts";

/** Sorts by the form in which names are compared, so that every window lists people alike. */
export function sortNames(names: readonly string[]): string[] {
  const byKey = new Map(names.map((name) => [nameKey(name), name]));
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, name]) => name);
}

/**
 * The position of a name in a sorted list, or where it would be. Thousands may arrive at once, so the list is not
 * sorted for each.
 */
export function findName(names: readonly string[], name: string): { index: number; found: boolean } {
  const key = nameKey(name);
  let index = 0;
  let end = names.length;
  while (index < end) {
    const middle = (index + end) >>> 1;
    if (nameKey(names[middle] ?? "") < key) index = middle + 1;
    else end = middle;
  }
  const there = names[index];
  return { index, found: there !== undefined && nameKey(there) === key };
}
