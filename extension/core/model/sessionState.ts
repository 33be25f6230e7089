// Whether a session takes messages now: the only place that decides what is shown as closed.
import type { SessionView } from "../../../protocol/webview.ts";
import type { Session } from "./session.ts";
import type { State } from "./state.ts";

export function sessionState(state: State, session: Session): SessionView["state"] {
  if (session.kind === "peer") return session.link;
  return isLobbyOpen(state) ? "open" : "closed";
}

/** Also while a loss of the connection is not shown: what is sent meanwhile waits until the server is back. */
export function isLobbyOpen({ connection, loss }: State): boolean {
  return connection.status === "online" || loss?.shown === false;
}
