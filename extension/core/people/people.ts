// The people known at this server by name and key, and those who are blocked.
import type { Pin } from "../../../protocol/fields.ts";
import { limits } from "../../../protocol/limits.ts";
import { nameKey, numberedName } from "../../../protocol/names.ts";
import type { PeerSession } from "../model/session.ts";
import { hasOwnMessage } from "../model/transcript.ts";
import type { State } from "../model/state.ts";
import type { KnownPeer } from "../model/person.ts";
import type { Turn } from "../model/turn.ts";

const unproven = { unproven: true } as const;

export function personNamed(state: State, name: string): KnownPeer | undefined {
  const key = nameKey(name);
  return state.people.find((person) => nameKey(person.name) === key);
}

/** Whether someone is blocked by name, or by key under any name. */
export function isBlocked(state: State, name: string, pin: Pin | null): boolean {
  const key = nameKey(name);
  return state.people.some(
    (person) => person.blocked && (nameKey(person.name) === key || (pin !== null && person.pin === pin)),
  );
}

/**
 * Whether the user knows the person in a private session: their key is remembered, and the user has compared safety numbers,
 * opened the session or said something. A stranger who opens one is remembered at once, and is not known by that.
 */
export function isFamiliar(state: State, { peer, pin, role, transcript }: PeerSession): boolean {
  const person = personNamed(state, peer);
  if (person === undefined || person.pin !== pin || isBlocked(state, peer, pin)) return false;
  return person.verified || role === "A" || hasOwnMessage(transcript);
}

/** Whether a key belongs to someone who is known, or in a private session, under another name. */
export function isKnownAsAnother(state: State, name: string, pin: Pin): boolean {
  const key = nameKey(name);
  return (
    state.people.some((person) => person.pin === pin && !person.blocked && nameKey(person.name) !== key) ||
    state.channels.some((channel) => channel.pin === pin && nameKey(channel.peer) !== key)
  );
}

/**
 * Whether a key differs from the one remembered for this name.
 * @param former a key that it may replace: the user has decided so
 */
export function hasChangedPin(state: State, name: string, pin: Pin, former: Pin | null = null): boolean {
  const known = personNamed(state, name)?.pin ?? null;
  return known !== null && known !== pin && known !== former;
}

/**
 * Remembers a key that has proven itself and raises no doubt: the first one of this name, or one that the user has
 * accepted. An unsolicited person displaces no one when the list is full. A block stays as it is.
 */
export function rememberPerson(turn: Turn, name: string, pin: Pin, unasked = false): void {
  if (isBlocked(turn.state, name, pin)) return;
  const known = personNamed(turn.state, name);
  if (unasked && known === undefined && turn.state.people.length >= limits.knownPeers) return;
  const same = known?.pin === pin;
  remember(turn, { name, pin, verified: same && known.verified, blocked: false, at: turn.at });
}

/** A block stays as it is: a matching safety number says who someone is, not that they are welcome. */
export function setVerified(turn: Turn, name: string, pin: Pin, verified: boolean): void {
  if (isBlocked(turn.state, name, pin)) return;
  remember(turn, { name, pin, verified, blocked: false, at: turn.at });
}

/**
 * Blocks a name with its known key, or with `pin` if none is known. A key other than the known one is blocked under a
 * numbered name, and the known one keeps its entry.
 * @returns the name under which it is blocked
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
 * If a name was blocked before its key was known, the key that the server reports is blocked from now on, too. Only the
 * server vouches for that key, so no one who is known under another name is affected.
 */
export function learnBlockedKey(turn: Turn, name: string, pin: Pin): void {
  const known = personNamed(turn.state, name);
  if (known?.blocked !== true || known.pin !== null || isKnownAsAnother(turn.state, name, pin)) return;
  remember(turn, { ...known, pin, ...unproven });
}

/** Returns false if no one of that name is blocked. */
export function unblock(turn: Turn, name: string): boolean {
  const known = personNamed(turn.state, name);
  if (known?.blocked !== true) return false;
  if (known.pin === null || known.unproven === true) forget(turn, known, true);
  else remember(turn, { ...known, blocked: false }, true);
  return true;
}

/** @param unblocks the user asked for it; only this removes a saved block */
function remember(turn: Turn, person: KnownPeer, unblocks = false): void {
  const key = nameKey(person.name);
  const others = turn.state.people.filter((other) => nameKey(other.name) !== key);
  turn.set({ people: [...others, person] });
  const server = turn.state.me?.server;
  if (server === undefined) return;
  turn.emit({ type: "remember", server, peer: person, unblocks });
  if (others.length >= limits.knownPeers) forgetOne(turn, others);
}

/** Above the limit, the person met longest ago is dropped; verified people last, and blocked people never. */
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
