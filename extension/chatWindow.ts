// The composition root of the chat in one window: creates the parts and connects them, and nothing else.
import "./host/vscode/language.ts";
import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import type { WrittenLines } from "../protocol/fileReference.ts";
import type { WantedChanges } from "./core/changes/changesArgument.ts";
import type { TransfersEffect } from "./core/model/effects.ts";
import type { Question } from "./core/model/question.ts";
import { initialState } from "./core/model/state.ts";
import type { SessionNumber } from "../protocol/webview.ts";
import { Attention } from "./host/views/attention.ts";
import { ChangeFeatures } from "./host/changes/changeFeatures.ts";
import { ClosedWindows } from "./host/storage/closedWindows.ts";
import { CodeSearches } from "./host/code/codeSearches.ts";
import { CodeFeatures } from "./host/code/codeFeatures.ts";
import { commandHandlers } from "./host/commands/commandRegistry.ts";
import { ContextKeys } from "./host/vscode/contextKeys.ts";
import { warn, warnOfWindow } from "./host/vscode/damageWarnings.ts";
import { allOrNothing, type DisposableStore } from "./host/vscode/disposableStore.ts";
import { EffectRunner } from "./host/store/effectRunner.ts";
import { log as logError, logFailure, logFailuresTo } from "./host/vscode/failureLog.ts";
import { showFailure } from "./host/vscode/failures.ts";
import type { OnRequest } from "./host/transfers/sessionFiles.ts";
import { FileFeatures } from "./host/transfers/fileFeatures.ts";
import { KeptFiles } from "./host/transfers/keptFiles.ts";
import { History } from "./host/storage/history.ts";
import { Invitations } from "./host/joining/inviteLink.ts";
import { JoinFlow } from "./host/joining/joinFlow.ts";
import { ShareQuestions } from "./host/code/mayShare.ts";
import { Submitter } from "./host/panel/submitter.ts";
import { PageActions } from "./host/panel/pageActions.ts";
import { Panel } from "./host/panel/panel.ts";
import { openTrust } from "./host/trust/openTrust.ts";
import { PartStore } from "./host/storage/partStore.ts";
import { windowPrefix } from "./host/vscode/places.ts";
import { PeopleTree, showPeople } from "./host/views/peopleTree.ts";
import { ServerUrlChange } from "./host/joining/serverUrlChange.ts";
import { ServerTerminal } from "./host/joining/serverTerminal.ts";
import { type Sessions, SessionsTree } from "./host/views/sessionsTree.ts";
import { askUser } from "./host/vscode/questions.ts";
import { ReadOnlyDocuments } from "./host/vscode/readOnlyDocuments.ts";
import { readSettings } from "./host/vscode/settings.ts";
import { SettingWarnings } from "./host/vscode/settingWarnings.ts";
import { StatusBar } from "./host/views/statusBar.ts";
import { Store } from "./host/store/store.ts";
import { showUnreadBadge } from "./host/views/unreadBadge.ts";
import { requireFolders } from "./host/storage/usableFolders.ts";
import { WindowMemory } from "./host/storage/windowMemory.ts";
import { WindowRestore } from "./host/joining/windowRestore.ts";
import { createNetwork } from "./net/network.ts";
import { checkServer } from "./net/rendezvous/checkServer.ts";
import { probeServer } from "./net/rendezvous/probeServer.ts";

/** What VS Code's commands, views and links call. */
export type ChatWindow = {
  readonly panel: Panel;
  readonly invitations: Invitations;
  /** Runs a command of package.json. A menu passes where it was opened, and all that is selected there. */
  readonly run: (id: string, ...given: readonly [unknown, ...unknown[]]) => unknown;
  /** Ends everything. Resolves when the network is closed. */
  readonly dispose: () => Promise<void>;
};

/** If it throws, it cleans up after itself and can be called again. */
export function openChatWindow(context: vscode.ExtensionContext, sessions: Sessions): ChatWindow {
  return allOrNothing((parts) => assemble(context, sessions, parts));
}

