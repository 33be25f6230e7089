// The notes that the user has put away, kept for the workspace.
import type * as vscode from "vscode";
import { logFailure } from "../vscode/failureLog.ts";

const KEY = "forkchat.resolvedNotes";
/** The latest that are kept. */
const MOST = 500;

export class ResolvedNotes {
  readonly #memory: vscode.Memento;
  #keys: readonly string[];

  constructor(memory: vscode.Memento) {
    this.#memory = memory;
    const kept = memory.get<unknown>(KEY);
    this.#keys = Array.isArray(kept) ? kept.filter((key) => typeof key === "string") : [];
  }

  has(key: string): boolean {
    return this.#keys.includes(key);
  }

  add(key: string): void {
    this.#keys = [...this.#keys, key].slice(-MOST);
    logFailure(this.#memory.update(KEY, this.#keys));
  }
}
