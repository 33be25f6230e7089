// Names that VS Code uses for the chat's views, as in package.json, and the keys of a window's saved state.
import * as vscode from "vscode";
import { workspacePrefix } from "../storage/windowFiles.ts";

export const PANEL_TYPE = "forkchat.panel";
export const PANEL_VIEW = "forkchat.panelView";
export const SESSIONS_VIEW = "forkchat.sessionsView";
export const PEOPLE_VIEW = "forkchat.peopleView";

/** In the workspace's state: the id of the window that has joined or started a server, and has not quit. */
export const WINDOW_KEY = "forkchat.windowId";

/** The common prefix of the ids of all windows on this window's workspace. */
export function windowPrefix(): string {
  const { workspaceFile, workspaceFolders } = vscode.workspace;
  return workspacePrefix((workspaceFile ?? workspaceFolders?.[0]?.uri)?.toString());
}
