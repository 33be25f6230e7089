// Derives from a state what is shown: the panel's view, lists, and answers of commands. Pure.
import * as l10n from "@vscode/l10n";
import { encode } from "uqr";
import { changesText } from "../../../protocol/changesText.ts";
import { utf8Length } from "../../../protocol/codec.ts";
import { writeCode } from "../../../protocol/codeText.ts";
import type {
  CommandView,
  PendingMessage,
  SessionView,
  VerificationView,
} from "../../../protocol/webview.ts";
import { presenceOf } from "../people/presence.ts";
import { commands, type CommandSpec, completions, usage } from "../model/commands.ts";
import { LOBBY, type PeerSession, type Session } from "../model/session.ts";
import type { State } from "../model/state.ts";
import { isUnsaved } from "../saved/storage.ts";
import { mark } from "../texts/texts.ts";
import { verifiedBy } from "../people/verification.ts";
import { isLobbyOpen, sessionState } from "../model/sessionState.ts";

export function sessionName(session: Session): string {
  return session.kind === "lobby" ? "lobby" : session.peer;
}

export function sessionView(state: State, session: Session): SessionView {
  return {
    number: session.number,
    name: sessionName(session),
    ...(session.kind === "peer" ? { mark: mark(session), peer: peerView(state, session) } : {}),
    state: sessionState(state, session),
    unread: session.unread,
    ...(session.newFrom === null ? {} : { newFrom: Math.max(session.newFrom, session.transcript.start) }),
    muted: session.muted,
    start: session.transcript.start,
    end: session.transcript.end,
    pending: session.pending.map((message) => pendingView(state, session, message)),
    ...attachedView(session),
    ...filesView(session),
  };
}

function filesView({ files }: Session): Pick<SessionView, "files"> {
  return files.length === 0 ? {} : { files: files.map(({ id, name, size }) => ({ id, name, size })) };
}

function attachedView({ attached }: Session): Pick<SessionView, "attached"> {
  if (attached === null) return {};
  const { id } = attached;
  if (!("code" in attached)) {
    const { kind, files, added, removed } = attached.part;
    return { attached: { kind, id, bytes: utf8Length(changesText(attached.part)), files, added, removed } };
  }
  const { part, heading, code } = attached;
  const bytes = utf8Length(writeCode({ words: "", heading, code }, part).text);
  if (part.kind === "test") return { attached: { kind: part.kind, id, bytes, name: part.name } };
  if (part.kind === "output") {
    const { kind, command } = part;
    return { attached: { kind, id, bytes, ...(command === undefined ? {} : { command }) } };
  }
  const { kind, path, range, unsaved } = part;
  return { attached: { kind, id, bytes, path, range, ...(unsaved === undefined ? {} : { unsaved }) } };
}

/** Messages to an absent peer wait, and so do those in flight to a disconnected server. */
function pendingView(state: State, session: Session, message: PendingMessage): PendingMessage {
  const waits = message.status === "sending" && sessionState(state, session) !== "open";
  if (!waits) return message;
  return { ...message, status: "waiting", ...(isUnsaved(state, session, message) ? { unsaved: true } : {}) };
}

/** How a private session is connected and verified. */
function peerView(state: State, session: PeerSession): NonNullable<SessionView["peer"]> {
  const path = pathOf(state, session);
  return {
    path,
    verified: verifiedBy(state, session),
    ...(session.introducedBy === null ? {} : { introducedBy: session.introducedBy }),
    readUpTo: session.readUpTo,
    typing: session.typing,
    presence: presenceOf(state, session.peer),
    text: pathText(state, session, path),
  };
}

export function pathOf(state: State, { sid, link }: PeerSession): "direct" | "relayed" | "none" {
  if (link !== "open") return "none";
  return state.channels.find((channel) => channel.sid === sid)?.link?.path ?? "none";
}

function pathText(
  state: State,
  { sid, peer, link }: PeerSession,
  path: "direct" | "relayed" | "none",
): string {
  if (path === "direct") return l10n.t("Connected directly to {0}'s window, end-to-end encrypted", peer);
  if (path === "relayed") {
    return l10n.t(
      "Connected to {0}'s window through the server's relay, end-to-end encrypted: the relay can't read anything",
      peer,
    );
  }
  if (link === "ended") return l10n.t("This session has ended, but you can still read it");
  const failure = state.channels.find((channel) => channel.sid === sid)?.failure ?? null;
  return failure === null
    ? l10n.t("{0} can't be reached right now; messages wait until they reconnect", peer)
    : l10n.t("{0} can't be reached right now; messages wait until they reconnect ({1})", peer, failure);
}

/** The dialog that compares safety numbers. */
export function verificationView(state: State): VerificationView | null {
  const session = state.sessions.find(({ number }) => number === state.verifying);
  if (session?.kind !== "peer") return null;
  const { number, peer, pin } = session;
  const digits = state.numbers.get(pin) ?? "";
  const { data } = encode(digits, { ecc: "M", border: 0 });
  return {
    session: number,
    peer,
    number: digits,
    picture: data.map((row) => row.map((dark) => (dark ? "1" : "0")).join("")),
    verified: verifiedBy(state, session),
  };
}

/** The total unread count; muted sessions are not included. */
export function unreadTotal(state: State): number {
  return state.sessions.reduce((sum, session) => sum + (session.muted ? 0 : session.unread), 0);
}

/** The commands available to the user now. */
export function availableCommands(state: State): CommandSpec[] {
  const place = state.active === LOBBY ? "lobby" : "peer";
  const online = isLobbyOpen(state);
  return commands.filter(
    (spec) => (spec.where === "anywhere" || spec.where === place) && (online || !spec.needsServer),
  );
}

export function commandViews(state: State): CommandView[] {
  return availableCommands(state).map((spec) => ({
    name: spec.name,
    aliases: [...spec.aliases],
    usage: usage(spec),
    help: spec.help,
    completes: completions(spec),
  }));
}

/** Empty for an open session. */
export function stateText(status: SessionView["state"]): string {
  switch (status) {
    case "open":
      return "";
    case "closed":
      return l10n.t("closed");
    case "waiting":
      return l10n.t("away");
    case "ended":
      return l10n.t("ended");
  }
}

/** Who receives what is written there. */
export function kindText(session: Session): string {
  return session.kind === "lobby" ? l10n.t("broadcast") : mark(session);
}
