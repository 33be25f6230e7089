// A private session's conversation over its channel: numbered messages, acknowledgements, what waits while there is no
// link, and the end.
import * as l10n from "@vscode/l10n";
import { isBlank } from "../../../protocol/blank.ts";
import { utf8Length } from "../../../protocol/codec.ts";
import { closeCodes } from "../../../protocol/errors.ts";
import type { Boot } from "../../../protocol/fields.ts";
import { limits } from "../../../protocol/limits.ts";
import { bodyOf, type MessageBody } from "../../../protocol/messageContent.ts";
import type { PeerMessage } from "../../../protocol/peer.ts";
import { err, ok, type Result } from "../../../protocol/result.ts";
import type { PendingMessage } from "../../../protocol/webview.ts";
import * as presence from "../people/presence.ts";
import * as attention from "../people/attention.ts";
import * as whereabouts from "../people/whereabouts.ts";
import { network, transfers } from "../model/effects.ts";
import { type About, forgetNumbers, forgetOwnNumbersAbove, take } from "./messageChanges.ts";
import { hasRoom } from "./pendingRoom.ts";
import { sendMessage } from "./sendMessage.ts";
import { LOBBY, type PeerSession } from "../model/session.ts";
import { isHeldBack, savedUpTo } from "../saved/storage.ts";
import type { PeerChannel } from "../model/peerChannel.ts";
import { failures } from "../texts/texts.ts";
import type { Turn } from "../model/turn.ts";
import type { Failure } from "../model/outcome.ts";
import { findChannel, removeChannel, sessionOf, setChannel } from "../channels/channelState.ts";
import { dropChannel } from "../channels/channel.ts";
import { sessionTexts } from "../texts/sessionTexts.ts";

type Frame<T extends PeerMessage["type"]> = Extract<PeerMessage, { type: T }>;

/**
 * Sends a message to the peer. It stays pending until the peer has acknowledged it, over as many links as necessary.
 */
export function sayToPeer(
  turn: Turn,
  session: PeerSession,
  body: MessageBody<About>,
): Result<undefined, Failure> {
  const channel = findChannel(turn, session.sid);
  if (session.link === "ended" || channel === undefined) return err(failures.sessionEnded(session.peer));
  if (!hasRoom(session.pending, body)) return err(failures.windowFull(session.peer));
  const seq = channel.sent + 1;
  setChannel(turn, channel.sid, { sent: seq });
  const message: PendingMessage = {
    ...{ id: String(seq), at: turn.at, status: "sending" },
    ...bodyOf(body),
  };
  turn.setPeer(session.number, { pending: [...session.pending, message] });
  if (channel.link !== null && !isHeldBack(turn.state, session, message))
    sendMessage(turn, channel.link, message);
  return ok(undefined);
}

/**
 * Resends a failed message, behind what waits and under the next number. The peer may have it already; the user has to
 * judge that. Its reference is still valid: a peer that forgot its numbers has removed invalid ones.
 */
export function sayAgain(turn: Turn, session: PeerSession, id: string): void {
  const message = session.pending.find((each) => each.id === id && each.status === "failed");
  if (message === undefined) return;
  const others = { ...session, pending: session.pending.filter((each) => each !== message) };
  const said = sayToPeer(turn, others, message);
  if (!said.ok) turn.notice(session.number, "error", said.error.text);
}

/**
 * Receives a message. Returns false if it cannot follow the previous ones. A repeated one is only acknowledged again.
 */
export function received(turn: Turn, channel: PeerChannel, frame: Frame<"message">): boolean {
  const session = sessionOf(turn, channel.sid);
  if (session === undefined || channel.link === null || frame.seq > channel.received + 1) return false;
  if (frame.seq === channel.received + 1) {
    if (isBlank(frame.text) || utf8Length(frame.text) > limits.textBytes) return false;
    setChannel(turn, channel.sid, { received: frame.seq });
    const at = Math.min(frame.at, turn.at);
    const said = { ...bodyOf(frame), from: session.peer, own: false, at, seq: frame.seq };
    const isNew = take(turn, session.number, said);
    if (isNew) {
      if (frame.part?.kind === "code") whereabouts.answered(turn, channel.sid);
      if (frame.part?.kind === "file") turn.emit(transfers("offered", channel.sid, frame.part));
      turn.countUnread(session.number);
      attention.note(turn, { kind: "message", session: session.number, from: session.peer });
    }
    presence.typingReceived(turn, channel.sid, false);
  }
  const upTo = savedUpTo(turn.state, findChannel(turn, channel.sid) ?? channel);
  turn.emit(network("sendLink", channel.link.id, { type: "ack", received: upTo }));
  return true;
}

