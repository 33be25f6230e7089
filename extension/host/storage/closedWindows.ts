// The journals of closed windows: cleared history must not return with the next window that opens the same folder.
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Pin, SessionId } from "../../../protocol/fields.ts";
import { clearedWindow } from "../../core/saved/savedWindow.ts";
import type { Conversation } from "../../core/model/conversation.ts";
import { DAMAGED } from "./damagedFiles.ts";
import { isFresh, isOurs, isOwned, readJournal, rewriteJournal } from "./journal.ts";

/** A private session of any window. */
export type SavedSession = {
  readonly sid: SessionId;
  readonly pin: Pin;
  /** Its window is running. */
  readonly isOpen: boolean;
  /** The paths of the files in its composer. */
  readonly files: readonly string[];
};

export class ClosedWindows {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Clears some conversations, or all, in every journal without a running window. Each is rewritten, because its
   * changes may contain lines of a session that has since been left.
   */
  clear(conversations: readonly Conversation[] | "all"): void {
    const failures: unknown[] = [];
    for (const name of this.#names()) {
      try {
        this.#clearFile(join(this.#folder, name), conversations);
      } catch (error) {
        // Continues with the others.
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  /** The private sessions of all windows, closed ones included. */
  sessions(): SavedSession[] {
    return this.#journals().flatMap(({ kept, isOpen }) =>
      kept.window.peers.map(({ sid, pin, files }) => ({
        ...{ sid, pin, isOpen, files: files.map(({ path }) => path) },
      })),
    );
  }

  /** The conversations with the peers of other running windows. */
  conversationsElsewhere(): Conversation[] {
    return this.#journals().flatMap(({ kept, isOpen }) => {
      const { me, peers } = kept.window;
      const { server, identity } = me;
      return !isOpen || isOurs(kept)
        ? []
        : peers.map(({ peer: name, pin }) => ({ server, identity, peer: { name, pin } }));
    });
  }

  #journals(): { readonly kept: NonNullable<ReturnType<typeof readJournal>>; readonly isOpen: boolean }[] {
    return this.#names().flatMap((name) => {
      const path = join(this.#folder, name);
      const kept = name.endsWith(".journal") ? readJournal(path) : null;
      return kept === null ? [] : [{ kept, isOpen: isOwned(path, kept) }];
    });
  }

  #clearFile(path: string, conversations: readonly Conversation[] | "all"): void {
    const kept = path.endsWith(".journal") ? readJournal(path) : null;
    if (kept !== null) {
      if (isOwned(path, kept)) return;
      return rewriteJournal(path, { ...kept, window: clearedWindow(kept.window, conversations) });
    }
    // A half-written file, or one of another version: it is unknown which conversations it contains.
    if (!path.endsWith(DAMAGED) && isFresh(path)) return;
    if (path.endsWith(".journal") && conversations !== "all") return;
    rmSync(path, { force: true });
  }

  #names(): string[] {
    try {
      return readdirSync(this.#folder);
    } catch {
      // There is no folder yet.
      return [];
    }
  }
}
