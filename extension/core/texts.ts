// Every sentence that the user reads about sessions, people and the server. Codes come in, words go out.
import { errorTexts } from "../../protocol/errors.ts";
import { limits } from "../../protocol/limits.ts";
import type { LeaveReason } from "../../protocol/rendezvous.ts";
import { assertNever } from "../../protocol/result.ts";
import type { SessionNumber } from "../../protocol/webview.ts";
import type { CloseCause, PeerEnd } from "./ports.ts";
import type { PeerSession, State } from "./state.ts";
import type { Failure } from "./turn.ts";

/** `P->` stands for a session that I opened, `P~>` for one that was opened to me. */
export function mark(session: PeerSession): "P->" | "P~>" {
  return session.role === "A" ? "P->" : "P~>";
}

export const failures = {
  notJoined: { code: "not-joined", text: "You have not joined yet. Use “Chat: Join as…” first." },
  notHere: (usage: string, where: "lobby" | "peer"): Failure => ({
    code: "not-here",
    text:
      where === "lobby"
        ? `${usage} works in the lobby. \\lobby brings you there.`
        : `${usage} works in a private session. \\sessions lists yours, \\switch N goes to one.`,
  }),
  alreadyJoined: (name: string): Failure => ({
    code: "already-joined",
    text: `You are in the lobby as ${name} already. Use \\quit first, to join anew.`,
  }),
  serverAway: (what: string, reason: string): Failure => ({
    code: "server-away",
    text: `${what} cannot work now: ${reason}. You will be back in the lobby as soon as the server is; private sessions go on.`,
  }),
  selfFork: { code: "self-fork", text: "You cannot fork yourself. \\users shows who else is online." },
  unknownUser: (name: string): Failure => ({
    code: "unknown-user",
    text: `Nobody named ${name} is online. \\users shows who is.`,
  }),
  alreadyInSession: (name: string, number: SessionNumber): Failure => ({
    code: "already-in-session",
    text: `You have a private session with ${name} already: \\sw ${number}`,
  }),
  alreadyForking: (name: string): Failure => ({
    code: "already-forking",
    text: `A session with ${name} is being opened already.`,
  }),
  tooManySessions: {
    code: "too-many-sessions",
    text: `You have ${limits.sessions} private sessions, which is the most there can be. \\leave some first.`,
  },
  forkFailed: (name: string, why: string): Failure => ({
    code: "fork-failed",
    text: `The private session with ${name} could not be opened: ${why}.`,
  }),
  noSuchSession: (target: string): Failure => ({
    code: "no-such-session",
    text: `There is no session ${target}. \\sessions lists yours.`,
  }),
  messageEmpty: { code: "message-empty", text: "There is nothing to send yet." },
  messageTooLong: (bytes: number): Failure => ({
    code: "message-too-long",
    text: `This message is too long: it has ${bytes} bytes, and ${limits.textBytes} are the most. Shorten it, or send it in parts.`,
  }),
  sessionEnded: (peer: string): Failure => ({
    code: "session-ended",
    text: `Not sent: ${peer} is no longer here. \\leave closes this session; \\fork ${peer} in the lobby opens a new one.`,
  }),
  windowFull: (peer: string): Failure => ({
    code: "window-full",
    text: `Not sent: ${peer} has not received your last ${limits.unackedMessages} messages yet. Wait a moment, then send it again.`,
  }),
} as const satisfies Record<string, Failure | ((...args: never[]) => Failure)>;

/** Why there is no connection, as a sentence part. */
export function serverAwayReason(state: State): string {
  switch (state.connection.status) {
    case "offline":
      return state.connection.text;
    case "connecting":
      return "the server is being called";
    case "idle":
    case "online":
      return "there is no connection to the server";
    default:
      return assertNever(state.connection);
  }
}

/** What a server's error means, in our words where the code is known: a server's own are for who writes clients. */
export function serverErrorText(code: string, text: string): string {
  return Object.entries(errorTexts).find(([known]) => known === code)?.[1] ?? text;
}

export function lobbyClosed(cause: CloseCause): string {
  return `The lobby is closed: ${cause.text}. Trying again by itself; private sessions go on.`;
}

export function departed(name: string, reason: LeaveReason): string {
  switch (reason) {
    case "quit":
      return `${name} has quit.`;
    case "closed":
      return `${name}’s window was closed.`;
    case "lost":
      return `${name} is gone: the connection was lost.`;
    default:
      return assertNever(reason);
  }
}

export function sessionOver(session: PeerSession, end: PeerEnd): string {
  const { peer, number } = session;
  switch (end) {
    case "left":
      return `${peer} has left private session ${number}; it is over.`;
    case "quit":
      return `${peer} has quit; private session ${number} is over.`;
    case "closed":
      return `${peer}’s window was closed; private session ${number} has ended.`;
    case "lost":
      return `The link to ${peer} was lost; private session ${number} has ended.`;
    case "protocol":
      return `${peer} sent something that is no chat; private session ${number} has ended.`;
    default:
      return assertNever(end);
  }
}

export function declined(reason: "in-session" | "unavailable" | "gone" | "timeout"): string {
  switch (reason) {
    case "in-session":
      return "the other side still has a session with you; it has to be left there first";
    case "unavailable":
      return "the other side cannot take private sessions now";
    case "gone":
      return "the other side has just left";
    case "timeout":
      return "there was no answer in time";
    default:
      return assertNever(reason);
  }
}
