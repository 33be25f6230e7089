// The lobby's conversation: messages, arrivals and departures.
import * as l10n from "@vscode/l10n";
import { utf8Length } from "../../../protocol/codec.ts";
import { wordsOf } from "../../../protocol/codeText.ts";
import type { LobbyAbout, MessageId } from "../../../protocol/fields.ts";
import { limits } from "../../../protocol/limits.ts";
import {
  bodyOf,
  contentOf,
  lobbyBody,
  withoutPart,
  type MessageBody,
} from "../../../protocol/messageContent.ts";
import type { ServerMessage } from "../../../protocol/rendezvous.ts";
import { err, ok, type Result } from "../../../protocol/result.ts";
import type { PendingMessage } from "../../../protocol/webview.ts";
import * as attention from "../people/attention.ts";
import * as presence from "../people/presence.ts";
import { LONGEST_WAIT_MS } from "../channels/backoff.ts";
import { network } from "../model/effects.ts";
import { type About, isMentioned, isTakenFrom, take } from "../sessions/messageChanges.ts";
import { findName, sortNames } from "../people/nameList.ts";
import { isBlocked, learnBlockedKey } from "../people/people.ts";
import { bytesOf, hasRoom } from "../sessions/pendingRoom.ts";
import { rejoins } from "./loss.ts";
import { appendPresence } from "./presenceLines.ts";
import { LOBBY } from "../model/session.ts";
import { isLobbyOpen } from "../model/sessionState.ts";
import { departed, failures, serverAwayReason } from "../texts/texts.ts";
import type { Turn } from "../model/turn.ts";
import type { Failure } from "../model/outcome.ts";

/** Milliseconds between two batches of delayed messages. */
const PACE_MS = 1_000;

/** Bytes per batch, and bytes of unnumbered messages that are sent at once: the server reads no more per key. */
const PACED_BYTES = (limits.lobbyBytesPerSecond * limits.keyShare) / 2;
const AHEAD_BYTES = limits.lobbyBytesPerSecond * limits.keyBurstSeconds;

type Message<T extends ServerMessage["type"]> = Extract<ServerMessage, { type: T }>;

/** Sends a message to everyone. It stays pending until the server has given it a number. */
export function sayToAll(turn: Turn, body: MessageBody<About>): Result<undefined, Failure> {
  if (!isLobbyOpen(turn.state)) {
    return err(failures.serverAway(l10n.t("The lobby"), serverAwayReason(turn.state)));
  }
  if (!hasRoom(turn.lobby.pending, body)) return err(failures.windowFull(l10n.t("the server")));
  const isAhead = bytesSending(turn.lobby.pending) >= AHEAD_BYTES;
  const message: PendingMessage = {
    ...{ id: turn.newMessageId(), at: turn.at, status: "sending" },
    ...bodyOf(body),
  };
  turn.setLobby({ pending: [...turn.lobby.pending, message] });
  if (turn.state.pacing || turn.state.connection.status !== "online") return ok(undefined);
  if (isAhead) slowDown(turn, PACE_MS);
  else send(turn, message);
  return ok(undefined);
}

/**
 * Sends unacknowledged messages (again), under their old ids: after a reconnect, or after a rate limit. The server
 * delivers each id once, so resending is harmless. Keeps the order and the server's rate.
 */
export function sendPending(turn: Turn): void {
  const pending = turn.lobby.pending.filter(({ status }) => status === "sending");
  const batch = nextBatch(pending, Math.floor(turn.state.rate / 2));
  for (const message of pending.slice(0, batch)) send(turn, message);
  const pacing = pending.length > batch;
  turn.set({ pacing });
  if (pacing) turn.emit({ type: "schedule", key: "pace", ms: PACE_MS });
}

/** How many are sent together: at least one, and at most half the bytes that the server reads in that time. */
function nextBatch(pending: readonly PendingMessage[], limit: number): number {
  let bytes = 0;
  let count = 0;
  for (const message of pending) {
    bytes += bytesOf(message);
    if (count > 0 && (count >= limit || bytes > PACED_BYTES)) break;
    count += 1;
  }
  return count;
}

/** Bytes of the messages in flight. */
function bytesSending(pending: readonly PendingMessage[]): number {
  return pending.reduce((sum, message) => sum + (message.status === "sending" ? bytesOf(message) : 0), 0);
}

/**
 * Under another name, other windows would ignore a change to an own message. A change that the server took is among the
 * missed messages.
 */
export function holdChanges(turn: Turn): void {
  const me = turn.state.me?.name ?? "";
  for (const { id, about } of turn.lobby.pending) {
    if (!isTakenFrom(turn.lobby, about, me)) messageRejected(turn, id, failures.notYours.text);
  }
}

/** The server was sent too many messages: the rejected ones, and all after them, wait. */
export function slowDown(turn: Turn, retryMs: number): void {
  turn.set({ pacing: true });
  turn.emit({ type: "schedule", key: "pace", ms: Math.min(Math.max(100, retryMs), LONGEST_WAIT_MS) });
}

