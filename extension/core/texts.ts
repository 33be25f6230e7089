// Every sentence that the user reads about sessions, people and the server. Codes come in, words go out.
import { errorTexts } from "../../protocol/errors.ts";
import { limits } from "../../protocol/limits.ts";
import type { LeaveReason } from "../../protocol/rendezvous.ts";
import { assertNever } from "../../protocol/result.ts";
import type { CloseCause } from "./ports.ts";
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
  alreadyInSession: ({ peer, number, link }: PeerSession): Failure => ({
    code: "already-in-session",
    text:
      `You have a private session with ${peer} already: \\sw ${number}` +
      (link === "away" ? ` (what you write there waits for ${peer})` : ""),
  }),
  blocked: (name: string): Failure => ({
    code: "blocked",
    text: `You have blocked ${name}. \\unblock ${name} lets them in again.`,
  }),
  notBlocked: (name: string): Failure => ({
    code: "unknown-user",
    text: `Nobody named ${name} is blocked.`,
  }),
  blockSelf: { code: "self-fork", text: "You cannot block yourself." },
  noQuestion: (name: string): Failure => ({
    code: "no-question",
    text: `${name} does not wait for an answer of yours.`,
  }),
  nothingToVerify: {
    code: "no-such-session",
    text: "\\verify shows the number of the private session that it is typed in, once that has been connected.",
  },
  usageOfIntroduce: {
    code: "usage",
    text: "\\introduce takes two names of people with whom you have private sessions: \\introduce ANNA CARMEN",
  },
  notInSession: (name: string): Failure => ({
    code: "no-such-session",
    text: `You have no private session with ${name} that is connected now. \\sessions lists yours.`,
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
  unknownMessage: {
    code: "unknown-message",
    text: "This message is too old to be answered or changed.",
  },
  notYours: { code: "not-yours", text: "Only its author can change a message." },
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
    text: `Not sent: as much as may wait for ${peer} waits already. What you typed is still here; send it again once ${peer} has received some.`,
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

/** The first line of a private session. */
export function opened(
  { role, peer }: { readonly role: "A" | "B"; readonly peer: string },
  by: string | null,
): string {
  const who =
    role === "A" ? `You opened this private session with ${peer}` : `${peer} opened this private session`;
  return by === null
    ? `${who}. It is encrypted from your window to theirs.`
    : `${who}, introduced by ${by}. It is encrypted from your window to theirs.`;
}

/** About consent, keys and introductions. */
export const trustTexts = {
  ask: (name: string, by: string | null): string =>
    by === null
      ? `${name} asks for a private session with you.`
      : `${by} introduces ${name} to you, for a private session.`,
  askChanged: (name: string): string =>
    `${name} shows another key than the one you know. That is so when ${name} uses another machine or has lost their key, ` +
    `and also when somebody else pretends to be ${name}. Ask ${name} in another way before you trust it.`,
  tooManyInvites:
    "Many private sessions are being asked for; those beyond some a minute are declined quietly.",
  introducing: (a: string, b: string): string => `${a} and ${b} are asked whether they want to meet.`,
  introduced: (a: string, b: string): string => `${a} and ${b} have been introduced to each other.`,
  notIntroduced: (a: string, b: string): string =>
    `${a} and ${b} were not introduced: one of them declined, or did not answer.`,
  introductionOver: (name: string): string => `The introduction to ${name} did not come about.`,
  blocked: (name: string): string =>
    `${name} is blocked: no private sessions, and what they say in the lobby is not shown here. \\unblock ${name} undoes it.`,
  unblocked: (name: string): string => `${name} is no longer blocked.`,
} as const;

export function declined(reason: "in-session" | "unavailable" | "declined" | "gone" | "timeout"): string {
  switch (reason) {
    case "in-session":
      return "the other side still has a session with you; it has to be left there first";
    case "unavailable":
      return "the other side cannot take private sessions now";
    case "declined":
      return "the other side does not want one now";
    case "gone":
      return "the other side has just left";
    case "timeout":
      return "there was no answer in time";
    default:
      return assertNever(reason);
  }
}
