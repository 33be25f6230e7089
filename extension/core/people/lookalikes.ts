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
 * The name that the name of this key looks like: the user's own, or that of someone with another key who is known or blocked, has a
 * session, or asks for one.
 */
export function lookalikeOf(state: State, name: string, pin: Pin): string | undefined {
  const key = nameKey(name);
  const looks = looksOf(name);
  const isAlike = (other: string, othersLooks: readonly string[]): boolean =>
    nameKey(other) !== key && othersLooks.some((look) => looks.includes(look));
  const own = state.me?.name ?? "";
  if (isAlike(own, looksOf(own))) return own;
  const { people, channels, invites } = state;
  const person = people.find((each) => each.pin !== pin && isAlike(each.name, looksOfPerson(each)));
  if (person !== undefined) return person.name;
  return [
    ...channels.filter((channel) => channel.pin !== pin).map(({ peer }) => peer),
    ...invites.filter((invite) => invite.pin !== pin).map(({ from }) => from),
  ].find((other) => isAlike(other, looksOf(other)));
}

function looksOfPerson(person: KnownPeer): readonly string[] {
  const looks = known.get(person) ?? looksOf(person.name);
  known.set(person, looks);
  return looks;
}
