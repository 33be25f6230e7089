// Blocks someone: their name, all their known keys, and everything in progress with them. Only `unblock` undoes it.
import type { Pin } from "../../../protocol/fields.ts";
import { nameKey } from "../../../protocol/names.ts";
import { decline } from "../forks/invites.ts";
import { cancelFork } from "../forks/openForks.ts";
import { block, isBlocked, isKnownAsAnother, personNamed } from "../people/people.ts";
import * as peerSession from "../sessions/peerSession.ts";
import type { PeerSession } from "../model/session.ts";
import type { Fork, State } from "../model/state.ts";
import type { Turn } from "../model/turn.ts";
import { dropChannel } from "../channels/channel.ts";

/** `name` is null when the blocked key is using the name of another known person. */
type Target = { readonly name: string | null; readonly pins: readonly Pin[] };

/** @param pin the key that asks under that name; null when only the name is meant */
function targetOf(state: State, name: string, pin: Pin | null): Target {
  const known = personNamed(state, name)?.pin ?? null;
  if (pin !== null && known !== null && known !== pin) return { name: null, pins: [pin] };
  const key = nameKey(name);
  const { sessions, channels, invites } = state;
  const seen = [
    ...sessions.flatMap((each) => (each.kind === "peer" && nameKey(each.peer) === key ? [each.pin] : [])),
    ...channels.flatMap((channel) => (nameKey(channel.peer) === key ? [channel.pin] : [])),
    ...invites.flatMap((invite) => (nameKey(invite.from) === key ? [invite.pin] : [])),
    lobbyPin(state, name),
  ];
  return { name, pins: [...new Set([known, pin, ...seen])].filter((each) => each !== null) };
}

/**
 * The key of the latest lobby message under that name. Only the server vouches for it, so a key that is known under
 * another name does not count.
 */
function lobbyPin(state: State, name: string): Pin | null {
  const key = nameKey(name);
  const { chunks } = state.sessions[0].transcript;
  for (const chunk of chunks.toReversed()) {
    const line = chunk.findLast(
      (entry) =>
        entry.kind === "message" && !entry.own && entry.pin !== undefined && nameKey(entry.from) === key,
    );
    if (line?.kind !== "message" || line.pin === undefined) continue;
    return isKnownAsAnother(state, name, line.pin) ? null : line.pin;
  }
  return null;
}

/** The sessions that end when someone is blocked. */
export function sessionsWith(state: State, name: string, pin: Pin | null): PeerSession[] {
  const target = targetOf(state, name, pin);
  const key = target.name === null ? null : nameKey(target.name);
  return state.sessions.filter(
    (session): session is PeerSession =>
      session.kind === "peer" && (nameKey(session.peer) === key || target.pins.includes(session.pin)),
  );
}

/** @returns the name by which they can be unblocked */
export function blockPerson(turn: Turn, name: string, pin: Pin | null): string {
  const target = targetOf(turn.state, name, pin);
  const [first = null, ...others] = target.pins;
  const blockedAs = block(turn, name, first);
  for (const other of others) block(turn, name, other);
  endBlocked(turn);
  return blockedAs;
}

/** Loads the saved people of this server: another window may have blocked some of them. */
export function peopleLoaded(turn: Turn, people: State["people"]): void {
  turn.set({ people });
  endBlocked(turn);
}

/** Ends everything in progress with people who are blocked. */
function endBlocked(turn: Turn): void {
  const { state } = turn;
  if (!state.people.some(({ blocked }) => blocked)) return;
  const isOut = (name: string, pin: Pin | null): boolean => isBlocked(turn.state, name, pin);
  for (const { sid, from, pin } of state.invites) if (isOut(from, pin)) decline(turn, sid, "unavailable");
  for (const fork of state.forks) if (isOut(fork.to, pinOf(state, fork))) cancelFork(turn, fork.id);
  for (const session of state.sessions) {
    if (session.kind === "peer" && isOut(session.peer, session.pin)) peerSession.leave(turn, session);
  }
  for (const { sid, peer, pin } of state.channels) if (isOut(peer, pin)) dropChannel(turn, sid, "left");
  const { notes } = turn.state;
  const told = notes.filter(({ from }) => !isOut(from, null));
  if (told.length < notes.length) turn.set({ notes: told });
}

/** The key that a fork's introduction revealed. */
function pinOf({ channels, questions }: State, { id, sid }: Fork): Pin | null {
  const question = questions.find((each) => each.about === "changed-pin" && each.fork === id);
  const held = question?.about === "changed-pin" ? question.pin : null;
  return channels.find((channel) => channel.sid === sid)?.pin ?? held;
}
