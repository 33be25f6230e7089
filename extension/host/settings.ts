// The user's settings, read where they are needed so that a change holds at once; and the one that is set for them.
import * as v from "valibot";
import * as vscode from "vscode";
import { limits } from "../../protocol/limits.ts";
import type { CoreSettings } from "../core/state.ts";
import type { HistorySettings } from "./historyBound.ts";

export type Settings = {
  /** `ws://HOST[:PORT]` of the rendezvous server. */
  readonly serverUrl: string;
  /** The name that joining proposes; empty for none. */
  readonly name: string;
  /** Where the peer listener binds; empty for wherever the server can be reached from. */
  readonly peerHost: string;
  /** The peer listener's port; 0 for any that is free. */
  readonly peerPort: number;
  /** Minutes without the focus after which the user counts as away; 0: never. */
  readonly awayAfterMinutes: number;
  /** Where the panel is shown. */
  readonly location: "editor" | "panel";
  /** What is kept of conversations. */
  readonly history: HistorySettings;
  /** Whose private sessions are taken, and how peers are reached. */
  readonly core: CoreSettings;
};

const AcceptForks = v.fallback(v.picklist(["always", "known", "ask", "never"]), "always");
const Connection = v.fallback(v.picklist(["auto", "direct", "relay"]), "auto");

/** Bounded by what a timer can wait. */
const AwayAfter = v.fallback(v.pipe(v.number(), v.minValue(0), v.maxValue(1440)), 10);
const Location = v.fallback(v.picklist(["editor", "panel"]), "editor");

const HistoryMessages = v.fallback(
  v.pipe(v.number(), v.safeInteger(), v.minValue(100), v.maxValue(limits.transcriptEntries)),
  limits.transcriptEntries,
);
const HistoryDays = v.fallback(v.pipe(v.number(), v.minValue(0), v.maxValue(3650)), 30);

export function readSettings(): Settings {
  const configuration = vscode.workspace.getConfiguration("forkchat");
  return {
    serverUrl: configuration.get<string>("serverUrl", "").trim() || "ws://127.0.0.1:43210",
    name: configuration.get<string>("name", "").trim(),
    peerHost: configuration.get<string>("peerHost", "").trim(),
    peerPort: configuration.get<number>("peerPort", 0),
    awayAfterMinutes: v.parse(AwayAfter, configuration.get("awayAfterMinutes")),
    location: v.parse(Location, configuration.get("location")),
    history: {
      messages: v.parse(HistoryMessages, configuration.get("history.messages")),
      days: v.parse(HistoryDays, configuration.get("history.days")),
      forgetOnLeave: configuration.get<boolean>("history.forgetOnLeave", false),
    },
    core: {
      acceptForks: v.parse(AcceptForks, configuration.get("acceptForks")),
      connection: v.parse(Connection, configuration.get("connection")),
      tellRead: configuration.get<boolean>("tellRead", true),
      notify: {
        mentions: configuration.get<boolean>("notify.mentions", true),
        messages: configuration.get<boolean>("notify.privateMessages", true),
        forks: configuration.get<boolean>("notify.forks", true),
      },
    },
  };
}

export async function setServerUrl(server: string): Promise<void> {
  await vscode.workspace
    .getConfiguration("forkchat")
    .update("serverUrl", server, vscode.ConfigurationTarget.Global);
}
