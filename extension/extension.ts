// What VS Code activates in every window. Registers commands, views and links, and loads the chat itself only when one
// of them is used, or when it was open before a reload.
import * as vscode from "vscode";
import type { ChatWindow } from "./chatWindow.ts";
import { PANEL_TYPE, PANEL_VIEW, SESSIONS_VIEW, WINDOW_KEY, windowPrefix } from "./host/vscode/places.ts";
import { windowsOf } from "./host/storage/windowFiles.ts";

/** Set once the chat is loading or loaded. */
let chat: Promise<ChatWindow> | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const { subscriptions } = context;
  // VS Code assigns a tree to one provider at a time: the chat's own replaces this one.
  const emptyTree = vscode.window.registerTreeDataProvider(SESSIONS_VIEW, {
    getChildren: () => open().then(() => []),
    getTreeItem: (row: vscode.TreeItem) => row,
  });
  subscriptions.push(emptyTree);
  const open = (): Promise<ChatWindow> => {
    chat ??= import("./chatWindow.ts")
      .then(({ openChatWindow }) => {
        emptyTree.dispose();
        return openChatWindow(context);
      })
      .catch((error: unknown) => {
        // The next use tries again.
        chat = undefined;
        throw error;
      });
    return chat;
  };

  for (const id of commandIds(context.extension)) {
    subscriptions.push(
      vscode.commands.registerCommand(id, async (argument: unknown) => (await open()).run(id, argument)),
    );
  }
  subscriptions.push(
    vscode.window.registerWebviewPanelSerializer(PANEL_TYPE, {
      deserializeWebviewPanel: async (panel, state: unknown) => (await open()).panel.restoreTab(panel, state),
    }),
    vscode.window.registerWebviewViewProvider(PANEL_VIEW, {
      resolveWebviewView: async (view, { state }) => (await open()).panel.resolveView(view, state),
    }),
    vscode.window.registerUriHandler({
      handleUri: async (uri) => (await open()).invitations.handleUri(uri),
    }),
  );
  const windowsFolder = vscode.Uri.joinPath(context.globalStorageUri, "windows").fsPath;
  const isMarked = context.workspaceState.get(WINDOW_KEY) !== undefined;
  if (isMarked || windowsOf(windowsFolder, windowPrefix()).length > 0) open().catch(console.error);
}

export async function deactivate(): Promise<void> {
  await (await chat?.catch(() => undefined))?.dispose();
  chat = undefined;
}

/** As in package.json; a test compares the chat's own commands with them. */
function commandIds({ packageJSON }: vscode.Extension<unknown>): string[] {
  const { contributes } = packageJSON as { contributes: { commands: { command: string }[] } };
  return contributes.commands.map(({ command }) => command);
}
