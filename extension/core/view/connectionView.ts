// How the server is reached, for the page and the status bar. Pure.
import * as l10n from "@vscode/l10n";
import type { PanelState } from "../../../protocol/webview.ts";
import { isOnThisMachine } from "../model/serverAddress.ts";
import { isLobbyOpen } from "../model/sessionState.ts";
import type { State } from "../model/state.ts";

type View = PanelState["connection"];

export function connectionView(state: State): View {
  const { connection, me } = state;
  if (me === null || connection.status === "idle") return { status: "idle", text: l10n.t("Not joined") };
  const { server } = me;
  const way = wayTo(server);
  if (isLobbyOpen(state)) return { status: "online", text: l10n.t("Connected to {0}", server), way };
  return connection.status === "offline"
    ? { status: "offline", text: l10n.t("Disconnected: {0}", connection.text), way }
    : { status: "connecting", text: l10n.t("Connecting to {0}", server), way };
}

/** Who could read along between this window and the server. */
export function wayTo(server: string): NonNullable<View["way"]> {
  if (/^wss:/iu.test(server)) return "encrypted";
  return isOnThisMachine(server) ? "local" : "plain";
}
