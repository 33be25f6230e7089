// Keeps the window's chat over a reload, a restart and a crash: one journal for each window that has joined, in the
// extension's own folder, readable for its user alone. It goes when the user quits.
import { utimesSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { changesBetween, isDurable, tellsRetraction } from "../core/savedChanges.ts";
import { saveWindow, type SavedWindow } from "../core/savedWindow.ts";
import type { State } from "../core/state.ts";
import { ALIVE_MS, isOwned, Journal, readJournal } from "./journal.ts";
import { forgetOldJournals } from "./oldJournals.ts";
import { RewriteQueue } from "./rewriteQueue.ts";

type Log = { warn(text: string): void };

/** What may wait (drafts, what was read) is gathered for so long. */
const SAVE_MS = 1000;
/** A window that is closing may still write when its successor starts. */
const HANDOVER_MS = 5000;

export class WindowMemory {
  readonly #folder: string;
  readonly #log: Log;
  #windowId: string;
  #journal: Journal;
  /** What the journal holds; null while it holds nothing of this run. */
  #kept: State | null = null;
  #latest: State | null = null;
  #timer: NodeJS.Timeout | null = null;
  #failed = false;
  readonly #rewrites = new RewriteQueue<WindowMemory>();
  #heart: NodeJS.Timeout | null = null;

  /** @param windowId letters and digits; names the file */
  constructor(folder: string, windowId: string, log: Log) {
    this.#folder = folder;
    this.#windowId = windowId;
    this.#log = log;
    this.#journal = new Journal(this.#file(windowId));
  }

  get windowId(): string {
    return this.#windowId;
  }

  /**
   * Reads what a former run of this window left. Resolves with null where there is nothing, or where another living
   * window owns it.
   */
  async recall(windowId: string): Promise<SavedWindow | null> {
    forgetOldJournals(this.#folder, Date.now());
    const deadline = Date.now() + HANDOVER_MS;
    for (;;) {
      const kept = readJournal(this.#file(windowId));
      if (kept === null) return null;
      const { owner } = kept;
      if (owner === process.pid || !isOwned(this.#file(windowId), owner)) return kept.window;
      if (Date.now() > deadline) return null;
      // Another process's end is no event that one could await.
      await delay(100);
    }
  }

  /** Goes on under a former run's id, whose state this window has taken. */
  adopt(windowId: string): void {
    this.#windowId = windowId;
    this.#journal = new Journal(this.#file(windowId));
  }

  /** The state has changed; called before anything that follows from it happens. */
  changed(before: State, after: State): void {
    this.#latest = after;
    if (after.me === null) {
      if (before.me !== null) this.#forget();
    } else if (isDurable(before, after)) this.#write(after);
    else this.#timer ??= setTimeout(() => this.#write(this.#latest), SAVE_MS);
  }

  /** Writes everything anew, soon or with the next change: nothing on the disk is to tell of what is no longer kept. */
  compact(): void {
    this.#kept = null;
    this.#timer ??= setTimeout(() => this.#write(this.#latest), SAVE_MS);
  }

  /** The disk is not to keep what was taken back. */
  rewriteSoon(): void {
    this.#rewrites.add(this, () => {
      this.#kept = null;
      this.#write(this.#latest);
    });
  }

  /** The window goes: writes what has waited, for whoever comes after it. */
  close(): void {
    this.#rewrites.flush(this);
    this.#write(this.#latest);
    this.#stopHeart();
    this.#guard(() => this.#journal.handOver(null));
    this.#journal.close();
  }

  #write(state: State | null): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (state?.me == null) return;
    this.#guard(() => {
      if (this.#kept !== null && this.#journal.isOpen) {
        const change = changesBetween(this.#kept, state);
        if (change !== null) this.#journal.add(change);
        if (change !== null && tellsRetraction(change)) this.rewriteSoon();
      } else {
        this.#rewrites.drop(this);
        const window = saveWindow(state);
        if (window !== null) this.#journal.begin({ owner: process.pid, window });
      }
      this.#kept = state;
    });
    this.#heart ??= setInterval(() => this.#beat(), ALIVE_MS);
  }

  /** The file is this living window's. */
  #beat(): void {
    const now = new Date();
    try {
      utimesSync(this.#file(this.#windowId), now, now);
    } catch {
      // It has been forgotten meanwhile.
    }
  }

  #stopHeart(): void {
    if (this.#heart !== null) clearInterval(this.#heart);
    this.#heart = null;
  }

  /** A full disk is no reason to lose the conversation that is on the screen. */
  #guard(write: () => void): void {
    try {
      write();
      this.#failed = false;
    } catch (error) {
      this.#kept = null;
      if (!this.#failed) this.#log.warn(`The window's chat could not be kept: ${String(error)}`);
      this.#failed = true;
    }
  }

  #forget(): void {
    this.#rewrites.drop(this);
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#kept = null;
    this.#stopHeart();
    this.#guard(() => this.#journal.remove());
  }

  #file(windowId: string): string {
    return join(this.#folder, `${windowId}.journal`);
  }
}
