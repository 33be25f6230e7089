// A private session's conversation over its channel: messages with numbers and acknowledgements, what waits while there is
// no link, and the end.
import * as l10n from "@vscode/l10n";
import { isBlank } from "../../../protocol/blank.ts";
import { utf8Length } from "../../../protocol/codec.ts";
import { closeCodes } from "../../../protocol/errors.ts";
import type { Boot, PeerAbout } from "../../../protocol/fields.ts";
import { limits } from "../../../protocol/limits.ts";
import { bodyOf, contentOf, type MessageBody } from "../../../protocol/messageContent.ts";
import type { PeerMessage } from "../../../protocol/peer.ts";
import { err, ok, type Result } from "../../../protocol/result.ts";
import type { PendingMessage } from "../../../protocol/webview.ts";
import * as presence from "../people/presence.ts";
import * as attention from "../people/attention.ts";
import { network } from "../model/effects.ts";
import { type About, forgetNumbers, forgetOwnNumbersAbove, take } from "./messageChanges.ts";
import { hasRoom } from "./pendingRoom.ts";
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

/** Says something to the peer. It stays pending until the peer has acknowledged it, over as many links as that takes. */
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
    sendMessage(turn, channel.link.id, message);
  return ok(undefined);
}

/**
 * Says a failed message anew, behind what waits and under the next number: it may be that the peer has it, which is for
 * the user to judge. What it is about can still be named: a peer that forgot its numbers has taken that from it.
 */
export function sayAgain(turn: Turn, session: PeerSession, id: string): void {
  const message = session.pending.find((each) => each.id === id && each.status === "failed");
  if (message === undefined) return;
  const others = { ...session, pending: session.pending.filter((each) => each !== message) };
  const said = sayToPeer(turn, others, message);
  if (!said.ok) turn.notice(session.number, "error", said.error.text);
}

/** Pending messages of a channel bear their numbers as ids. */
function sendMessage(turn: Turn, link: string, message: PendingMessage): void {
  const { id, at, about } = message;
  const frame = { type: "message", seq: Number(id), at, ...contentOf(message) } as const;
  turn.emit(network("sendLink", link, isPeerAbout(about) ? { ...frame, about } : frame));
}

/** Whose message is meant has to be said where both sides number their own. */
function isPeerAbout(about: About | undefined): about is PeerAbout {
  return about !== undefined && (about.kind === "edit" || about.kind === "retract" || "of" in about);
}

/** Takes a message in. False when it cannot follow what came before. One that has come already is only confirmed again. */
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
      turn.countUnread(session.number);
      attention.note(turn, { kind: "message", session: session.number, from: session.peer });
    }
    presence.typingReceived(turn, channel.sid, false);
  }
  const upTo = savedUpTo(turn.state, findChannel(turn, channel.sid) ?? channel);
  turn.emit(network("sendLink", channel.link.id, { type: "ack", received: upTo }));
  return true;
}

/** Moves the acknowledged messages from the pending ones to the conversation. False when they were never sent. */
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

/** There is a link again: what the peer has is confirmed, what it lacks is sent again. */
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

/** Sends all that the peer has not acknowledged; what it has all the same it only acknowledges again. */
export function resend(turn: Turn, { sid, link }: PeerChannel): void {
  const session = sessionOf(turn, sid);
  if (session === undefined || link === null) return;
  for (const message of session.pending) {
    if (message.status === "sending" && !isHeldBack(turn.state, session, message)) {
      sendMessage(turn, link.id, message);
    }
  }
}

/** The link is gone. Nobody is told of a short gap: the redial tells when it has lasted. */
export function linkLost(turn: Turn, session: PeerSession): void {
  turn.setPeer(session.number, { link: "waiting" });
}

