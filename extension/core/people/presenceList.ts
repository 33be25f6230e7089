// The presences of people who are not simply here, sorted by name key. A lobby of thousands may have one for each, and each change
// copies the list: an array is copied a hundred times faster than a map.
import type { Presence } from "../../../protocol/fields.ts";
import type { Presences } from "../model/state.ts";

export function presenceIn(presences: Presences, key: string): Presence {
  const { index, found } = find(presences, key);
  return (found ? presences[index]?.[1] : undefined) ?? "here";
}

export function withPresence(presences: Presences, key: string, presence: Presence): Presences {
  const { index, found } = find(presences, key);
  const changed: (readonly [string, Exclude<Presence, "here">])[] = [];
  if (presence !== "here") changed.push([key, presence]);
  const copy = presences.slice();
  copy.splice(index, found ? 1 : 0, ...changed);
  return copy;
}

/** Of several for one key, the last counts. */
export function sortPresences(presences: Presences): Presences {
  return [...new Map(presences)].sort(([a], [b]) => (a < b ? -1 : 1));
}

function find(presences: Presences, key: string): { index: number; found: boolean } {
  let index = 0;
  let end = presences.length;
  while (index < end) {
    const middle = (index + end) >>> 1;
    if ((presences[middle]?.[0] ?? "") < key) index = middle + 1;
    else end = middle;
  }
  return { index, found: presences[index]?.[0] === key };
}
