// Runs searches one at a time and keeps their answers until a file changes.
import * as vscode from "vscode";
import { DisposableStore } from "../vscode/disposableStore.ts";
import { SearchQueue } from "./searchQueue.ts";

/** What VS Code shows in editors without its being a file. */
const NO_FILES = new Set(["output", "debug", "forkchat", "git"]);

export class CodeSearches<Answer> extends SearchQueue<Answer> {
  readonly #parts = new DisposableStore();

  constructor() {
    super();
    const changed = (): void => this.forget();
    const watcher = this.#parts.add(vscode.workspace.createFileSystemWatcher("**/*"));
    this.#parts.add(watcher.onDidChange(changed));
    this.#parts.add(watcher.onDidCreate(changed));
    this.#parts.add(watcher.onDidDelete(changed));
    this.#parts.add(vscode.workspace.onDidChangeWorkspaceFolders(changed));
    this.#parts.add(
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && !NO_FILES.has(document.uri.scheme)) changed();
      }),
    );
  }

  override dispose(): void {
    super.dispose();
    this.#parts.dispose();
  }
}
