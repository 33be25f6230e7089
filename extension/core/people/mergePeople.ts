// Merges several saved lists of one server's people. This never weakens protection: blocked people stay blocked, and a
// key that was never accepted does not become known. Pure.
import type { Pin } from "../../../protocol/fields.ts";
import { nameKey, numberedName } from "../../../protocol/names.ts";
import type { KnownPeer } from "../model/person.ts";

/** @param people of all lists, in any order; several may have the same name */
export function mergePeople(people: readonly KnownPeer[]): KnownPeer[] {
  const byName = new Map<string, KnownPeer[]>();
  for (const person of [...people].sort((a, b) => a.at - b.at)) {
    const key = nameKey(person.name);
    byName.set(key, [...(byName.get(key) ?? []), person]);
  }
  const merged = [...byName.values()].map(mergeOne);
  return withBlockedKeys(merged, people);
}

/** @param records with one name, oldest first */
function mergeOne(records: readonly KnownPeer[]): KnownPeer {
  const newest = records.reduce((a, b) => (b.at >= a.at ? b : a));
  const pin = keptPin(records);
  const pins = new Set(records.flatMap((record) => record.pin ?? []));
  const verified = records.filter((record) => record.verified && record.pin !== null);
  return {
    name: newest.name,
    pin,
    // Two keys that were both verified contradict each other: the user has to compare again.
    verified: new Set(verified.map((record) => record.pin)).size === 1 && verified[0]?.pin === pin,
    blocked: records.some(({ blocked }) => blocked),
    ...(records.every((record) => record.pin !== pin || record.unproven === true)
      ? ({ unproven: true } as const)
      : {}),
    // If the keys differ, the kept one keeps its age.
    at:
      pins.size > 1 ? Math.min(...records.filter((each) => each.pin === pin).map(({ at }) => at)) : newest.at,
  };
}

/** A verified key; otherwise a blocked one, which a name must not hide; otherwise the one known longest. */
function keptPin(records: readonly KnownPeer[]): Pin | null {
  const keyed = records.filter((record) => record.pin !== null);
  const kept = keyed.find(({ verified }) => verified) ?? keyed.find(({ blocked }) => blocked) ?? keyed[0];
  return kept?.pin ?? null;
}

/** A blocked key that lost its name to another one stays blocked under a numbered name. */
function withBlockedKeys(merged: readonly KnownPeer[], people: readonly KnownPeer[]): KnownPeer[] {
  const all = [...merged];
  for (const person of people) {
    const { blocked, pin } = person;
    if (!blocked || pin === null || all.some((other) => other.blocked && other.pin === pin)) continue;
    const taken = new Set(all.map(({ name }) => nameKey(name)));
    let n = 2;
    while (taken.has(nameKey(numberedName(person.name, n)))) n += 1;
    all.push({ ...person, name: numberedName(person.name, n) });
  }
  return all;
}