/** Moves acknowledged messages from the pending ones to the conversation. Returns false if they were never sent. */
export function acknowledged(turn: Turn, channel: PeerChannel, upTo: number): boolean {
  const session = sessionOf(turn, channel.sid);
  if (session === undefined || upTo > channel.sent) return false;
  const isConfirmed = ({ id, status }: PendingMessage): boolean => status === "sending" && Number(id) <= upTo;
  const confirmed = session.pending.filter(isConfirmed);
  if (confirmed.length === 0) return true;
  turn.setPeer(session.number, { pending: session.pending.filter((message) => !isConfirmed(message)) });
  const from = turn.state.me?.name ?? "";
  for (const message of confirmed) {
    const { id, at } = message;
    take(turn, session.number, { ...bodyOf(message), from, own: true, at, seq: Number(id) });
  }
  return true;
}

/** There is a link again: acknowledges what the peer has, and resends what it lacks. */
export function linkOpened(
  turn: Turn,
  session: PeerSession,
  channel: PeerChannel,
  peerReceived: number,
): void {
  const wasAway = session.link === "waiting";
  turn.setPeer(session.number, { link: "open" });
  acknowledged(turn, channel, peerReceived);
  if (channel.link === null) return;
  resend(turn, channel);
  if (wasAway && session.isAwayAnnounced)
    turn.notice(session.number, "info", sessionTexts.back(session.peer));
  turn.setPeer(session.number, { isAwayAnnounced: false });
}

/** Resends everything unacknowledged; the peer merely acknowledges again what it already has. */
export function resend(turn: Turn, { sid, link }: PeerChannel): void {
  const session = sessionOf(turn, sid);
  if (session === undefined || link === null) return;
  for (const message of session.pending) {
    if (message.status === "sending" && !isHeldBack(turn.state, session, message)) {
      sendMessage(turn, link, message);
    }
  }
}

/** The link is lost. A short gap is not reported; the redial reports a longer one. */
export function linkLost(turn: Turn, session: PeerSession): void {
  turn.setPeer(session.number, { link: "waiting" });
}

/** A gap has lasted for some dials: report it, once. */
export function stillAway(turn: Turn, channel: PeerChannel): void {
  const session = sessionOf(turn, channel.sid);
  if (session?.link !== "waiting" || session.isAwayAnnounced) return;
  turn.setPeer(session.number, { isAwayAnnounced: true });
  turn.notice(session.number, "info", sessionTexts.away(session.peer, channel.failure));
}

/** The peer has lost this session's data: unacknowledged messages are in doubt, and are not resent automatically. */
export function peerForgot(turn: Turn, channel: PeerChannel): void {
  const session = sessionOf(turn, channel.sid);
  if (session === undefined) return;
  const doubtful = session.pending.filter(({ status }) => status === "sending").length;
  failPending(turn, session);
  forgetNumbers(turn, session.number);
  turn.setPeer(session.number, { readUpTo: 0, isAwayAnnounced: false });
  turn.notice(session.number, "error", sessionTexts.forgot(session.peer, doubtful));
}

/**
 * This window's own data of a session has gaps, as after a damaged file, so it is unknown which messages the peer
 * lacks. A new boot makes both sides start numbering again; unacknowledged messages are in doubt.
 */
export function mendGaps(turn: Turn): void {
  for (const channel of turn.state.channels) {
    const session = sessionOf(turn, channel.sid);
    if (session === undefined || isContiguous(session, channel.sent)) continue;
    setChannel(turn, channel.sid, { boot: turn.newId() as Boot, sent: 0, received: 0 });
    failPending(turn, session);
    forgetNumbers(turn, session.number);
    turn.setPeer(session.number, { readUpTo: 0 });
    turn.notice(session.number, "error", sessionTexts.damaged(session.peer));
  }
}

/** Whether the pending messages have exactly the last numbers that were assigned. */
function isContiguous({ pending }: PeerSession, sent: number): boolean {
  const waiting = pending.filter(({ status }) => status !== "failed");
  return waiting.every(({ id }, i) => Number(id) === sent - waiting.length + 1 + i);
}

/** The number of the newest message that the peer has acknowledged; later ones are pending. */
export function acknowledgedUpTo(turn: Turn, channel: PeerChannel): number {
  const pending = sessionOf(turn, channel.sid)?.pending.find(({ status }) => status === "sending");
  return pending === undefined ? channel.sent : Number(pending.id) - 1;
}

