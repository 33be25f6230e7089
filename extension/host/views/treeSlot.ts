// A view's tree that is registered with VS Code once, and is empty while there is nothing to show in it. VS Code gives a view to
// one provider at a time: without this, a view would have none between two of them.
import * as vscode from "vscode";

/** Handles what is dropped on a row, or beside the rows. */
export type OnDrop<Row> = (row: Row | undefined, data: vscode.DataTransfer) => Promise<void>;

/** What can be dropped on a tree: files of the Explorer and of tabs, and those of the system. */
export function dropsOn<Row>(drop: OnDrop<Row>): vscode.TreeDragAndDropController<Row> {
  return { dragMimeTypes: [], dropMimeTypes: ["text/uri-list", "files"], handleDrop: drop };
}

export class TreeSlot<Row> implements vscode.TreeDataProvider<Row> {
  readonly #onAsked: () => void;
  readonly #changed = new vscode.EventEmitter<Row | Row[] | null | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  /** Asleep like the tree, until there is one. */
  readonly dragAndDropController = dropsOn<Row>(async (row, data) => this.#drop?.(row, data));
  #tree: vscode.TreeDataProvider<Row> | null = null;
  #drop: OnDrop<Row> | null = null;

  /** @param onAsked VS Code shows the view, and there is nothing to show in it yet */
  constructor(onAsked: () => void) {
    this.#onAsked = onAsked;
  }

  /** Shows a tree until the result is disposed. */
  show(tree: vscode.TreeDataProvider<Row>, drop: OnDrop<Row>): vscode.Disposable {
    const subscription = tree.onDidChangeTreeData?.((rows) => this.#changed.fire(rows ?? undefined));
    this.#tree = tree;
    this.#drop = drop;
    this.#changed.fire(undefined);
    return new vscode.Disposable(() => {
      subscription?.dispose();
      if (this.#tree !== tree) return;
      this.#tree = null;
      this.#drop = null;
      this.#changed.fire(undefined);
    });
  }

  getChildren(row?: Row): vscode.ProviderResult<Row[]> {
    if (this.#tree === null) {
      this.#onAsked();
      return [];
    }
    return this.#tree.getChildren(row);
  }

  getTreeItem(row: Row): vscode.TreeItem | Thenable<vscode.TreeItem> {
    return this.#tree?.getTreeItem(row) ?? new vscode.TreeItem("");
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
