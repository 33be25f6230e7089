// The user's settings, read when they are needed so that a change applies at once; and the setting that the extension
// writes.
import * as vscode from "vscode";
import type { CoreSettings } from "../../core/model/settings.ts";
import type { HistorySettings } from "../storage/historyBound.ts";
import { parseSettings, type WrongSetting } from "./settingsSchema.ts";

export type Settings = {
  /** The rendezvous server's URL as typed by the user. */
  readonly serverUrl: string;
  /** The name suggested when joining; empty for none. */
  readonly name: string;
  /** The peer listener's address; empty to follow the server's reach. */
  readonly peerHost: string;
  /** The peer listener's port; 0 for any free one. */
  readonly peerPort: number;
  /** Minutes without focus after which the user counts as away; 0: never. */
  readonly awayAfterMinutes: number;
  /** Where the panel is shown. */
  readonly location: "editor" | "panel";
  /** Whether messages about code are shown at its lines. */
  readonly notesInEditor: boolean;
  /** Whether small pictures of people the user knows are taken without asking. */
  readonly autoAcceptPictures: boolean;
  /** How much history is saved. */
  readonly history: HistorySettings;
  /** Whose private sessions are accepted, and how peers are reached. */
  readonly core: CoreSettings;
};

const PREFIX = "forkchat";

function read(): ReturnType<typeof parseSettings> {
  const configuration = vscode.workspace.getConfiguration(PREFIX);
  return parseSettings((key) => configuration.get(key));
}

export function readSettings(): Settings {
  const { values } = read();
  return {
    serverUrl: values.serverUrl || "ws://127.0.0.1:43210",
    name: values.name,
    peerHost: values.peerHost,
    peerPort: values.peerPort,
    awayAfterMinutes: values.awayAfterMinutes,
    location: values.location,
    notesInEditor: values.notesInEditor,
    autoAcceptPictures: values.autoAcceptPictures,
    history: {
      messages: values["history.messages"],
      days: values["history.days"],
      forgetOnLeave: values["history.forgetOnLeave"],
    },
    core: {
      acceptForks: values.acceptForks,
      connection: values.connection,
      tellRead: values.tellRead,
      tellWhere: values.tellWhere,
      notify: {
        mentions: values["notify.mentions"],
        messages: values["notify.privateMessages"],
        forks: values["notify.forks"],
      },
    },
  };
}

/** Configured values that are invalid. */
export function wrongSettings(): readonly WrongSetting[] {
  return read().wrong;
}

export async function setServerUrl(server: string): Promise<void> {
  await vscode.workspace
    .getConfiguration(PREFIX)
    .update("serverUrl", server, vscode.ConfigurationTarget.Global);
}

/** Opens a setting in the settings editor. */
export async function openSetting(key: string): Promise<void> {
  await vscode.commands.executeCommand("workbench.action.openSettings", `@id:${PREFIX}.${key}`);
}
