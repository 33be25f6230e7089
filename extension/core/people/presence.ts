// Whether people are present, away, busy or typing, and what they have read. All of it is sent again on each new link
// of a private session.
import type { Presence, SessionId } from "../../../protocol/fields.ts";
import { nameKey } from "../../../protocol/names.ts";
import type { SessionNumber } from "../../../protocol/webview.ts";
import { network } from "../model/effects.ts";
import { findName } from "./nameList.ts";
import { presenceIn, sortPresences, withPresence } from "./presenceList.ts";
import type { PeerSession } from "../model/session.ts";
import type { State } from "../model/state.ts";
import type { PeerChannel } from "../model/peerChannel.ts";
import type { Turn } from "../model/turn.ts";
import { findChannel, sessionOf } from "../channels/channelState.ts";

/** Milliseconds after which someone who was typing counts as having stopped. */
const TYPING_MS = 15_000;
/** The same for our own user, whose page may be gone; also the interval for repeating that they are typing. */
const OWN_TYPING_MS = 10_000;
const TYPING_AGAIN_MS = 5_000;

export function presenceOf(state: State, name: string): Presence {
  return presenceIn(state.presences, nameKey(name));
}

/** Do Not Disturb stays on, at the window or away from it. */
export function noticePresence(turn: Turn, presence: "here" | "away"): void {
  if (turn.state.presence !== "busy") setPresence(turn, presence);
}

/** Our presence has changed: notify the server and all peers. */
export function setPresence(turn: Turn, presence: Presence): void {
  if (turn.state.presence === presence) return;
  turn.set({ presence });
  tellServer(turn);
  for (const { link } of turn.state.channels) {
    if (link !== null) turn.emit(network("sendLink", link.id, { type: "presence", state: presence }));
  }
}

/** A server that has just admitted us assumes that we are present. */
export function joined(turn: Turn): void {
  if (turn.state.presence !== "here") tellServer(turn);
}

function tellServer(turn: Turn): void {
  const { connection, presence } = turn.state;
  if (connection.status !== "online") return;
  turn.emit(network("send", connection.id, { type: "presence", state: presence }));
}

export function presenceReceived(turn: Turn, name: string, presence: Presence): void {
  const key = nameKey(name);
  if (presenceOf(turn.state, name) === presence) return;
  // Invented names must not fill the memory.
  if (presence !== "here" && !isThere(turn.state, name)) return;
  turn.set({ presences: withPresence(turn.state.presences, key, presence) });
}

/** Online, or in a private session with us. */
function isThere({ users, sessions }: State, name: string): boolean {
  const key = nameKey(name);
  const isPeer = sessions.some((session) => session.kind === "peer" && nameKey(session.peer) === key);
  return isPeer || findName(users, name).found;
}

/** People who leave the lobby may continue in a private session, where their presence is known. */
export function leftLobby(turn: Turn, name: string): void {
  if (!isLinked(turn.state, name)) presenceReceived(turn, name, "here");
}

/** Whether there is a connected private session, which works without the server. */
function isLinked({ sessions }: State, name: string): boolean {
  const key = nameKey(name);
  return sessions.some((each) => each.kind === "peer" && each.link === "open" && nameKey(each.peer) === key);
}

/** The server's list, already in `users`, contains everyone's presence; for people who are not on it, an open session provides it. */
export function listed(
  turn: Turn,
  users: readonly { readonly name: string; readonly state?: Presence }[],
): void {
  const listed = users.flatMap(({ name, state = "here" }) =>
    state === "here" ? [] : [[nameKey(name), state] as const],
  );
  const linked = turn.state.sessions.flatMap((session) => {
    if (session.kind !== "peer" || session.link !== "open") return [];
    const state = presenceOf(turn.state, session.peer);
    if (state === "here" || findName(turn.state.users, session.peer).found) return [];
    return [[nameKey(session.peer), state] as const];
  });
  turn.set({ presences: sortPresences([...linked, ...listed]) });
}

/** On a new link the peer gets our presence, and its earlier one is discarded. */
export function linkOpened(turn: Turn, sid: SessionId): void {
  const session = sessionOf(turn, sid);
  const link = findChannel(turn, sid)?.link;
  if (session === undefined || link == null) return;
  turn.setPeer(session.number, { readReceiptUpTo: 0 });
  presenceReceived(turn, session.peer, "here");
  const { presence } = turn.state;
  if (presence !== "here") turn.emit(network("sendLink", link.id, { type: "presence", state: presence }));
}

export function linkLost(turn: Turn, sid: SessionId): void {
  const session = sessionOf(turn, sid);
  if (session === undefined) return;
  if (session.typing) typingReceived(turn, sid, false);
  if (session.typingToldAt !== null) stopTyping(turn, session);
  // There is no source for it anymore.
  if (!findName(turn.state.users, session.peer).found) presenceReceived(turn, session.peer, "here");
}

/** Sends read receipts to peers of sessions without unread messages. */
export function tellRead(turn: Turn): void {
  const [, ...peers] = turn.state.sessions;
  if (!turn.state.settings.tellRead) return;
  for (const { number, sid, link, unread, readReceiptUpTo } of peers) {
    if (link !== "open" || unread > 0) continue;
    const channel = findChannel(turn, sid);
    if (channel?.link == null || channel.received <= readReceiptUpTo) continue;
    turn.setPeer(number, { readReceiptUpTo: channel.received });
    turn.emit(network("sendLink", channel.link.id, { type: "read", upTo: channel.received }));
  }
}

export function readReceived(turn: Turn, channel: PeerChannel, upTo: number): void {
  const session = sessionOf(turn, channel.sid);
  if (session === undefined || upTo > channel.sent || upTo <= session.readUpTo) return;
  turn.setPeer(session.number, { readUpTo: upTo });
}

/**
 * Reports that the user is typing, or has stopped. Repeated while typing continues, so that it does not seem to end.
 */
export function tellTyping(turn: Turn, number: SessionNumber, value: boolean): void {
  const session = turn.session(number);
  if (session?.kind !== "peer") return;
  const link = findChannel(turn, session.sid)?.link;
  if (link == null || !turn.state.settings.tellRead) return;
  if (!value) {
    if (session.typingToldAt === null) return;
    stopTyping(turn, session);
    turn.emit(network("sendLink", link.id, { type: "typing", value: false }));
    return;
  }
  turn.emit({ type: "schedule", key: `writing:${session.sid}`, ms: OWN_TYPING_MS });
  if (session.typingToldAt !== null && turn.at - session.typingToldAt < TYPING_AGAIN_MS) return;
  turn.setPeer(number, { typingToldAt: turn.at });
  turn.emit(network("sendLink", link.id, { type: "typing", value: true }));
}

/** The page has not reported typing for a while. */
export function writingEnded(turn: Turn, sid: SessionId): void {
  const session = sessionOf(turn, sid);
  if (session !== undefined) tellTyping(turn, session.number, false);
}

function stopTyping(turn: Turn, { number, sid }: PeerSession): void {
  turn.setPeer(number, { typingToldAt: null });
  turn.emit({ type: "cancel", key: `writing:${sid}` });
}

export function typingReceived(turn: Turn, sid: SessionId, value: boolean): void {
  const session = sessionOf(turn, sid);
  if (session === undefined || (!value && !session.typing)) return;
  turn.setPeer(session.number, { typing: value });
  if (value) turn.emit({ type: "schedule", key: `typing:${sid}`, ms: TYPING_MS });
  else turn.emit({ type: "cancel", key: `typing:${sid}` });
}
