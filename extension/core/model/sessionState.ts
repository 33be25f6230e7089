// Whether a session can send now: the only place that decides what waits.
import type { SessionView } from "../../../protocol/webview.ts";
import type { Session } from "./session.ts";
import type { State } from "./state.ts";

export function sessionState(state: State, session: Session): SessionView["state"] {
  if (session.kind === "peer") return session.link;
  return state.connection.status === "online" ? "open" : "closed";
}
