// Who is known by name and key at this server, and who is blocked. Kept by the host; the core decides with it.
import type { Pin } from "../../protocol/fields.ts";
import { limits } from "../../protocol/limits.ts";
import { nameKey } from "../../protocol/names.ts";
import type { KnownPeer, State } from "./state.ts";
import type { Turn } from "./turn.ts";

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

/** Whether somebody shows another key than the one that is remembered under this name. */
export function hasChangedPin(state: State, name: string, pin: Pin): boolean {
  const known = personNamed(state, name)?.pin ?? null;
  return known !== null && known !== pin;
}

/**
 * Remembers a key that has proven itself, and that nothing speaks against: the first one of this name, or one that the user
 * has decided for. Whoever comes unasked takes nobody's place in a full memory.
 */
export function meet(turn: Turn, name: string, pin: Pin, unasked = false): void {
  const known = personNamed(turn.state, name);
  if (unasked && known === undefined && turn.state.people.length >= limits.knownPeers) return;
  const same = known?.pin === pin;
  remember(turn, {
    name,
    pin,
    verified: same && known.verified,
    blocked: known?.blocked ?? false,
    at: turn.at,
  });
}

export function setVerified(turn: Turn, name: string, pin: Pin, verified: boolean): void {
  remember(turn, { name, pin, verified, blocked: false, at: turn.at });
}

/** @param pin the key that this name has now, when one was seen */
export function block(turn: Turn, name: string, pin: Pin | null): void {
  const known = personNamed(turn.state, name);
  remember(turn, {
    name: known?.name ?? name,
    pin: pin ?? known?.pin ?? null,
    verified: known?.verified ?? false,
    blocked: true,
    at: turn.at,
  });
}

/** False when nobody of that name is blocked. */
export function unblock(turn: Turn, name: string): boolean {
  const known = personNamed(turn.state, name);
  if (known?.blocked !== true) return false;
  if (known.pin === null) forget(turn, known);
  else remember(turn, { ...known, blocked: false });
  return true;
}

function remember(turn: Turn, person: KnownPeer): void {
  const key = nameKey(person.name);
  const others = turn.state.people.filter((other) => nameKey(other.name) !== key);
  turn.set({ people: [...others, person] });
  const server = turn.state.me?.server;
  if (server === undefined) return;
  turn.emit({ type: "remember", server, peer: person });
  if (others.length >= limits.knownPeers) forgetOne(turn, others);
}

/** Over the limit goes whoever was met longest ago; those who are verified or blocked last of all. */
function forgetOne(turn: Turn, others: readonly KnownPeer[]): void {
  const weight = ({ verified, blocked, at }: KnownPeer): number => (verified || blocked ? 2 ** 52 : 0) + at;
  const oldest = others.reduce((a, b) => (weight(b) < weight(a) ? b : a));
  forget(turn, oldest);
}

function forget(turn: Turn, person: KnownPeer): void {
  turn.set({ people: turn.state.people.filter((other) => other !== person) });
  const server = turn.state.me?.server;
  if (server !== undefined) turn.emit({ type: "forget", server, name: person.name });
}
