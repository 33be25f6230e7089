// Restores the conversations that a window had before a reload, a restart or a crash, and marks in the workspace whose they are.
import * as l10n from "@vscode/l10n";
import type * as vscode from "vscode";
import { tidyServerUrl } from "../../core/model/serverAddress.ts";
import { restoreWindow } from "../../core/saved/savedWindow.ts";
import type { History } from "../storage/history.ts";
import { windowsOf } from "../storage/windowFiles.ts";
import { markWindow } from "../storage/windowMark.ts";
import type { WindowMemory } from "../storage/windowMemory.ts";
import type { Store } from "../store/store.ts";
import type { Keyring } from "../trust/keyring.ts";
import type { PeopleBook } from "../trust/peopleBook.ts";
import { DisposableStore } from "../vscode/disposableStore.ts";
import { log, logFailure } from "../vscode/failureLog.ts";
import { showWarning } from "../vscode/notify.ts";
import { WINDOW_KEY, windowPrefix } from "../vscode/places.ts";
import { readSettings } from "../vscode/settings.ts";
import type { ServerTerminal } from "./serverTerminal.ts";

type Options = {
  readonly store: Store;
  readonly memory: WindowMemory;
  readonly history: History;
  readonly keyring: Pick<Keyring, "token">;
  readonly people: Pick<PeopleBook, "at">;
  readonly server: Pick<ServerTerminal, "isHere" | "onDidChange">;
  readonly workspaceState: vscode.Memento;
  /** The folder of the windows' files. */
  readonly folder: string;
  /** Identifies this life of the window. */
  readonly instance: string;
  /** Reports to the store what the user can see. */
  readonly showVisibility: () => void;
};

export class WindowRestore {
  readonly #options: Options;
  readonly #parts = new DisposableStore();

  constructor(options: Options) {
    this.#options = options;
  }

  /** At startup: the marked window, then the others of this workspace, until one has been restored. */
  async restoreLast(): Promise<void> {
    const { folder, server, store, workspaceState } = this.#options;
    const marked = workspaceState.get<string>(WINDOW_KEY);
    if (marked !== undefined) await this.restore(marked);
    for (const id of windowsOf(folder, windowPrefix())) await this.restore(id, false);
    this.#mark();
    this.#parts.add(
      store.onChange((before, after) => {
        if ((before.me === null) !== (after.me === null)) this.#mark();
      }),
    );
    this.#parts.add(server.onDidChange(() => this.#mark()));
  }

  /** Never rejects: a window that cannot be restored does not keep the others from it. */
  async restore(windowId: string, waits = true): Promise<void> {
    try {
      await this.#restore(windowId, waits);
    } catch (error) {
      log(error);
      logFailure(showWarning(l10n.t("The chat of this window couldn't be restored: {0}", String(error))));
    }
  }

  async #restore(windowId: string, waits: boolean): Promise<void> {
    const { store, memory, history, keyring, people, instance, showVisibility } = this.#options;
    const saved = await memory.recall(windowId, { waits, isWanted: () => store.state.me === null });
    // An earlier version saved the server's token under this exact text, which the restored window no longer has.
    if (saved !== null && tidyServerUrl(saved.me.server) !== saved.me.server)
      await keyring.token(saved.me.server);
    if (saved === null || store.state.me !== null) return;
    store.replace(history.adopt(restoreWindow(saved, instance)));
    store.dispatch({ type: "settings/changed", settings: readSettings().core });
    store.dispatch({ type: "people/loaded", people: people.at(saved.me.server) });
    // Report visibility first: otherwise a visible panel would mark everything as read.
    showVisibility();
    store.dispatch({ type: "window/restored" });
  }

  #mark(): void {
    const { workspaceState, memory, store, server } = this.#options;
    const hasOwn = store.state.me !== null || server.isHere;
    logFailure(markWindow(workspaceState, WINDOW_KEY, memory, hasOwn));
  }

  dispose(): void {
    this.#parts.dispose();
  }
}
