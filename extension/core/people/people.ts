// Who is known by name and key at this server, and who is blocked.
import type { Pin } from "../../../protocol/fields.ts";
import { limits } from "../../../protocol/limits.ts";
import { nameKey, numberedName } from "../../../protocol/names.ts";
import type { State } from "../model/state.ts";
import type { KnownPeer } from "../model/person.ts";
import type { Turn } from "../model/turn.ts";

const unproven = { unproven: true } as const;

export function personNamed(state: State, name: string): KnownPeer | undefined {
  const key = nameKey(name);
  return state.people.find((person) => nameKey(person.name) === key);
}

/** By name, or by key under whatever name. */
export function isBlocked(state: State, name: string, pin: Pin | null): boolean {
  const key = nameKey(name);
  return state.people.some(
    (person) => person.blocked && (nameKey(person.name) === key || (pin !== null && person.pin === pin)),
  );
}

/** Whether a key is that of someone who is known under another name, or who is in a private session under another name. */
export function isKnownAsAnother(state: State, name: string, pin: Pin): boolean {
  const key = nameKey(name);
  return (
    state.people.some((person) => person.pin === pin && !person.blocked && nameKey(person.name) !== key) ||
    state.channels.some((channel) => channel.pin === pin && nameKey(channel.peer) !== key)
  );
}

/** Whether somebody shows another key than the one that is remembered under this name. */
export function hasChangedPin(state: State, name: string, pin: Pin): boolean {
  const known = personNamed(state, name)?.pin ?? null;
  return known !== null && known !== pin;
}

/**
 * Remembers a key that has proven itself, and that nothing speaks against: the first one of this name, or one that the user
 * has decided for. Whoever comes unasked takes nobody's place in a full memory. A block stays as it is.
 */
export function rememberPerson(turn: Turn, name: string, pin: Pin, unasked = false): void {
  if (isBlocked(turn.state, name, pin)) return;
  const known = personNamed(turn.state, name);
  if (unasked && known === undefined && turn.state.people.length >= limits.knownPeers) return;
  const same = known?.pin === pin;
  remember(turn, { name, pin, verified: same && known.verified, blocked: false, at: turn.at });
}

/** A block stays as it is: a number that fits says who someone is, not that they are welcome. */
export function setVerified(turn: Turn, name: string, pin: Pin, verified: boolean): void {
  if (isBlocked(turn.state, name, pin)) return;
  remember(turn, { name, pin, verified, blocked: false, at: turn.at });
}

/**
 * Blocks a name with the key that is known of it, or with `pin` when none is. Another key than the known one is blocked under
 * a numbered name, and the known one keeps its place. @returns the name under which it is blocked
 */
export function block(turn: Turn, name: string, pin: Pin | null): string {
  const { people } = turn.state;
  const known = personNamed(turn.state, name);
  const isOther = known !== undefined && pin !== null && known.pin !== null && known.pin !== pin;
  if (!isOther) {
    const { verified = false } = known ?? {};
    const kept = { name: known?.name ?? name, pin: pin ?? known?.pin ?? null };
    const isProven = kept.pin === null || (known?.pin === kept.pin && known.unproven !== true);
    remember(turn, { ...kept, verified, blocked: true, at: turn.at, ...(isProven ? {} : unproven) });
    return kept.name;
  }
  const same = people.find((person) => person.blocked && person.pin === pin);
  if (same !== undefined) return same.name;
  const taken = new Set([...turn.state.users, ...people.map((person) => person.name)].map(nameKey));
  let n = 2;
  while (taken.has(nameKey(numberedName(name, n)))) n += 1;
  const free = numberedName(name, n);
  remember(turn, { name: free, pin, verified: false, blocked: true, at: turn.at, ...unproven });
  return free;
}

/**
 * Where a name was blocked before its key was known, the key that the server names is blocked from now on, too. Only the server
 * says whose key that is, so it costs nobody their place who is known under another name.
 */
export function learnBlockedKey(turn: Turn, name: string, pin: Pin): void {
  const known = personNamed(turn.state, name);
  if (known?.blocked !== true || known.pin !== null || isKnownAsAnother(turn.state, name, pin)) return;
  remember(turn, { ...known, pin, ...unproven });
}

/** False when nobody of that name is blocked. */
export function unblock(turn: Turn, name: string): boolean {
  const known = personNamed(turn.state, name);
  if (known?.blocked !== true) return false;
  if (known.pin === null || known.unproven === true) forget(turn, known, true);
  else remember(turn, { ...known, blocked: false }, true);
  return true;
}

/** @param unblocks the user wants it; nothing else takes a block from what is kept */
function remember(turn: Turn, person: KnownPeer, unblocks = false): void {
  const key = nameKey(person.name);
  const others = turn.state.people.filter((other) => nameKey(other.name) !== key);
  turn.set({ people: [...others, person] });
  const server = turn.state.me?.server;
  if (server === undefined) return;
  turn.emit({ type: "remember", server, peer: person, unblocks });
  if (others.length >= limits.knownPeers) forgetOne(turn, others);
}

/** Over the limit goes whoever was met longest ago; those who are verified last of all, and nobody who is blocked. */
function forgetOne(turn: Turn, others: readonly KnownPeer[]): void {
  const weight = ({ verified, at }: KnownPeer): number => (verified ? 2 ** 52 : 0) + at;
  const [first, ...more] = others.filter(({ blocked }) => !blocked);
  if (first !== undefined)
    forget(
      turn,
      more.reduce((a, b) => (weight(b) < weight(a) ? b : a), first),
    );
}

function forget(turn: Turn, person: KnownPeer, unblocks = false): void {
  turn.set({ people: turn.state.people.filter((other) => other !== person) });
  const server = turn.state.me?.server;
  if (server !== undefined) turn.emit({ type: "forget", server, name: person.name, unblocks });
}
