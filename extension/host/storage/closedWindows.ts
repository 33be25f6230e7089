// The journals of windows that are closed: what was cleared is not to come back with the next window that opens its folder.
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { clearedWindow } from "../../core/saved/savedWindow.ts";
import type { Conversation } from "../../core/model/conversation.ts";
import { DAMAGED } from "./damagedFiles.ts";
import { isFresh, isOwned, readJournal, rewriteJournal } from "./journal.ts";

export class ClosedWindows {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Clears the lines of some conversations, or of all, in every journal that no living window has. All of these are written
   * anew: among the changes that they hold may be lines of a session that has been left since.
   */
  clear(conversations: readonly Conversation[] | "all"): void {
    const failures: unknown[] = [];
    for (const name of this.#names()) {
      try {
        this.#clearFile(join(this.#folder, name), conversations);
      } catch (error) {
        // The others are cleared all the same.
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  #clearFile(path: string, conversations: readonly Conversation[] | "all"): void {
    const kept = path.endsWith(".journal") ? readJournal(path) : null;
    if (kept !== null) {
      if (isOwned(path, kept)) return;
      return rewriteJournal(path, { ...kept, window: clearedWindow(kept.window, conversations) });
    }
    // What a crash left half written, or another version wrote: which conversations are in it cannot be told.
    if (!path.endsWith(DAMAGED) && isFresh(path)) return;
    if (path.endsWith(".journal") && conversations !== "all") return;
    rmSync(path, { force: true });
  }

  #names(): string[] {
    try {
      return readdirSync(this.#folder);
    } catch {
      // No folder yet: nothing is kept.
      return [];
    }
  }
}