/** A gap has lasted for some dials: worth a line, once. */
export function stillAway(turn: Turn, channel: PeerChannel): void {
  const session = sessionOf(turn, channel.sid);
  if (session?.link !== "waiting" || session.isAwayAnnounced) return;
  turn.setPeer(session.number, { isAwayAnnounced: true });
  turn.notice(session.number, "info", sessionTexts.away(session.peer, channel.failure));
}

/** The peer has lost its memory of this session: what it had not confirmed is in doubt, and is not sent again by itself. */
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
 * This window's own memory of a session has gaps, as from a damaged file: which messages the peer lacks cannot be told any
 * more. A new boot makes both sides count anew; what was not confirmed is in doubt.
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

/** Whether what waits bears the last numbers that were given, each of them. */
function isContiguous({ pending }: PeerSession, sent: number): boolean {
  const waiting = pending.filter(({ status }) => status !== "failed");
  return waiting.every(({ id }, i) => Number(id) === sent - waiting.length + 1 + i);
}

/** The number of the newest message that the peer has acknowledged; what follows it is pending. */
export function acknowledgedUpTo(turn: Turn, channel: PeerChannel): number {
  const pending = sessionOf(turn, channel.sid)?.pending.find(({ status }) => status === "sending");
  return pending === undefined ? channel.sent : Number(pending.id) - 1;
}

/**
 * The peer has fewer of our messages than it had acknowledged: it restored an older copy of its memory. Our numbers go on
 * from there. What it had not acknowledged is in doubt, and so is what it had.
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

/** The numbers of both sides cannot belong together: to go on would lose something without a word. */
export function memoriesDiffer(turn: Turn, channel: PeerChannel): void {
  const session = sessionOf(turn, channel.sid);
  if (channel.link !== null) turn.emit(network("closeLink", channel.link.id, closeCodes.unknownSession));
  removeChannel(turn, channel.sid);
  if (session !== undefined) end(turn, session, sessionTexts.memoriesDiffer(session.peer));
}

/** The peer does not know this session any more. */
export function peerDoesNotKnow(turn: Turn, session: PeerSession): void {
  end(turn, session, sessionTexts.unknown(session.peer));
}

/** The peer has ended it on purpose: it is over for both. */
export function peerEnded(turn: Turn, session: PeerSession, reason: "left" | "quit"): void {
  const text = withUnconfirmed(sessionTexts.ended(session, reason), session);
  // Last words that were not read yet, a draft, what was not confirmed: none of it goes without its owner's doing.
  if (session.unread === 0 && !isWriting(session) && session.pending.length === 0) {
    remove(turn, session);
    turn.notice(turn.state.active, "info", text);
    return;
  }
  failPending(turn, session);
  turn.setPeer(session.number, { link: "ended" });
  turn.notice(session.number, "info", text);
  // Who is in the midst of a sentence stays, or the rest of it would go to everybody.
  if (turn.state.active === session.number && !isWriting(session)) turn.activate(LOBBY);
  if (turn.state.active !== session.number) turn.notice(turn.state.active, "info", text);
}

function end(turn: Turn, session: PeerSession, text: string): void {
  failPending(turn, session);
  turn.setPeer(session.number, { link: "ended" });
  turn.notice(session.number, "error", withUnconfirmed(text, session));
  if (turn.state.active !== session.number) turn.notice(turn.state.active, "info", text);
}

/** Under ids of their own: the numbers may be given again. */
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

/** Ends a session for both, or closes one that has ended already. Whoever was in it lands in the lobby. */
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

/** With what is lost, if anything is, as one more sentence. */
function withUnconfirmed(text: string, session: PeerSession): string {
  const count = session.pending.length;
  if (count === 0) return text;
  const lost =
    count === 1
      ? l10n.t("Your last message was not confirmed.")
      : l10n.t("Your last {0} messages were not confirmed.", count);
  return `${text} ${lost}`;
}

/** Whether something is half written: it is not taken from under the hands of who writes. */
function isWriting({ draft, draftAbout }: PeerSession): boolean {
  return draft !== "" || draftAbout !== null;
}
