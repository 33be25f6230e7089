// Every sentence about sessions, people and the server that the user reads.
import * as l10n from "@vscode/l10n";
import { errorTexts } from "../../../protocol/errors.ts";
import { limits } from "../../../protocol/limits.ts";
import type { LeaveReason, ServerMessage } from "../../../protocol/rendezvous.ts";
import { assertNever } from "../../../protocol/result.ts";
import type { PeerSession } from "../model/session.ts";
import type { State } from "../model/state.ts";
import type { Failure } from "../model/outcome.ts";

/** `P->` marks a session that the user opened, `P~>` one that was opened to them. */
export function mark(session: PeerSession): "P->" | "P~>" {
  return session.role === "A" ? "P->" : "P~>";
}

export const failures = {
  notJoined: { code: "not-joined", text: l10n.t("You haven't joined yet. Run “Chat: Join as…” first.") },
  notHere: (usage: string, where: "lobby" | "peer"): Failure => ({
    code: "not-here",
    text:
      where === "lobby"
        ? l10n.t("{0} works only in the lobby. \\lobby takes you there.", usage)
        : l10n.t(
            "{0} works only in a private session. \\sessions lists yours, and \\switch N goes to one.",
            usage,
          ),
  }),
  alreadyJoined: (name: string): Failure => ({
    code: "already-joined",
    text: l10n.t("You're already in the lobby as {0}. To join again, use \\quit first.", name),
  }),
  serverAway: (what: string, reason: string): Failure => ({
    code: "server-away",
    text: l10n.t(
      "{0} isn't available: {1}. Reconnecting automatically. Private sessions keep working.",
      what,
      reason,
    ),
  }),
  selfFork: {
    code: "self-fork",
    text: l10n.t("You can't open a private session with yourself. \\users shows who else is online."),
  },
  /** @param meant the person that was probably meant */
  unknownUser: (name: string, meant?: string): Failure => ({
    code: "unknown-user",
    text:
      meant === undefined
        ? l10n.t("No one named {0} is online. \\users shows who is.", name)
        : l10n.t("No one named {0} is online. Did you mean {1}?", name, meant),
  }),
  alreadyInSession: ({ peer, number, link }: PeerSession): Failure => ({
    code: "already-in-session",
    text:
      link === "waiting"
        ? l10n.t(
            "You already have a private session with {0}: \\sw {1} (messages wait until {0} reconnects)",
            peer,
            number,
          )
        : l10n.t("You already have a private session with {0}: \\sw {1}", peer, number),
  }),
  blocked: (name: string): Failure => ({
    code: "blocked",
    text: l10n.t("You blocked {0}. To unblock them, use \\unblock {0}.", name),
  }),
  notBlocked: (name: string): Failure => ({
    code: "unknown-user",
    text: l10n.t("No one named {0} is blocked.", name),
  }),
  blockSelf: { code: "self-fork", text: l10n.t("You can't block yourself.") },
  noQuestion: (name: string): Failure => ({
    code: "no-question",
    text: l10n.t("There is no open request from {0}.", name),
  }),
  filesArePrivate: {
    code: "no-such-session",
    text: l10n.t(
      "Files go from one window to another, so they need a private session. \\fork NAME opens one.",
    ),
  },
  changesArePrivate: {
    code: "no-such-session",
    text: l10n.t(
      "Changes go from one window to another, so they need a private session. \\fork NAME opens one.",
    ),
  },
  nothingToVerify: {
    code: "no-such-session",
    text: l10n.t(
      "\\verify shows the safety number of the private session you type it in, once the session has connected.",
    ),
  },
  usageOfIntroduce: {
    code: "usage",
    text: l10n.t(
      "\\introduce takes the names of two people you have private sessions with: \\introduce ANNA CARMEN",
    ),
  },
  notInSession: (name: string): Failure => ({
    code: "no-such-session",
    text: l10n.t("You have no connected private session with {0}. \\sessions lists yours.", name),
  }),
  alreadyForking: (name: string): Failure => ({
    code: "already-forking",
    text: l10n.t("Still waiting for an answer from {0}.", name),
  }),
  alreadyAsked: (name: string): Failure => ({
    code: "already-asked",
    text: l10n.t("Still waiting for an answer from {0}.", name),
  }),
  cannotTellWhere: (name: string): Failure => ({
    code: "not-supported",
    text: l10n.t("{0}'s version of Fork Chat can't tell where they are. They need to update it.", name),
  }),
  forkCancelled: (name: string): Failure => ({
    code: "cancelled",
    text: l10n.t("Request to {0} canceled.", name),
  }),
  tooManySessions: {
    code: "too-many-sessions",
    text: l10n.t(
      "You already have {0} private sessions, which is the maximum. \\leave one first.",
      limits.sessions,
    ),
  },
  forkFailed: (name: string, why: string): Failure => ({
    code: "fork-failed",
    text: l10n.t("Couldn't open a private session with {0}: {1}.", name, why),
  }),
  noSuchSession: (target: string): Failure => ({
    code: "no-such-session",
    text: l10n.t("There is no session {0}. \\sessions lists yours.", target),
  }),
  unknownMessage: {
    code: "unknown-message",
    text: l10n.t("This message is too old to reply to or change."),
  },
  notYours: { code: "not-yours", text: l10n.t("Only the author can change a message.") },
  messageEmpty: { code: "message-empty", text: l10n.t("Type a message first.") },
  messageTooLong: (bytes: number): Failure => ({
    code: "message-too-long",
    text: l10n.t(
      "This message is too long: {0} of {1} bytes. Shorten it or send it in parts.",
      bytes,
      limits.textBytes,
    ),
  }),
  notThere: {
    code: "no-such-session",
    text: l10n.t("Not sent: you're no longer in this conversation."),
  },
  sessionEnded: (peer: string): Failure => ({
    code: "session-ended",
    text: l10n.t(
      "Not sent: the session with {0} has ended. \\leave closes it; \\fork {0} in the lobby opens a new one.",
      peer,
    ),
  }),
  windowFull: (peer: string): Failure => ({
    code: "window-full",
    text: l10n.t("Too many messages are already waiting for {0}. Your text is still here.", peer),
  }),
  tooManyFailed: {
    code: "window-full",
    text: l10n.t(
      "Too many messages here couldn't be sent. Send them again or discard some first. Your text is still here.",
    ),
  },
} as const satisfies Record<string, Failure | ((...args: never[]) => Failure)>;

