// The composition root of the chat in one window: creates the parts and connects them, and nothing else.
import "./host/vscode/language.ts";
import { randomBytes } from "node:crypto";
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { Question } from "./core/model/question.ts";
import { initialState } from "./core/model/state.ts";
import { restoreWindow } from "./core/saved/savedWindow.ts";
import { tidyServerUrl } from "./core/model/serverAddress.ts";
import type { SessionNumber } from "../protocol/webview.ts";
import { Attention } from "./host/views/attention.ts";
import { ClosedWindows } from "./host/storage/closedWindows.ts";
import { commandHandlers } from "./host/commands/commandRegistry.ts";
import { ContextKeys } from "./host/vscode/contextKeys.ts";
import { DisposableStore } from "./host/vscode/disposableStore.ts";
import { EffectRunner } from "./host/store/effectRunner.ts";
import { FileBackedSecrets } from "./host/trust/fileBackedSecrets.ts";
import { History } from "./host/storage/history.ts";
import { Invitations } from "./host/joining/inviteLink.ts";
import { JoinFlow } from "./host/joining/joinFlow.ts";
import { Keyring } from "./host/trust/keyring.ts";
import { showWarning } from "./host/vscode/notify.ts";
import { PageActions } from "./host/panel/pageActions.ts";
import { Panel } from "./host/panel/panel.ts";
import { PeopleBook } from "./host/trust/peopleBook.ts";
import { PEOPLE_VIEW, SESSIONS_VIEW, WINDOW_KEY, windowPrefix } from "./host/vscode/places.ts";
import { PeopleTree } from "./host/views/peopleTree.ts";
import { ServerTerminal } from "./host/joining/serverTerminal.ts";
import { SessionsTree } from "./host/views/sessionsTree.ts";
import { askUser } from "./host/vscode/questions.ts";
import { ReadOnlyDocuments } from "./host/vscode/readOnlyDocuments.ts";
import { readSettings } from "./host/vscode/settings.ts";
import { SettingWarnings } from "./host/vscode/settingWarnings.ts";
import { StatusBar } from "./host/views/statusBar.ts";
import { Store } from "./host/store/store.ts";
import { showUnreadBadge } from "./host/views/unreadBadge.ts";
import { windowsOf } from "./host/storage/windowFiles.ts";
import { WindowMemory } from "./host/storage/windowMemory.ts";
import { createNetwork } from "./net/network.ts";
import { checkServer } from "./net/rendezvous/checkServer.ts";
import { probeServer } from "./net/rendezvous/probeServer.ts";

/** What VS Code's commands, views and links call. */
export type ChatWindow = {
  readonly panel: Panel;
  readonly invitations: Invitations;
  /** Runs a command of package.json. */
  readonly run: (id: string, argument: unknown) => unknown;
  /** Ends everything. Resolves when the network is closed. */
  readonly dispose: () => Promise<void>;
};

/** Names listed in one warning. */
const SHOWN_NAMES = 5;

/** If it throws, it leaves nothing behind and can be called again. */
export function openChatWindow(context: vscode.ExtensionContext): ChatWindow {
  const parts = new DisposableStore();
  try {
    return assemble(context, parts);
  } catch (error) {
    parts.dispose();
    throw error;
  }
}

