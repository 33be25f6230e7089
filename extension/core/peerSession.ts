// A peer session's conversation: messages with numbers and acknowledgements, and its end.
import { utf8Length } from "../../protocol/codec.ts";
import type { SessionId } from "../../protocol/fields.ts";
import { limits } from "../../protocol/limits.ts";
import { err, ok, type Result } from "../../protocol/result.ts";
import { assertNever } from "../../protocol/result.ts";
import { network } from "./effects.ts";
import type { PeerEnd, PeerFrame } from "./ports.ts";
import { LOBBY, type PeerSession } from "./state.ts";
import { failures, sessionOver } from "./texts.ts";
import type { Failure, Turn } from "./turn.ts";

/** Sends a message to the peer. It stays pending until the peer has acknowledged it. */
export function sayToPeer(turn: Turn, session: PeerSession, text: string): Result<undefined, Failure> {
  if (session.link === "ended") return err(failures.sessionEnded(session.peer));
  if (session.pending.length >= limits.unackedMessages) return err(failures.windowFull(session.peer));
  const seq = session.sent + 1;
  turn.setPeer(session.number, {
    sent: seq,
    pending: [...session.pending, { id: String(seq), at: turn.at, text, status: "sending" }],
  });
  turn.emit(network("sendPeer", session.sid, { type: "message", seq, at: turn.at, text }));
  return ok(undefined);
}

export function peerFrame(turn: Turn, sid: SessionId, frame: PeerFrame): void {
  const session = findSession(turn, sid);
  if (session?.link !== "open") return;
  switch (frame.type) {
    case "message":
      received(turn, session, frame);
      return;
    case "ack":
      acknowledged(turn, session, frame.received);
      return;
    default:
      assertNever(frame);
  }
}

function received(turn: Turn, session: PeerSession, frame: Extract<PeerFrame, { type: "message" }>): void {
  const { number, sid, peer } = session;
  const valid = frame.text.trim() !== "" && utf8Length(frame.text) <= limits.textBytes;
  if (frame.seq !== session.received + 1 || !valid) {
    turn.emit(network("rejectPeer", sid));
    peerClosed(turn, sid, "protocol");
    return;
  }
  turn.setPeer(number, { received: frame.seq });
  turn.receive(number, peer, frame.at, frame.text);
  turn.emit(network("sendPeer", sid, { type: "ack", received: frame.seq }));
}

/** Moves the acknowledged messages from the pending ones to the conversation. */
function acknowledged(turn: Turn, session: PeerSession, upTo: number): void {
  if (upTo > session.sent) {
    turn.emit(network("rejectPeer", session.sid));
    peerClosed(turn, session.sid, "protocol");
    return;
  }
  const from = turn.state.me?.name ?? "";
  const confirmed = session.pending.filter((message) => Number(message.id) <= upTo);
  turn.setPeer(session.number, { pending: session.pending.slice(confirmed.length) });
  for (const { at, text } of confirmed)
    turn.add(session.number, { kind: "message", from, own: true, at, text });
}

/** The peer's link is gone. What it ended on purpose is over for both; what broke off stays to be read. */
export function peerClosed(turn: Turn, sid: SessionId, end: PeerEnd): void {
  const session = findSession(turn, sid);
  if (session?.link !== "open") return;
  const text = sessionOver(session, end) + unconfirmed(session);
  const onPurpose = end === "left" || end === "quit";
  // Last words that were not read yet, a draft, what was not confirmed: none of it goes without its owner's doing.
  const hasMore = session.unread > 0 || session.draft !== "" || session.pending.length > 0;
  if (onPurpose && !hasMore) {
    remove(turn, session);
    turn.notice(turn.state.active, "info", text);
    return;
  }
  turn.setPeer(session.number, {
    link: "ended",
    pending: session.pending.map((message) => ({
      ...message,
      status: "failed",
      reason: `${session.peer} did not confirm it`,
    })),
  });
  turn.notice(session.number, onPurpose ? "info" : "error", text);
  // Who is in the midst of a sentence stays, or the rest of it would go to everybody.
  if (onPurpose && turn.state.active === session.number && session.draft === "") turn.activate(LOBBY);
  if (turn.state.active !== session.number) turn.notice(turn.state.active, "info", text);
}

/** Ends a session for both, or closes one that has ended already. Whoever was in it lands in the lobby. */
export function leave(turn: Turn, session: PeerSession): void {
  if (session.link === "open") turn.emit(network("closePeer", session.sid, "left"));
  remove(turn, session);
  if (session.link === "open") {
    turn.notice(
      turn.state.active,
      "info",
      `You have left private session ${session.number} with ${session.peer}.`,
    );
  }
}

function remove(turn: Turn, session: PeerSession): void {
  const [lobby, ...peers] = turn.state.sessions;
  turn.set({ sessions: [lobby, ...peers.filter((other) => other.number !== session.number)] });
  if (turn.state.active === session.number) turn.activate(LOBBY);
}

function unconfirmed(session: PeerSession): string {
  const count = session.pending.length;
  if (count === 0) return "";
  return count === 1
    ? " Your last message was not confirmed."
    : ` Your last ${count} messages were not confirmed.`;
}

function findSession(turn: Turn, sid: SessionId): PeerSession | undefined {
  const [, ...peers] = turn.state.sessions;
  return peers.find((session) => session.sid === sid);
}
