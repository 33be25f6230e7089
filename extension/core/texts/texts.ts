// Every sentence that the user reads about sessions, people and the server. Codes come in, words go out.
import * as l10n from "@vscode/l10n";
import { errorTexts } from "../../../protocol/errors.ts";
import { limits } from "../../../protocol/limits.ts";
import type { LeaveReason, ServerMessage } from "../../../protocol/rendezvous.ts";
import { assertNever } from "../../../protocol/result.ts";
import type { CloseCause } from "../model/ports.ts";
import type { PeerSession } from "../model/session.ts";
import type { State } from "../model/state.ts";
import type { Failure } from "../model/outcome.ts";

/** `P->` stands for a session that I opened, `P~>` for one that was opened to me. */
export function mark(session: PeerSession): "P->" | "P~>" {
  return session.role === "A" ? "P->" : "P~>";
}

export const failures = {
  notJoined: { code: "not-joined", text: l10n.t("You have not joined yet. Use “Chat: Join as…” first.") },
  notHere: (usage: string, where: "lobby" | "peer"): Failure => ({
    code: "not-here",
    text:
      where === "lobby"
        ? l10n.t("{0} works in the lobby. \\lobby brings you there.", usage)
        : l10n.t("{0} works in a private session. \\sessions lists yours, \\switch N goes to one.", usage),
  }),
  alreadyJoined: (name: string): Failure => ({
    code: "already-joined",
    text: l10n.t("You are in the lobby as {0} already. Use \\quit first, to join anew.", name),
  }),
  serverAway: (what: string, reason: string): Failure => ({
    code: "server-away",
    text: l10n.t(
      "{0} cannot work now: {1}. You will be back in the lobby as soon as the server is; private sessions go on.",
      what,
      reason,
    ),
  }),
  selfFork: {
    code: "self-fork",
    text: l10n.t("You cannot fork yourself. \\users shows who else is online."),
  },
  /** @param meant who was probably meant */
  unknownUser: (name: string, meant?: string): Failure => ({
    code: "unknown-user",
    text:
      meant === undefined
        ? l10n.t("Nobody named {0} is online. \\users shows who is.", name)
        : l10n.t("Nobody named {0} is online. Did you mean {1}?", name, meant),
  }),
  alreadyInSession: ({ peer, number, link }: PeerSession): Failure => ({
    code: "already-in-session",
    text:
      link === "away"
        ? l10n.t(
            "You have a private session with {0} already: \\sw {1} (what you write there waits for {0})",
            peer,
            number,
          )
        : l10n.t("You have a private session with {0} already: \\sw {1}", peer, number),
  }),
  blocked: (name: string): Failure => ({
    code: "blocked",
    text: l10n.t("You have blocked {0}. \\unblock {0} lets them in again.", name),
  }),
  notBlocked: (name: string): Failure => ({
    code: "unknown-user",
    text: l10n.t("Nobody named {0} is blocked.", name),
  }),
  blockSelf: { code: "self-fork", text: l10n.t("You cannot block yourself.") },
  noQuestion: (name: string): Failure => ({
    code: "no-question",
    text: l10n.t("{0} does not wait for an answer of yours.", name),
  }),
  nothingToVerify: {
    code: "no-such-session",
    text: l10n.t(
      "\\verify shows the number of the private session that it is typed in, once that has been connected.",
    ),
  },
  usageOfIntroduce: {
    code: "usage",
    text: l10n.t(
      "\\introduce takes two names of people with whom you have private sessions: \\introduce ANNA CARMEN",
    ),
  },
  notInSession: (name: string): Failure => ({
    code: "no-such-session",
    text: l10n.t("You have no private session with {0} that is connected now. \\sessions lists yours.", name),
  }),
  alreadyForking: (name: string): Failure => ({
    code: "already-forking",
    text: l10n.t("Still asking {0}.", name),
  }),
  forkCancelled: (name: string): Failure => ({
    code: "cancelled",
    text: l10n.t("Request to {0} canceled.", name),
  }),
  tooManySessions: {
    code: "too-many-sessions",
    text: l10n.t(
      "You have {0} private sessions, which is the most there can be. \\leave some first.",
      limits.sessions,
    ),
  },
  forkFailed: (name: string, why: string): Failure => ({
    code: "fork-failed",
    text: l10n.t("The private session with {0} could not be opened: {1}.", name, why),
  }),
  noSuchSession: (target: string): Failure => ({
    code: "no-such-session",
    text: l10n.t("There is no session {0}. \\sessions lists yours.", target),
  }),
  unknownMessage: {
    code: "unknown-message",
    text: l10n.t("This message is too old to be answered or changed."),
  },
  notYours: { code: "not-yours", text: l10n.t("Only its author can change a message.") },
  messageEmpty: { code: "message-empty", text: l10n.t("There is nothing to send yet.") },
  messageTooLong: (bytes: number): Failure => ({
    code: "message-too-long",
    text: l10n.t(
      "This message is too long: it has {0} bytes, and {1} are the most. Shorten it, or send it in parts.",
      bytes,
      limits.textBytes,
    ),
  }),
  sessionEnded: (peer: string): Failure => ({
    code: "session-ended",
    text: l10n.t(
      "Not sent: {0} is no longer here. \\leave closes this session; \\fork {0} in the lobby opens a new one.",
      peer,
    ),
  }),
  windowFull: (peer: string): Failure => ({
    code: "window-full",
    text: l10n.t(
      "Not sent: as much as may wait for {0} waits already. What you typed is still here; send it again once {0} has received some.",
      peer,
    ),
  }),
  tooManyFailed: {
    code: "window-full",
    text: l10n.t(
      "Too many messages here couldn't be sent. Send them again or discard some first. Your text is still here.",
    ),
  },
} as const satisfies Record<string, Failure | ((...args: never[]) => Failure)>;

