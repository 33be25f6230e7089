// The user's settings, read where they are needed so that a change holds at once.
import * as v from "valibot";
import * as vscode from "vscode";
import type { CoreSettings } from "../core/state.ts";

export type Settings = {
  /** `ws://HOST[:PORT]` of the rendezvous server. */
  readonly serverUrl: string;
  /** The name that joining proposes; empty for none. */
  readonly name: string;
  /** Where the peer listener binds; empty for wherever the server can be reached from. */
  readonly peerHost: string;
  /** The peer listener's port; 0 for any that is free. */
  readonly peerPort: number;
  /** Where the panel is shown. */
  readonly location: "editor" | "panel";
  /** Whose private sessions are taken, and how peers are reached. */
  readonly core: CoreSettings;
};

const AcceptForks = v.fallback(v.picklist(["always", "known", "ask", "never"]), "always");
const Connection = v.fallback(v.picklist(["auto", "direct", "relay"]), "auto");

const Location = v.fallback(v.picklist(["editor", "panel"]), "editor");

export function readSettings(): Settings {
  const configuration = vscode.workspace.getConfiguration("forkchat");
  return {
    serverUrl: configuration.get<string>("serverUrl", "").trim() || "ws://127.0.0.1:43210",
    name: configuration.get<string>("name", "").trim(),
    peerHost: configuration.get<string>("peerHost", "").trim(),
    peerPort: configuration.get<number>("peerPort", 0),
    location: v.parse(Location, configuration.get("location")),
    core: {
      acceptForks: v.parse(AcceptForks, configuration.get("acceptForks")),
      connection: v.parse(Connection, configuration.get("connection")),
    },
  };
}