export function retryLobbyMessage(turn: Turn, id: string): void {
  const message = turn.lobby.pending.find((pending) => pending.id === id && pending.status === "failed");
  if (message === undefined) return;
  if (!isLobbyOpen(turn.state)) {
    turn.fail(null, failures.serverAway(l10n.t("The lobby"), serverAwayReason(turn.state)));
    return;
  }
  if (!isTakenFrom(turn.lobby, message.about, turn.state.me?.name ?? "")) {
    turn.fail(null, failures.notYours);
    return;
  }
  const others = turn.lobby.pending.filter((pending) => pending !== message);
  if (!hasRoom(others, message)) {
    turn.fail(null, failures.windowFull(l10n.t("the server")));
    return;
  }
  const again: PendingMessage = {
    ...{ id, at: turn.at, status: "sending" },
    ...bodyOf(message),
  };
  turn.setLobby({ pending: [...others, again] });
  if (!turn.state.pacing) send(turn, again);
}

function send(turn: Turn, message: PendingMessage): void {
  const { connection } = turn.state;
  if (connection.status !== "online") return;
  // Ids of lobby messages come from `newMessageId`.
  const id = message.id as MessageId;
  const { about } = message;
  const content = turn.state.passesParts ? contentOf(message) : withoutPart(contentOf(message));
  const body = lobbyBody<LobbyAbout>(isLobbyAbout(about) ? { ...content, about } : content);
  turn.emit(network("send", connection.id, { type: "say", id, ...body }));
}

/** Lobby messages are identified by their number alone, without their author. */
function isLobbyAbout(about: About | undefined): about is LobbyAbout {
  return about !== undefined && !("of" in about);
}

export function acknowledged(turn: Turn, message: Message<"ack">): void {
  settleOwn(turn, message.id, message.seq, message.at);
}

export function said(turn: Turn, message: Message<"said">): void {
  const { lastSeen } = turn.state;
  if (lastSeen !== null && message.seq <= lastSeen.seq) return;
  if (isOwn(turn, message) && settleOwn(turn, message.id, message.seq, message.at, message.from)) return;
  seen(turn, message.seq);
  const { from, pin, text, seq, about } = message;
  if (pin !== undefined) learnBlockedKey(turn, from, pin);
  // No honest server sends this, and no window has to keep it.
  if (utf8Length(text) > limits.textBytes) return;
  // People who are blocked can still retract their earlier messages.
  if (about?.kind !== "retract" && isBlocked(turn.state, from, pin ?? null)) return;
  // Other clocks may be wrong; no message is from the future.
  const said = { ...bodyOf(message), from, pin, own: false, at: Math.min(message.at, turn.at), seq };
  if (!take(turn, LOBBY, said) || seq <= turn.state.saidBefore) return;
  turn.countUnread(LOBBY);
  if (isMentioned(turn, wordsOf(message))) attention.note(turn, { kind: "mention", session: LOBBY, from });
}

/**
 * Others may guess ids after reading some, so a message is ours only if its text is ours, too. Our name may have
 * changed since.
 */
function isOwn(turn: Turn, message: Message<"said">): boolean {
  return turn.lobby.pending.some(({ id, text }) => id === message.id && text === message.text);
}

/** Moves an own message from the pending ones to the conversation, at the place given by its number. */
function settleOwn(
  turn: Turn,
  id: string,
  seq: number,
  at: number,
  from = turn.state.me?.name ?? "",
): boolean {
  const message = turn.lobby.pending.find((pending) => pending.id === id);
  if (message === undefined) return false;
  seen(turn, seq);
  turn.setLobby({ pending: turn.lobby.pending.filter((pending) => pending !== message) });
  take(turn, LOBBY, { ...bodyOf(message), from, own: true, at: Math.min(at, turn.at), seq });
  return true;
}

function seen(turn: Turn, seq: number): void {
  const { lastSeen } = turn.state;
  if (lastSeen !== null && seq > lastSeen.seq) turn.set({ lastSeen: { epoch: lastSeen.epoch, seq } });
}

/** The server rejected a message. It stays, with the reason, and can be resent or discarded. */
export function messageRejected(turn: Turn, id: string, reason: string): void {
  turn.setLobby({
    pending: turn.lobby.pending.map((message) =>
      message.id === id ? { ...message, status: "failed", reason } : message,
    ),
  });
}

export function arrived(turn: Turn, message: Message<"arrived">): void {
  const { users } = turn.state;
  const { index, found } = findName(users, message.name);
  if (found || users.length >= limits.clients) return;
  turn.set({ users: users.toSpliced(index, 0, message.name) });
  if (rejoins(turn, message.name)) return;
  tellPresence(turn, message.name, "joined", l10n.t("{0} has joined.", message.name));
}

export function left(turn: Turn, message: Message<"left">): void {
  const { index, found } = findName(turn.state.users, message.name);
  if (!found) return;
  turn.set({ users: turn.state.users.toSpliced(index, 1) });
  presence.leftLobby(turn, message.name);
  tellPresence(turn, message.name, "left", departed(message.name, message.reason));
}

function tellPresence(turn: Turn, name: string, what: "joined" | "left", text: string): void {
  if (isBlocked(turn.state, name, null)) return;
  const { transcript } = turn.lobby;
  turn.setLobby({ transcript: appendPresence(transcript, { at: turn.at, name, what, text }) });
}

export function usersListed(turn: Turn, message: Message<"users">): void {
  turn.set({ users: sortNames(message.items.map((user) => user.name)) });
  presence.listed(turn, message.items);
}