/** Each part is in `parts` as soon as it is made: they are disposed in reverse order, also when a later one cannot be made. */
function assemble(
  context: vscode.ExtensionContext,
  { tree, view }: Sessions,
  parts: DisposableStore,
): ChatWindow {
  const log = parts.add(vscode.window.createOutputChannel("Fork Chat", { log: true }));
  parts.add(logFailuresTo(log));
  const folderOf = (name: string): string => vscode.Uri.joinPath(context.globalStorageUri, name).fsPath;
  const folders = {
    windows: folderOf("windows"),
    history: folderOf("history"),
    secrets: folderOf("secrets"),
    transfers: folderOf("transfers"),
    parts: folderOf("parts"),
    kept: folderOf("kept"),
  };
  const instance = randomBytes(9).toString("hex");
  const { keyring, people } = openTrust(context, folders.secrets, log);

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
    emitBulk: (event) => files.bulk(event),
    settings: readSettings,
    credentials: {
      key: (identity) => keyring.key(identity),
      token: (server) => keyring.token(server),
      certificate: (server) => people.certificate(server),
    },
    log,
  });
  parts.add({ dispose: () => logFailure(network.dispose()) });
  const windowEffects = {
    notify: (text: string, sessions: readonly SessionNumber[]) =>
      showFailure(attention.notify(text, sessions)),
    ask: (question: Question) => showFailure(askUser(question, store)),
    remember: people.remember.bind(people),
    forget: people.forget.bind(people),
    attachLines: (session: SessionNumber, lines: WrittenLines) => code.attachLines(session, lines),
    tellWhere: (session: SessionNumber, agreed: boolean) => code.tellWhere(session, agreed),
    transfers: (effect: TransfersEffect) => files.report(effect),
    offerFile: (session: SessionNumber, path: string) => files.offerTyped(session, path),
    sendChanges: (session: SessionNumber, wanted: WantedChanges) => changes.sendTyped(session, wanted),
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
    logError,
  );
  requireFolders([folderOf(""), ...Object.values(folders)]);
  const closedWindows = new ClosedWindows(folders.windows);
  const sentParts = new PartStore(
    folders.parts,
    () => ({ days: readSettings().history.days }),
    () => closedWindows.conversationsElsewhere().flatMap(({ peer }) => peer?.pin ?? []),
  );
  const history = new History({
    folder: folders.history,
    settings: readSettings().history,
    now: Date.now,
    dispatch: (event) => store.dispatch(event),
    onForgotten: (conversation) => {
      memory.compact();
      files.forget(conversation);
      const pin = conversation === null ? null : conversation.peer?.pin;
      if (pin !== undefined) logFailure(sentParts.forget(pin));
    },
    closedWindows,
    log,
  });

  const memory = new WindowMemory(folders.windows, `${windowPrefix()}${randomBytes(16).toString("hex")}`, {
    log,
    onFailure: (failure) => store.dispatch({ type: "storage/failed", failure }),
    onRecovery: () => store.dispatch({ type: "storage/recovered" }),
    onDamage: warnOfWindow,
  });
  parts.add({ dispose: () => memory.close() });
  parts.add({ dispose: () => history.close() });

  const documents = parts.add(new ReadOnlyDocuments());
  const searches = parts.add(new CodeSearches());
  const questions = new ShareQuestions(context.globalState);
  const onRequest: OnRequest = (sid, id) => changes.find(sid, id);
  const files = parts.add(
    new FileFeatures({
      ...{ store, questions, bulk: network.bulk, folder: folders.transfers, memory: context.globalState },
      onRequest,
      show: (session) => showSession(session),
      kept: new KeptFiles(folders.kept),
      savedSessions: () => closedWindows.sessions(),
      conversationsElsewhere: () => closedWindows.conversationsElsewhere(),
      pictureSettings: () => ({ ...readSettings(), ...readSettings().history }),
    }),
  );
  const changes = parts.add(
    new ChangeFeatures({
      ...{ store, documents, parts: sentParts },
      accept: (sid, file, folder) => files.accept(sid, file, folder),
      cancel: (sid, id) => files.cancel(sid, id),
      keepsHistory: () => readSettings().history.days > 0,
      show: (session) => showSession(session),
      now: () => Date.now(),
    }),
  );
  const panel = parts.add(
    new Panel({
      store,
      extensionUri: context.extensionUri,
      keptFolder: folders.kept,
      log,
      windowId: () => memory.windowId,
      location: () => readSettings().location,
      actions: parts.add(new PageActions(store, documents, searches)),
      ...{ files, changes },
      submitter: new Submitter({ store, questions, warn }),
      run: (command) => showFailure(vscode.commands.executeCommand(`forkchat.${command}`)),
      onRestored: (windowId) => logFailure(restorer.restore(windowId)),
    }),
  );
  const showSession = (session: SessionNumber | undefined): void => {
    if (session !== undefined) store.dispatch({ type: "user/activate", session });
    panel.reveal();
  };
  const probe = (url: string) => probeServer(url, log);
  const server = parts.add(new ServerTerminal({ context, probe }));
  const joinFlow = new JoinFlow({ store, panel, server, context, keyring, people, probe });
  parts.add(new ServerUrlChange({ store, joinFlow }));
  const invitations = new Invitations({ store, joinFlow, server, keyring, context });
  const contextKeys = parts.add(new ContextKeys(store, () => readSettings().location === "panel"));
  const attention = parts.add(
    new Attention({
      store,
      awayAfterMinutes: () => readSettings().awayAfterMinutes,
      open: (session) => showSession(session),
    }),
  );
  parts.add(new StatusBar(store));
  parts.add(tree.show(parts.add(new SessionsTree(store)), files.dropOnSession));
  parts.add(showUnreadBadge(store, view));
  parts.add(showPeople(parts.add(new PeopleTree(store)), files.dropOnPerson));
  const code = parts.add(
    new CodeFeatures({
      ...{ store, panel, searches, questions, workspaceMemory: context.workspaceState },
      showsNotes: () => readSettings().notesInEditor,
    }),
  );
  const handlers = commandHandlers({
    checkServer: (url) => checkServer(url, people.certificate(url), log),
    store,
    panel,
    joinFlow,
    server,
    invitations,
    documents,
    contextKeys,
    history,
    ...{ code, files, changes },
  });

  const warnings = new SettingWarnings();
  const tellSettings = (): void => {
    const settings = readSettings();
    history.configure(settings.history);
    store.dispatch({ type: "settings/changed", settings: settings.core });
    code.refresh();
    warnings.check();
  };
  tellSettings();
  parts.add(
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("forkchat")) tellSettings();
    }),
  );

  const restorer = parts.add(
    new WindowRestore({
      ...{ store, memory, history, keyring, people, server, instance },
      workspaceState: context.workspaceState,
      folder: folders.windows,
      showVisibility: () => {
        attention.tell();
        store.dispatch({ type: "panel/visible", visible: panel.visible });
      },
    }),
  );
  showFailure(restorer.restoreLast());

  return {
    panel,
    invitations,
    run: (id, ...given) => handlers.get(id)?.(...given),
    dispose: async () => {
      try {
        parts.dispose();
      } finally {
        await network.dispose();
      }
    },
  };
}
