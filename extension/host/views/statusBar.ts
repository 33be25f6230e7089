// The status bar item: the user's name, the unread count, and whether the server is connected.
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { unreadText } from "../../core/texts/attentionTexts.ts";
import { percentUnderWay } from "../../core/view/transferViews.ts";
import { connectionView } from "../../core/view/connectionView.ts";
import { unreadTotal } from "../../core/view/selectors.ts";
import type { State } from "../../core/model/state.ts";
import type { Store } from "../store/store.ts";

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
    const percent = percentUnderWay(state);
    const label = [
      l10n.t("Fork Chat: {0}", state.me.name),
      unread > 0 ? unreadText(unread) : "",
      busy ? l10n.t("do not disturb") : "",
      percent === null ? "" : l10n.t("files: {0}%", percent),
      connection.text,
    ];
    const icon = online
      ? busy
        ? "$(bell-slash)"
        : "$(comment-discussion)"
      : connection.status === "connecting"
        ? "$(sync~spin)"
        : "$(debug-disconnect)";
    const files = percent === null ? "" : ` $(arrow-swap) ${percent}%`;
    const text = `${icon} ${state.me.name}${unread > 0 ? ` $(bell-dot) ${unread}` : ""}${files}${online ? "" : ` (${l10n.t("offline")})`}`;
    const description = label.filter((part) => part !== "").join(", ");
    this.#item.show();
    if (this.#item.text === text && this.#item.tooltip === description) return;
    this.#item.text = text;
    this.#item.tooltip = description;
    this.#item.accessibilityInformation = { label: description };
  }
}
