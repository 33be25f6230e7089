// What is shown of a state: the panel's view, the lists, the texts of commands that answer. Pure readings.
import { assertNever } from "../../protocol/result.ts";
import type { CommandView, PanelState, SessionView } from "../../protocol/webview.ts";
import { nameKey } from "../../protocol/names.ts";
import { commands, usage, type CommandSpec } from "./commands.ts";
import { LOBBY, type Session, type State } from "./state.ts";
import { mark } from "./texts.ts";

/** Names that the page completes from: enough for any room, and bounded for its messages. */
const COMPLETED_USERS = 1000;

export function sessionName(session: Session): string {
  return session.kind === "lobby" ? "lobby" : session.peer;
}

export function sessionState(state: State, session: Session): SessionView["state"] {
  if (session.kind === "peer") return session.link === "open" ? "open" : "ended";
  return state.connection.status === "online" ? "open" : "closed";
}

export function sessionView(state: State, session: Session): SessionView {
  return {
    number: session.number,
    name: sessionName(session),
    ...(session.kind === "peer" ? { mark: mark(session) } : {}),
    state: sessionState(state, session),
    unread: session.unread,
    start: session.transcript.start,
    end: session.transcript.end,
    pending: [...session.pending],
  };
}

export function unreadTotal(state: State): number {
  return state.sessions.reduce((sum, session) => sum + session.unread, 0);
}

/** Everybody online but oneself. */
export function others(state: State): string[] {
  const own = state.me === null ? null : nameKey(state.me.name);
  return state.users.filter((name) => nameKey(name) !== own);
}

export function completedUsers(state: State): string[] {
  return others(state).slice(0, COMPLETED_USERS);
}

export function connectionView(state: State): PanelState["connection"] {
  const { connection, me } = state;
  const server = me?.server ?? "";
  switch (connection.status) {
    case "idle":
      return { status: "idle", text: "Not joined" };
    case "connecting":
      return { status: "connecting", text: `Calling ${server}` };
    case "online":
      return { status: "online", text: `Connected to ${server}` };
    case "offline":
      return { status: "offline", text: `No connection to ${server}: ${connection.text}` };
    default:
      return assertNever(connection);
  }
}

/** The commands that can be used where the user is now. */
export function availableCommands(state: State): CommandSpec[] {
  const place = state.active === LOBBY ? "lobby" : "peer";
  const online = state.connection.status === "online";
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
    argument: spec.argument?.completes ?? "none",
  }));
}

/** The answer of `\sessions`. */
export function describeSessions(state: State): string {
  return state.sessions.map((session) => sessionLine(state, session)).join("\n");
}

function sessionLine(state: State, session: Session): string {
  const star = session.number === state.active ? "*" : " ";
  const ending = sessionState(state, session) === "open" ? "" : ` ${sessionState(state, session)}`;
  const kind = session.kind === "lobby" ? "broadcast" : mark(session);
  return `${star}${session.number} ${sessionName(session)} (${kind})${ending}`;
}

/** The answer of `\users`. */
export function describeUsers(state: State): string {
  const own = state.me === null ? null : nameKey(state.me.name);
  const names = state.users.map((name) => (nameKey(name) === own ? `${name} (you)` : name));
  return `${names.length} online: ${names.join(", ")}`;
}
