// The names of those who are online, in one order for all windows.
import { nameKey } from "../../../protocol/names.ts";

/** In the order in which names are compared, so that every window lists people alike. */
export function sortNames(names: readonly string[]): string[] {
  const byKey = new Map(names.map((name) => [nameKey(name), name]));
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, name]) => name);
}

/** Where a name stands in a sorted list, or would. Thousands may arrive at once: no list is sorted for each. */
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
