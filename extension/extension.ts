// What VS Code activates in every window. Registers commands, views and links once, and loads the chat itself only when one of
// them is used, or when it was open before a reload. A start that fails leaves nothing behind; what is used next tries again.
import * as vscode from "vscode";
import type { ChatWindow } from "./chatWindow.ts";
import type { SessionsRow } from "./host/views/sessionsTree.ts";
import { PANEL_TYPE, PANEL_VIEW, SESSIONS_VIEW, WINDOW_KEY, windowPrefix } from "./host/vscode/places.ts";
import { TreeSlot } from "./host/views/treeSlot.ts";
import { windowsOf } from "./host/storage/windowFiles.ts";

const { l10n } = vscode;

const SERVER_SETTING = "forkchat.serverUrl";

/** Once it is loaded, or being loaded. */
let chat: Promise<ChatWindow> | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const { subscriptions } = context;
  let hasFailed = false;
  const setFailed = (value: boolean): void => {
    if (hasFailed !== value)
      vscode.commands
        .executeCommand("setContext", "forkchat.startFailed", value)
        .then(undefined, console.error);
    hasFailed = value;
  };
  const tree = new TreeSlot<SessionsRow>(() => openUnasked());
  const { dragAndDropController } = tree;
  const view = vscode.window.createTreeView(SESSIONS_VIEW, { treeDataProvider: tree, dragAndDropController });
  const sessions = { tree, view };
  subscriptions.push(sessions.tree, sessions.view);

  const start = async (): Promise<ChatWindow> => {
    try {
      const { openChatWindow } = await import("./chatWindow.ts");
      const opened = openChatWindow(context, sessions);
      setFailed(false);
      return opened;
    } catch (error) {
      chat = undefined;
      setFailed(true);
      const why = error instanceof Error ? error.message : String(error);
      const text = l10n.t("Fork Chat couldn't start and will try again with the next command: {0}", why);
      throw new Error(text, { cause: error });
    }
  };
  const open = (): Promise<ChatWindow> => (chat ??= start());

  /** Several things may wait for one start: its failure is shown once. */
  let shown: unknown;
  const showFailure = (error: unknown): void => {
    console.error(error);
    if (error === shown) return;
    shown = error;
    vscode.window
      .showErrorMessage(error instanceof Error ? error.message : String(error))
      .then(undefined, console.error);
  };
  /** For what VS Code, and not the user, asks for: it would ask again and again. */
  const openUnasked = (): void => {
    if (!hasFailed) open().catch(showFailure);
  };
  /** For what fails silently in VS Code. */
  const openLoudly = async (): Promise<ChatWindow> => {
    try {
      return await open();
    } catch (error) {
      showFailure(error);
      throw error;
    }
  };

  for (const id of commandIds(context.extension)) {
    subscriptions.push(
      vscode.commands.registerCommand(id, async (argument: unknown, ...others: unknown[]) =>
        (await open()).run(id, argument, ...others),
      ),
    );
  }
  subscriptions.push(
    vscode.window.registerWebviewPanelSerializer(PANEL_TYPE, {
      deserializeWebviewPanel: async (panel, state: unknown) =>
        (await openLoudly()).panel.restoreTab(panel, state),
    }),
    vscode.window.registerWebviewViewProvider(PANEL_VIEW, {
      resolveWebviewView: async (view, { state }) => (await openLoudly()).panel.resolveView(view, state),
    }),
    vscode.window.registerUriHandler({
      handleUri: (uri) => {
        open()
          .then(({ invitations }) => invitations.handleUri(uri))
          .catch(showFailure);
      },
    }),
  );
  showServerGiven();
  subscriptions.push(
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(SERVER_SETTING)) showServerGiven();
    }),
  );
  const windowsFolder = vscode.Uri.joinPath(context.globalStorageUri, "windows").fsPath;
  const isMarked = context.workspaceState.get(WINDOW_KEY) !== undefined;
  if (isMarked || windowsOf(windowsFolder, windowPrefix()).length > 0) openUnasked();
}

/** The walkthrough leads those to join who have been given a server: by the setting, or by an invite link, which sets it. */
function showServerGiven(): void {
  const setting = vscode.workspace.getConfiguration().inspect(SERVER_SETTING);
  const isGiven = (setting?.workspaceValue ?? setting?.globalValue) !== undefined;
  vscode.commands
    .executeCommand("setContext", "forkchat.serverGiven", isGiven)
    .then(undefined, console.error);
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
