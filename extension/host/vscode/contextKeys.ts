// The `when` keys that enable commands and views in package.json.
import * as vscode from "vscode";
import { LOBBY } from "../../core/model/session.ts";
import { isLobbyOpen } from "../../core/model/sessionState.ts";
import type { State } from "../../core/model/state.ts";
import { logFailure } from "./failureLog.ts";
import type { Store } from "../store/store.ts";

export class ContextKeys {
  readonly #subscription: { dispose(): void };
  readonly #values = new Map<string, boolean>();

  /** @param inPanelArea whether the user wants the page in VS Code's panel area */
  constructor(store: Store, inPanelArea: () => boolean) {
    // Once requested there, the view stays until the window closes.
    if (inPanelArea()) this.showPanelView();
    this.#show(store.state);
    this.#subscription = store.onChange((_before, after) => this.#show(after));
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  /** From here on VS Code has a place for the view. */
  showPanelView(): void {
    this.#set("forkchat.panelViewWanted", true);
  }

  #show(state: State): void {
    this.#set("forkchat.joined", state.me !== null);
    this.#set("forkchat.online", isLobbyOpen(state));
    this.#set("forkchat.inLobby", state.me !== null && state.active === LOBBY);
    this.#set("forkchat.inPeerSession", state.active !== LOBBY);
  }

  #set(key: string, value: boolean): void {
    if (this.#values.get(key) === value) return;
    this.#values.set(key, value);
    logFailure(vscode.commands.executeCommand("setContext", key, value));
  }
}
