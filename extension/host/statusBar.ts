// The one status-bar item: who I am, what is unread, and whether the server is there.
import * as vscode from "vscode";
import { connectionView, unreadTotal } from "../core/selectors.ts";
import type { State } from "../core/state.ts";
import type { Store } from "./store.ts";

export class StatusBar {
  readonly #item: vscode.StatusBarItem;
  readonly #subscription: { dispose(): void };

  constructor(store: Store) {
    this.#item = vscode.window.createStatusBarItem("forkchat.status", vscode.StatusBarAlignment.Left, 0);
    this.#item.name = "Fork Chat";
    this.#item.command = "forkchat.open";
    this.#show(store.state);
    this.#subscription = store.onChange((_before, after) => this.#show(after));
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#item.dispose();
  }

  #show(state: State): void {
    if (state.me === null) {
      this.#item.hide();
      return;
    }
    const unread = unreadTotal(state);
    const connection = connectionView(state);
    const online = connection.status === "online";
    const busy = state.presence === "busy";
    const label = [
      `Fork Chat: ${state.me.name}`,
      unread > 0 ? `${unread} unread` : "",
      busy ? "do not disturb" : "",
      connection.text,
    ];
    const icon = online
      ? busy
        ? "$(bell-slash)"
        : "$(comment-discussion)"
      : connection.status === "connecting"
        ? "$(sync~spin)"
        : "$(debug-disconnect)";
    const text = `${icon} ${state.me.name}${unread > 0 ? ` $(bell-dot) ${unread}` : ""}${online ? "" : " (offline)"}`;
    const description = label.filter((part) => part !== "").join(", ");
    if (this.#item.text === text && this.#item.tooltip === description) return;
    this.#item.text = text;
    this.#item.tooltip = description;
    this.#item.accessibilityInformation = { label: description };
    this.#item.show();
  }
}
