// Searches for the lines of messages, one at a time. Their answers are kept until a file changes.
import { hash } from "node:crypto";
import * as vscode from "vscode";
import type { CodePart } from "../../../protocol/part.ts";
import { DisposableStore } from "../vscode/disposableStore.ts";
import { findCode, type Found } from "./codeFinder.ts";
import { KnownBases } from "./knownBases.ts";
import { SearchQueue } from "./searchQueue.ts";

/** What VS Code shows in editors without its being a file. */
const NO_FILES = new Set(["output", "debug", "forkchat", "git", "comment"]);

/** Lines as someone has sent them; see `authorKey`. */
export type SentLines = { readonly part: CodePart; readonly code: string; readonly author: string };

export class CodeSearches {
  readonly #parts = new DisposableStore();
  readonly #stale = this.#parts.add(new vscode.EventEmitter<string>());
  /** What was found under this key may no longer hold. */
  readonly onStale = this.#stale.event;
  readonly #queue = new SearchQueue<Found>((key) => this.#stale.fire(key));
  readonly #bases = new KnownBases();

  constructor() {
    const changed = (uri: vscode.Uri): void => this.#queue.forget(uri.toString());
    const anything = (): void => this.#queue.forget();
    const watcher = this.#parts.add(vscode.workspace.createFileSystemWatcher("**/*"));
    this.#parts.add(watcher.onDidChange(changed));
    this.#parts.add(watcher.onDidDelete(changed));
    this.#parts.add(watcher.onDidCreate(anything));
    this.#parts.add(vscode.workspace.onDidChangeWorkspaceFolders(anything));
    this.#parts.add(
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && !NO_FILES.has(document.uri.scheme)) changed(document.uri);
      }),
    );
  }

  /**
   * Resolves with null when the search was dropped.
   * @param author whose lines they are
   * @param isUrgent the user waits for it
   */
  find({ part, code, author }: SentLines, isUrgent = false): Promise<Found | null> {
    const key = searchKey(part, code);
    return this.#queue.find({ key, author, isUrgent }, (signal) => findCode(part, code, this.#bases, signal));
  }

  dispose(): void {
    this.#queue.dispose();
    this.#parts.dispose();
  }
}

/** The same lines from the same place. A hash, so that nothing of a retracted message is kept. */
export function searchKey(part: CodePart, code: string): string {
  // The author's words before the lines do not matter.
  return hash("sha256", JSON.stringify([{ ...part, at: 0 }, code]), "base64url");
}
