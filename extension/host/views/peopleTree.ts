// The tree "People": who is online.
import * as vscode from "vscode";
import { nameKey } from "../../../protocol/names.ts";
import { personNotes } from "../../core/view/personNotes.ts";
import { transfersText } from "../../core/view/transferViews.ts";
import type { Store } from "../store/store.ts";
import { PEOPLE_VIEW } from "../vscode/places.ts";
import { dropsOn, type OnDrop } from "./treeSlot.ts";

export function showPeople(tree: PeopleTree, drop: OnDrop<string>): vscode.Disposable {
  return vscode.window.createTreeView(PEOPLE_VIEW, {
    treeDataProvider: tree,
    dragAndDropController: dropsOn(drop),
  });
}

export class PeopleTree implements vscode.TreeDataProvider<string> {
  readonly #store: Store;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #subscription: { dispose(): void };
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(store: Store) {
    this.#store = store;
    this.#subscription = store.onChange((before, after) => {
      const changed =
        before.users !== after.users ||
        before.me !== after.me ||
        before.presences !== after.presences ||
        before.presence !== after.presence ||
        before.people !== after.people ||
        (before.transfers !== after.transfers &&
          after.sessions.some((session) => transfersText(before, session) !== transfersText(after, session)));
      if (changed) this.#changed.fire(undefined);
    });
  }

  getChildren(): string[] {
    return [...this.#store.state.users];
  }

  getTreeItem(name: string): vscode.TreeItem {
    const { me } = this.#store.state;
    const self = me !== null && nameKey(me.name) === nameKey(name);
    const item = new vscode.TreeItem(name);
    item.id = name;
    item.iconPath = new vscode.ThemeIcon("person");
    item.contextValue = self ? "self" : "other";
    item.description = [...personNotes(this.#store.state, name), this.#transfers(name)]
      .filter((part) => part !== "")
      .join(" · ");
    if (item.description !== "") item.accessibilityInformation = { label: `${name}, ${item.description}` };
    return item;
  }

  #transfers(name: string): string {
    const { state } = this.#store;
    const session = state.sessions.find(
      (each) => each.kind === "peer" && nameKey(each.peer) === nameKey(name),
    );
    return session === undefined ? "" : transfersText(state, session);
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }
}
