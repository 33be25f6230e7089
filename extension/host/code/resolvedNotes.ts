// The notes that the user has put away, kept for the workspace: as hashes, because no one deletes them with the conversation.
import { hash } from "node:crypto";
import type * as vscode from "vscode";
import { logFailure } from "../vscode/failureLog.ts";

const KEY = "forkchat.resolvedNotes";
/** The latest that are kept. */
const MOST = 500;

export class ResolvedNotes {
  readonly #memory: vscode.Memento;
  #keys: ReadonlySet<string>;

  constructor(memory: vscode.Memento) {
    this.#memory = memory;
    const kept = memory.get<unknown>(KEY);
    this.#keys = new Set(Array.isArray(kept) ? kept.filter((key) => typeof key === "string") : []);
  }

  has(key: string): boolean {
    return this.#keys.has(hashed(key));
  }

  add(key: string): void {
    const keys = [...this.#keys, hashed(key)].slice(-MOST);
    this.#keys = new Set(keys);
    logFailure(this.#memory.update(KEY, keys));
  }
}

function hashed(key: string): string {
  return hash("sha256", key, "base64url");
}
