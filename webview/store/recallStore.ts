// The lines that Up and Down bring back, for all sessions.
import { type ReadonlySignal, signal } from "@preact/signals";
import { isBlank } from "../../protocol/blank.ts";
import type { Entries } from "../../protocol/webview.ts";
import { emptyRecall, newer, older, type Recall, recalled, recallOf, remember } from "./recall.ts";

export class RecallStore {
  readonly #recall = signal<Recall>(emptyRecall);
  readonly state: ReadonlySignal<Recall> = this.#recall;

  /** Keeps a line that leaves the composer. */
  keep(line: string): void {
    if (!isBlank(line)) this.#recall.value = remember(this.#recall.value, line);
  }

  /** Moves to another line, and returns it; empty if there is none. */
  walk(direction: "older" | "newer"): string {
    this.#recall.value = (direction === "older" ? older : newer)(this.#recall.value);
    return recalled(this.#recall.value) ?? "";
  }

  /** A reloaded page recalls at least the messages. */
  seed(entries: readonly Entries[]): void {
    if (this.#recall.value.lines.length === 0) this.#recall.value = recallOf(entries);
  }
}