/**
 * The peer has fewer of our messages than it had acknowledged: it restored an older copy of its data. Our numbers
 * continue from there. What it had acknowledged beyond that is in doubt, and so is what it had not.
 */
export function peerWentBack(turn: Turn, channel: PeerChannel, received: number): void {
  const session = sessionOf(turn, channel.sid);
  const gone = acknowledgedUpTo(turn, channel) - received;
  setChannel(turn, channel.sid, { sent: received });
  if (session === undefined) return;
  const doubtful = session.pending.filter(({ status }) => status === "sending").length;
  failPending(turn, session);
  forgetOwnNumbersAbove(turn, session.number, received);
  turn.setPeer(session.number, { readUpTo: Math.min(session.readUpTo, received), isAwayAnnounced: false });
  turn.notice(session.number, "error", sessionTexts.wentBack(session.peer, gone + doubtful));
}

/** The two sides' numbers contradict each other: continuing would lose something silently. */
export function memoriesDiffer(turn: Turn, channel: PeerChannel): void {
  const session = sessionOf(turn, channel.sid);
  if (channel.link !== null) turn.emit(network("closeLink", channel.link.id, closeCodes.unknownSession));
  removeChannel(turn, channel.sid);
  if (session !== undefined) end(turn, session, sessionTexts.memoriesDiffer(session.peer));
}

/** The peer no longer has this session. */
export function peerDoesNotKnow(turn: Turn, session: PeerSession): void {
  end(turn, session, sessionTexts.unknown(session.peer));
}

/** The peer has ended the session on purpose, for both sides. */
export function peerEnded(turn: Turn, session: PeerSession, reason: "left" | "quit"): void {
  const text = withUnconfirmed(sessionTexts.ended(session, reason), session);
  // Unread messages, a draft and unacknowledged messages are never removed without the user.
  if (session.unread === 0 && !isWriting(session) && session.pending.length === 0) {
    remove(turn, session);
    turn.notice(turn.state.active, "info", text);
    return;
  }
  failPending(turn, session);
  turn.setPeer(session.number, { link: "ended" });
  turn.notice(session.number, "info", text);
  // A user who is typing stays, or the rest of the line would go to everyone.
  if (turn.state.active === session.number && !isWriting(session)) turn.activate(LOBBY);
  if (turn.state.active !== session.number) turn.notice(turn.state.active, "info", text);
}

function end(turn: Turn, session: PeerSession, text: string): void {
  failPending(turn, session);
  turn.setPeer(session.number, { link: "ended" });
  turn.notice(session.number, "error", withUnconfirmed(text, session));
  if (turn.state.active !== session.number) turn.notice(turn.state.active, "info", text);
}

/** Gives failed messages ids of their own, because their numbers may be reused. */
function failPending(turn: Turn, session: PeerSession): void {
  turn.setPeer(session.number, {
    pending: session.pending.map((message) =>
      message.status === "failed"
        ? message
        : {
            ...message,
            id: turn.newMessageId(),
            status: "failed",
            reason: l10n.t("{0} didn't confirm it", session.peer),
          },
    ),
  });
}

/** Ends a session for both sides, or closes one that has ended. A user who was in it is shown the lobby. */
export function leave(turn: Turn, session: PeerSession): void {
  const told = session.link;
  dropChannel(turn, session.sid, "left");
  remove(turn, session);
  if (told === "ended") return;
  turn.notice(turn.state.active, "info", sessionTexts.left(session, told === "waiting"));
}

function remove(turn: Turn, session: PeerSession): void {
  const [lobby, ...peers] = turn.state.sessions;
  turn.set({ sessions: [lobby, ...peers.filter((other) => other.number !== session.number)] });
  if (turn.state.verifying === session.number) turn.set({ verifying: null });
  if (turn.state.active === session.number) turn.activate(LOBBY);
}

/** Appends a sentence about lost messages, if there are any. */
function withUnconfirmed(text: string, session: PeerSession): string {
  const count = session.pending.length;
  if (count === 0) return text;
  const lost =
    count === 1
      ? l10n.t("Your last message was not confirmed.")
      : l10n.t("Your last {0} messages were not confirmed.", count);
  return `${text} ${lost}`;
}

/** Whether the user is writing: half-written text is never taken away. */
function isWriting({ draft, draftAbout, attached, files }: PeerSession): boolean {
  return draft !== "" || draftAbout !== null || attached !== null || files.length > 0;
}