/** The reason for the lost connection, as a sentence part. */
export function serverAwayReason(state: State): string {
  switch (state.connection.status) {
    case "offline":
      return state.connection.text;
    case "connecting":
      return l10n.t("connecting to the server");
    case "idle":
    case "online":
      return l10n.t("not connected to the server");
    default:
      return assertNever(state.connection);
  }
}

/**
 * A server's error in the reader's language if its code is known. The server's own texts are for people who write
 * clients.
 */
export function serverErrorText(code: string, text: string): string {
  const known = Object.entries(errorTexts).find(([each]) => each === code)?.[1];
  // The table is English, for the wire; here its sentences are translation keys.
  return known === undefined ? text : l10n.t(known);
}

/** @param why the reason, as a sentence part */
export function lobbyClosed(why: string): string {
  return l10n.t("Disconnected: {0}. Private sessions keep working.", why);
}

/** @param gap whether some messages sent in the meantime are missing */
export function backText(gap: boolean, restarted: boolean): string {
  if (!gap) return l10n.t("You're back in the lobby.");
  return restarted
    ? l10n.t("You're back in the lobby. The server restarted, so messages sent in the meantime are missing.")
    : l10n.t("You're back in the lobby. Some messages sent in the meantime are missing.");
}

export function departed(name: string, reason: LeaveReason): string {
  switch (reason) {
    case "quit":
      return l10n.t("{0} has quit.", name);
    case "closed":
      return l10n.t("{0}'s window was closed.", name);
    case "lost":
      return l10n.t("{0} lost the connection.", name);
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
    return l10n.t("{0} introduced you to {1}. This private session is end-to-end encrypted.", by, peer);
  }
  return role === "A"
    ? l10n.t("You opened this private session with {0}. It is end-to-end encrypted.", peer)
    : l10n.t("{0} opened this private session. It is end-to-end encrypted.", peer);
}

/** About consent, keys and introductions. */
export const trustTexts = {
  ask: (name: string, by: string | null): string =>
    by === null
      ? l10n.t("{0} wants to open a private session with you.", name)
      : l10n.t("{0} wants to introduce you to {1} for a private session.", by, name),
  askChanged: (name: string): string =>
    l10n.t(
      "{0}'s key has changed. They may have switched machines, or someone may be impersonating them. Check with {0} another way before you trust the new key.",
      name,
    ),
  tooManyInvites: l10n.t("You're getting many session requests. Extra ones are declined automatically."),
  introducing: (a: string, b: string): string =>
    l10n.t("Asking {0} and {1} whether they want to be introduced.", a, b),
  introduced: (a: string, b: string): string => l10n.t("{0} and {1} have been introduced.", a, b),
  notIntroduced: (a: string, b: string): string =>
    l10n.t("{0} and {1} were not introduced: one of them declined or didn't answer.", a, b),
  introductionOver: (name: string): string => l10n.t("{0} could not be introduced.", name),
  blocked: (name: string): string =>
    l10n.t(
      "{0} is blocked: no private sessions, and their lobby messages are hidden. To unblock them, use \\unblock {0}.",
      name,
    ),
  unblocked: (name: string): string => l10n.t("{0} is no longer blocked.", name),
} as const;

export function declined(reason: Extract<ServerMessage, { type: "declined" }>["reason"]): string {
  switch (reason) {
    case "in-session":
      return l10n.t("they still have a session with you and have to leave it first");
    case "unavailable":
      return l10n.t("they can't accept private sessions right now");
    case "declined":
      return l10n.t("they declined");
    case "gone":
      return l10n.t("they just left");
    case "timeout":
      return l10n.t("the request timed out");
    case "withdrawn":
      return l10n.t("the request was canceled");
    default:
      return assertNever(reason);
  }
}