/** Why there is no connection, as a sentence part. */
export function serverAwayReason(state: State): string {
  switch (state.connection.status) {
    case "offline":
      return state.connection.text;
    case "connecting":
      return l10n.t("the server is being called");
    case "idle":
    case "online":
      return l10n.t("there is no connection to the server");
    default:
      return assertNever(state.connection);
  }
}

/** What a server's error means, in our words where the code is known: a server's own are for who writes clients. */
export function serverErrorText(code: string, text: string): string {
  const known = Object.entries(errorTexts).find(([each]) => each === code)?.[1];
  // The table is English, for the wire; here each of its sentences is a key of the translations.
  return known === undefined ? text : l10n.t(known);
}

export function lobbyClosed(cause: CloseCause): string {
  return l10n.t("The lobby is closed: {0}. Trying again by itself; private sessions go on.", cause.text);
}

/** @param gap whether something that was said meanwhile did not come with it */
export function backText(gap: boolean, restarted: boolean): string {
  if (!gap) return l10n.t("You are back in the lobby.");
  return restarted
    ? l10n.t("You are back in the lobby. The server was started anew: what was said in between is not known.")
    : l10n.t("You are back in the lobby. Some of what was said meanwhile is missing.");
}

export function departed(name: string, reason: LeaveReason): string {
  switch (reason) {
    case "quit":
      return l10n.t("{0} has quit.", name);
    case "closed":
      return l10n.t("{0}’s window was closed.", name);
    case "lost":
      return l10n.t("{0} is gone: the connection was lost.", name);
    default:
      return assertNever(reason);
  }
}

/** The first line of a private session. */
export function opened(
  { role, peer }: { readonly role: "A" | "B"; readonly peer: string },
  by: string | null,
): string {
  if (by !== null) {
    return l10n.t(
      "{0} introduced you to {1}. This private session is encrypted from your window to theirs.",
      by,
      peer,
    );
  }
  return role === "A"
    ? l10n.t("You opened this private session with {0}. It is encrypted from your window to theirs.", peer)
    : l10n.t("{0} opened this private session. It is encrypted from your window to theirs.", peer);
}

/** About consent, keys and introductions. */
export const trustTexts = {
  ask: (name: string, by: string | null): string =>
    by === null
      ? l10n.t("{0} asks for a private session with you.", name)
      : l10n.t("{0} introduces {1} to you, for a private session.", by, name),
  askChanged: (name: string): string =>
    l10n.t(
      "{0} shows another key than the one you know. That is so when {0} uses another machine or has lost their key, and also when somebody else pretends to be {0}. Ask {0} in another way before you trust it.",
      name,
    ),
  tooManyInvites: l10n.t(
    "Many private sessions are being asked for; those beyond some a minute are declined quietly.",
  ),
  introducing: (a: string, b: string): string =>
    l10n.t("{0} and {1} are asked whether they want to meet.", a, b),
  introduced: (a: string, b: string): string =>
    l10n.t("{0} and {1} have been introduced to each other.", a, b),
  notIntroduced: (a: string, b: string): string =>
    l10n.t("{0} and {1} were not introduced: one of them declined, or did not answer.", a, b),
  introductionOver: (name: string): string => l10n.t("The introduction to {0} did not come about.", name),
  blocked: (name: string): string =>
    l10n.t(
      "{0} is blocked: no private sessions, and what they say in the lobby is not shown here. \\unblock {0} undoes it.",
      name,
    ),
  unblocked: (name: string): string => l10n.t("{0} is no longer blocked.", name),
} as const;

export function declined(reason: Extract<ServerMessage, { type: "declined" }>["reason"]): string {
  switch (reason) {
    case "in-session":
      return l10n.t("the other side still has a session with you; it has to be left there first");
    case "unavailable":
      return l10n.t("the other side cannot take private sessions now");
    case "declined":
      return l10n.t("the other side does not want one now");
    case "gone":
      return l10n.t("the other side has just left");
    case "timeout":
      return l10n.t("there was no answer in time");
    case "withdrawn":
      return l10n.t("the request was withdrawn");
    default:
      return assertNever(reason);
  }
}
