// Detects look-alike names by the same rule as the server. A dishonest server, or a peer that introduces someone, could
// pass someone off as a person the user knows.
import type { Pin } from "../../../protocol/fields.ts";
import { looksOf } from "../../../protocol/lookalikes.ts";
import { nameKey } from "../../../protocol/names.ts";
import type { State } from "../model/state.ts";
import type { KnownPeer } from "../model/person.ts";

/** Cached, because there may be a thousand people, and their names do not change. */
const known = new WeakMap<KnownPeer, readonly string[]>();

/**
 * Whether the name of this key looks like the user's own name, or like that of a known or blocked person with another
 * key.
 */
export function looksLikeAnother(state: State, name: string, pin: Pin): boolean {
  const key = nameKey(name);
  const looks = looksOf(name);
  const isAlike = (other: string, othersLooks: readonly string[]): boolean =>
    nameKey(other) !== key && othersLooks.some((look) => looks.includes(look));
  const own = state.me?.name ?? "";
  if (isAlike(own, looksOf(own))) return true;
  return state.people.some((person) => person.pin !== pin && isAlike(person.name, looksOfPerson(person)));
}

function looksOfPerson(person: KnownPeer): readonly string[] {
  const looks = known.get(person) ?? looksOf(person.name);
  known.set(person, looks);
  return looks;
}