function assemble(context: vscode.ExtensionContext, parts: DisposableStore): ChatWindow {
  const log = parts.add(vscode.window.createOutputChannel("Fork Chat", { log: true }));
  const instance = randomBytes(9).toString("hex");
  const keyring = new Keyring(
    vscode.env.uiKind === vscode.UIKind.Web
      ? new FileBackedSecrets(
          context.secrets,
          vscode.Uri.joinPath(context.globalStorageUri, "secrets").fsPath,
        )
      : context.secrets,
    log,
    (name) =>
      void showWarning(
        l10n.t(
          "The stored key for “{0}” was damaged and has been replaced. Your contacts will see that your key has changed.",
          name,
        ),
      ),
  );
  const people = new PeopleBook(
    context.globalState,
    (names) =>
      void showWarning(
        l10n.t(
          "The stored records of these people were damaged: {0}. Compare safety numbers with them again, and block them again if you had blocked them.",
          names.slice(0, SHOWN_NAMES).join(", ") + (names.length > SHOWN_NAMES ? ", …" : ""),
        ),
      ),
  );

  // Applies blocks from other windows before anything more of those people is shown.
  const catchUpPeople = (): void => {
    const server = store.state.me?.server;
    const news = server === undefined ? null : people.news(server);
    if (news !== null) store.dispatch({ type: "people/loaded", people: news });
  };
  parts.add(vscode.window.onDidChangeWindowState(catchUpPeople));

  const network = createNetwork({
    emit: (event) => {
      catchUpPeople();
      store.dispatch(event);
    },
    settings: readSettings,
    credentials: {
      key: (identity) => keyring.key(identity),
      token: (server) => keyring.token(server),
      certificate: (server) => people.certificate(server),
    },
    log,
  });
  const windowEffects = {
    notify: (text: string, sessions: readonly SessionNumber[]) => void attention.notify(text, sessions),
    ask: (question: Question) =>
      void askUser(question, (answer) =>
        store.dispatch({ type: "user/answer", question: question.id, answer }),
      ),
    remember: people.remember.bind(people),
    forget: people.forget.bind(people),
    trim: (number: SessionNumber) => {
      const session = store.state.sessions.find((each) => each.number === number);
      if (session !== undefined) history.trim(session);
      memory.rewriteSoon();
    },
  };
  const runner = parts.add(
    new EffectRunner(network, windowEffects, (key) => store.dispatch({ type: "timer", key })),
  );
  const store = new Store(
    initialState(instance),
    { now: Date.now, random: Math.random, unique: () => randomBytes(16).toString("base64url") },
    (effect) => {
      if (effect.type !== "settle") runner.run(effect);
    },
    (before, after) => {
      history.changed(before, after);
      return memory.changed(before, after);
    },
  );
  const windowsFolder = vscode.Uri.joinPath(context.globalStorageUri, "windows").fsPath;
  const history = new History({
    folder: vscode.Uri.joinPath(context.globalStorageUri, "history").fsPath,
    settings: readSettings().history,
    now: Date.now,
    dispatch: (event) => store.dispatch(event),
    onForgotten: () => memory.compact(),
    closedWindows: new ClosedWindows(windowsFolder),
    log,
  });

  const prefix = windowPrefix();
  const memory = new WindowMemory(windowsFolder, `${prefix}${randomBytes(16).toString("hex")}`, {
    log,
    onFailure: (failure) => store.dispatch({ type: "storage/failed", failure }),
    onRecovery: () => store.dispatch({ type: "storage/recovered" }),
    onDamage: (copy) =>
      void showWarning(
        l10n.t(
          "A file of this window was damaged. Messages may be missing, including unsent ones. A copy is kept as {0}.",
          copy,
        ),
      ),
  });
  const comeBack = async (windowId: string, waits = true): Promise<void> => {
    const saved = await memory.recall(windowId, { waits, isWanted: () => store.state.me === null });
    // An earlier version saved the server's token under this exact text, which the restored window no longer has.
    if (saved !== null && tidyServerUrl(saved.me.server) !== saved.me.server)
      await keyring.token(saved.me.server);
    if (saved === null || store.state.me !== null) return;
    store.replace(history.adopt(restoreWindow(saved, instance)));
    store.dispatch({ type: "settings/changed", settings: readSettings().core });
    store.dispatch({ type: "people/loaded", people: people.at(saved.me.server) });
    // Report visibility first: otherwise a visible panel would mark everything as read.
    attention.tell();
    store.dispatch({ type: "panel/visible", visible: panel.visible });
    store.dispatch({ type: "window/restored" });
  };

  const panel = parts.add(
    new Panel({
      store,
      extensionUri: context.extensionUri,
      log,
      windowId: () => memory.windowId,
      location: () => readSettings().location,
      actions: parts.add(new PageActions()),
      run: (command) => void vscode.commands.executeCommand(`forkchat.${command}`),
      onRestored: (windowId) => void comeBack(windowId),
    }),
  );
  const probe = (url: string) => probeServer(url, log);
  const server = parts.add(new ServerTerminal({ context, probe }));
  const joinFlow = new JoinFlow({ store, panel, server, context, keyring, people, probe });
  const invitations = new Invitations({ store, joinFlow, server, keyring, context });
  const documents = parts.add(new ReadOnlyDocuments());
  const contextKeys = parts.add(new ContextKeys(store, () => readSettings().location === "panel"));
  const attention = parts.add(
    new Attention({
      store,
      awayAfterMinutes: () => readSettings().awayAfterMinutes,
      open: (session) => {
        panel.reveal();
        if (session !== undefined) store.dispatch({ type: "user/activate", session });
      },
    }),
  );
  parts.add(new StatusBar(store));
  const sessions = parts.add(new SessionsTree(store));
  const online = parts.add(new PeopleTree(store));
  const sessionsView = vscode.window.createTreeView(SESSIONS_VIEW, { treeDataProvider: sessions });
  parts.add(showUnreadBadge(store, parts.add(sessionsView)));
  parts.add(vscode.window.registerTreeDataProvider(PEOPLE_VIEW, online));
  const check = (url: string) => checkServer(url, people.certificate(url), log);
  const forCommands = {
    checkServer: check,
    store,
    panel,
    joinFlow,
    server,
    invitations,
    documents,
    contextKeys,
    history,
  };
  const handlers = commandHandlers(forCommands);

  const warnings = new SettingWarnings();
  const tellSettings = (): void => {
    const settings = readSettings();
    history.configure(settings.history);
    store.dispatch({ type: "settings/changed", settings: settings.core });
    warnings.check();
  };
  tellSettings();
  parts.add(
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("forkchat")) tellSettings();
    }),
  );

  // The next start does not wait for a window that has nothing to restore. Another window's mark is left alone.
  const markWindow = (): void => {
    const marked = context.workspaceState.get<string>(WINDOW_KEY);
    const isOurs = marked === memory.windowId;
    const hasOwn = store.state.me !== null || server.isHere;
    if (hasOwn ? isOurs : !isOurs && (marked === undefined || memory.has(marked))) return;
    void context.workspaceState.update(WINDOW_KEY, hasOwn ? memory.windowId : undefined);
  };
  const comeBackFirst = async (): Promise<void> => {
    const marked = context.workspaceState.get<string>(WINDOW_KEY);
    if (marked !== undefined) await comeBack(marked);
    for (const id of windowsOf(windowsFolder, prefix)) await comeBack(id, false);
  };
  void comeBackFirst().then(() => {
    markWindow();
    parts.add(
      store.onChange((before, after) => {
        if ((before.me === null) !== (after.me === null)) markWindow();
      }),
    );
    parts.add(server.onDidChange(markWindow));
  });

  return {
    panel,
    invitations,
    run: (id, argument) => handlers.get(id)?.(argument),
    dispose: async () => {
      history.close();
      memory.close();
      parts.dispose();
      await network.dispose();
    },
  };
}
