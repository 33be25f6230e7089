// How the server is reached, for the page and the status bar. Pure.
import * as l10n from "@vscode/l10n";
import { assertNever } from "../../../protocol/result.ts";
import type { PanelState } from "../../../protocol/webview.ts";
import { isOnThisMachine } from "../model/serverAddress.ts";
import type { State } from "../model/state.ts";

type View = PanelState["connection"];

export function connectionView(state: State): View {
  const { connection, me } = state;
  if (me === null || connection.status === "idle") return { status: "idle", text: l10n.t("Not joined") };
  const { server } = me;
  const way = wayTo(server);
  switch (connection.status) {
    case "connecting":
      return { status: "connecting", text: l10n.t("Connecting to {0}", server), way };
    case "online":
      return { status: "online", text: l10n.t("Connected to {0}", server), way };
    case "offline":
      return { status: "offline", text: l10n.t("Disconnected from {0}: {1}", server, connection.text), way };
    default:
      return assertNever(connection);
  }
}

function wayTo(server: string): NonNullable<View["way"]> {
  if (/^wss:/iu.test(server)) return "encrypted";
  return isOnThisMachine(server) ? "local" : "plain";
}
