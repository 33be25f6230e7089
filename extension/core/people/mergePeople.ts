// One memory of people out of several that were kept of the same server. Nothing that protects the user gets weaker by it: who
// is blocked stays blocked, and a key that was never decided for becomes no known one. Pure.
import type { Pin } from "../../../protocol/fields.ts";
import { nameKey, numberedName } from "../../../protocol/names.ts";
import type { KnownPeer } from "../model/person.ts";

/** @param people of all memories, in any order; several may have one name */
export function mergePeople(people: readonly KnownPeer[]): KnownPeer[] {
  const byName = new Map<string, KnownPeer[]>();
  for (const person of [...people].sort((a, b) => a.at - b.at)) {
    const key = nameKey(person.name);
    byName.set(key, [...(byName.get(key) ?? []), person]);
  }
  const merged = [...byName.values()].map(mergeOne);
  return withBlockedKeys(merged, people);
}

/** @param records of one name, the oldest first */
function mergeOne(records: readonly KnownPeer[]): KnownPeer {
  const newest = records.reduce((a, b) => (b.at >= a.at ? b : a));
  const pin = keptPin(records);
  const pins = new Set(records.flatMap((record) => record.pin ?? []));
  const verified = records.filter((record) => record.verified && record.pin !== null);
  return {
    name: newest.name,
    pin,
    // Two keys that were both compared speak against each other: the user is to look again.
    verified: new Set(verified.map((record) => record.pin)).size === 1 && verified[0]?.pin === pin,
    blocked: records.some(({ blocked }) => blocked),
    ...(records.every((record) => record.pin !== pin || record.unproven === true)
      ? ({ unproven: true } as const)
      : {}),
    // Where keys differ, the one that stays is as old as it was.
    at:
      pins.size > 1 ? Math.min(...records.filter((each) => each.pin === pin).map(({ at }) => at)) : newest.at,
  };
}

/** One that the user has compared; else one that is blocked, which a name must not hide; else the one known longest. */
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
