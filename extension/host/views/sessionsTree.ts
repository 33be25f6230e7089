// The tree "Sessions": the lobby and the private sessions, with their unread counts, and unanswered forks.
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { ForkView } from "../../../protocol/webview.ts";
import { openForks, openForkText } from "../../core/forks/openForks.ts";
import { sessionName } from "../../core/view/selectors.ts";
import { isLobbyOpen, sessionState } from "../../core/model/sessionState.ts";
import type { Session } from "../../core/model/session.ts";
import { looksLike, sessionDetails } from "../../core/view/sessionRow.ts";
import { transfersText } from "../../core/view/transferViews.ts";
import type { Store } from "../store/store.ts";
import type { TreeSlot } from "./treeSlot.ts";

export type SessionsRow = Session | ForkView;

/** The view, which is there before and after the chat. */
export type Sessions = {
  readonly tree: TreeSlot<SessionsRow>;
  readonly view: { badge?: vscode.ViewBadge | undefined };
};

export class SessionsTree implements vscode.TreeDataProvider<SessionsRow> {
  readonly #store: Store;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #subscription: { dispose(): void };
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(store: Store) {
    this.#store = store;
    this.#subscription = store.onChange((before, after) => {
      const changed =
        before.active !== after.active ||
        before.me !== after.me ||
        isLobbyOpen(before) !== isLobbyOpen(after) ||
        before.people !== after.people ||
        JSON.stringify(openForks(before)) !== JSON.stringify(openForks(after)) ||
        before.presences !== after.presences ||
        before.channels.some(({ link }, i) => link?.path !== after.channels[i]?.link?.path) ||
        (before.transfers !== after.transfers &&
          after.sessions.some(
            (session) => transfersText(before, session) !== transfersText(after, session),
          )) ||
        before.sessions.length !== after.sessions.length ||
        before.sessions.some((session, i) => !looksLike(session, after.sessions[i]));
      if (changed) this.#changed.fire(undefined);
    });
  }

  getChildren(): SessionsRow[] {
    const { state } = this.#store;
    return state.me === null ? [] : [...state.sessions, ...openForks(state)];
  }

  getTreeItem(row: SessionsRow): vscode.TreeItem {
    return "phase" in row ? forkItem(row) : this.#sessionItem(row);
  }

  #sessionItem(session: Session): vscode.TreeItem {
    const { state } = this.#store;
    const name = sessionName(session);
    const status = sessionState(state, session);
    const details = sessionDetails(state, session);
    const item = new vscode.TreeItem(name);
    item.id = String(session.number);
    item.description = details.join("  ");
    item.iconPath = new vscode.ThemeIcon(session.kind === "lobby" ? "organization" : icons[status]);
    item.contextValue = session.kind;
    item.tooltip =
      session.kind === "lobby"
        ? l10n.t("Everyone in the lobby can read what you write")
        : l10n.t("Private session {0} with {1}", session.number, name);
    item.command = { title: l10n.t("Open"), command: "forkchat.showSession", arguments: [session.number] };
    item.accessibilityInformation = { label: [name, ...details].join(", ") };
    return item;
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }
}

function forkItem(fork: ForkView): vscode.TreeItem {
  const item = new vscode.TreeItem(openForkText(fork));
  item.id = `fork ${fork.id}`;
  item.iconPath = new vscode.ThemeIcon("loading~spin");
  item.contextValue = "openFork";
  return item;
}

const icons = { open: "lock", waiting: "watch", ended: "circle-slash", closed: "circle-slash" } as const;
