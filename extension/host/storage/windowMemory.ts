// Saves the window's chat over a reload, a restart and a crash: one journal per joined window, in the extension's own
// folder, readable for its user only. It is deleted when the user quits.
import { existsSync, rmSync, utimesSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { changesBetween, isDurable, tellsRetraction } from "../../core/saved/savedChanges.ts";
import { outlineOf } from "../../core/saved/savedPieces.ts";
import { type SavedWindow, type SavedChannel, saveWindow } from "../../core/saved/savedWindow.ts";
import type { State } from "../../core/model/state.ts";
import type { StorageFailure, StorageProblem } from "../../core/model/storage.ts";
import { ALIVE_MS, isOurs, isOwned, Journal, readJournal } from "./journal.ts";
import { forgetOldJournals, keepDamagedJournal } from "./oldJournals.ts";
import { renameFileSync } from "./renameFile.ts";
import { RewriteQueue } from "./rewriteQueue.ts";
import { windowFile } from "./windowFiles.ts";

type SavedNumbers = Pick<SavedChannel, "sid" | "sent" | "received" | "peerBoot">;

type Options = {
  readonly log: { warn(text: string): void };
  /** The chat cannot be saved; called again when the reason changes. */
  readonly onFailure?: (failure: StorageFailure) => void;
  /** Everything is saved again. */
  readonly onRecovery?: () => void;
  /** A window's saved chat could not be read completely; `copy` is the path of a file that may have the rest. */
  readonly onDamage?: (copy: string) => void;
};

/** Milliseconds in which changes that may wait (drafts, read state) are collected. */
const SAVE_MS = 1000;
/** Milliseconds that a closing window may still write after its successor has started. */
const HANDOVER_MS = 5000;

export class WindowMemory {
  readonly #folder: string;
  readonly #options: Options;
  /** Part of the file's name. */
  readonly windowId: string;
  readonly #journal: Journal;
  /** The content of the journal; null before this run has written to it. */
  #kept: State | null = null;
  #latest: State | null = null;
  /** The private sessions that a reload would restore now, and when they were written; milliseconds since 1970. */
  #saved: { readonly wires: readonly SavedNumbers[]; readonly at: number } | null = null;
  /** The previous run's file, if the disk did not let it be moved. */
  #former: string | null = null;
  #isClosed = false;
  #timer: NodeJS.Timeout | null = null;
  #problem: StorageProblem | null = null;
  readonly #rewrites = new RewriteQueue<WindowMemory>();
  #heart: NodeJS.Timeout | null = null;

  /** @param windowId letters and digits, new for each run of a window */
  constructor(folder: string, windowId: string, options: Options) {
    this.#folder = folder;
    this.windowId = windowId;
    this.#options = options;
    this.#journal = new Journal(windowFile(folder, windowId));
  }

  /**
   * Takes over another run's file under this window's own id: of two windows that try, one succeeds. Resolves with null
   * if there is none, if another running window owns it, or if it is no longer wanted.
   * @param waits whether to wait for a closing window; otherwise a running one is left alone at once
   */
  async recall(
    windowId: string,
    { waits = true, isWanted = () => true }: { waits?: boolean; isWanted?: () => boolean } = {},
  ): Promise<SavedWindow | null> {
    forgetOldJournals(this.#folder, Date.now());
    const path = windowFile(this.#folder, windowId);
    const deadline = Date.now() + (waits ? HANDOVER_MS : 0);
    for (;;) {
      const kept = readJournal(path);
      if (!isWanted()) return null;
      if (kept === null || isOurs(kept) || !isOwned(path, kept)) {
        const copy = keepDamagedJournal(path, this.#options.log);
        if (copy !== null) this.#options.onDamage?.(copy);
        if (kept === null || !this.#takeOver(path)) return null;
        this.#saved = { wires: kept.window.wires, at: Date.now() };
        return kept.window;
      }
      if (Date.now() >= deadline) return null;
      // There is no event for the end of another process.
      await delay(100);
    }
  }

  /** Whether a window has saved anything. */
  has(windowId: string): boolean {
    return existsSync(windowFile(this.#folder, windowId));
  }

  #takeOver(path: string): boolean {
    try {
      renameFileSync(path, windowFile(this.#folder, this.windowId));
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
      // A disk that cannot be written may still be read.
      this.#former = path;
    }
    return true;
  }

  /** Handles a change of the state; called before its effects. Returns false if it could not be saved. */
  changed(before: State, after: State): boolean {
    if (this.#isClosed) return false;
    this.#latest = after;
    if (after.me === null) {
      if (before.me !== null) this.#forget();
    } else if (isDurable(before, after)) this.#write(after);
    else this.#timer ??= setTimeout(() => this.#write(this.#latest), SAVE_MS);
    return this.#problem === null;
  }

  /** Rewrites everything, soon or with the next change, so that deleted history leaves the disk. */
  compact(): void {
    if (this.#isClosed) return;
    this.#kept = null;
    this.#timer ??= setTimeout(() => this.#write(this.#latest), SAVE_MS);
  }

  /** Retracted text must leave the disk. */
  rewriteSoon(): void {
    this.#rewrites.add(this, () => {
      this.#kept = null;
      this.#write(this.#latest);
    });
  }

  /** The window closes: writes pending changes for its successor. What changes afterwards is not saved. */
  close(): void {
    this.#isClosed = true;
    this.#rewrites.flush(this);
    this.#write(this.#latest, true);
    this.#stopHeart();
    try {
      if (this.#latest !== null) this.#journal.addOutline(outlineOf(this.#latest));
      this.#journal.handOver(null);
      this.#journal.close();
    } catch (error) {
      this.#options.log.warn(`The window's state was not handed over: ${String(error)}`);
    }
  }

  #write(state: State | null, retries = false): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (state?.me == null) return;
    // A failing disk is not tried with each change, but with each heartbeat.
    if (this.#problem !== null && !retries) return;
    this.#guard(() => {
      if (this.#kept !== null && this.#journal.isOpen) {
        const change = changesBetween(this.#kept, state);
        const wasWhole = this.#journal.isWhole();
        if (change !== null && wasWhole) this.#journal.add(change, () => outlineOf(state));
        if (change !== null && tellsRetraction(change)) this.rewriteSoon();
        if (!wasWhole || !this.#journal.isWhole()) this.#replace(state);
      } else this.#begin(state);
      if (this.#former !== null) rmSync(this.#former, { force: true });
      this.#former = null;
      this.#kept = state;
      this.#saved = { wires: state.channels, at: Date.now() };
    });
    this.#heart ??= setInterval(() => this.#beat(), ALIVE_MS);
  }

  #begin(state: State): void {
    this.#rewrites.drop(this);
    const window = saveWindow(state);
    if (window !== null) this.#journal.begin({ owner: process.pid, window });
  }

  /** Another process has changed, moved or deleted the file: everything is written again. */
  #replace(state: State): void {
    this.#begin(state);
    this.#options.log.warn(
      "Another process changed, moved or deleted this window's file. The file was rewritten.",
    );
  }

  /** Marks the file as a running window's, and writes again what is missing or could not be saved. */
  #beat(): void {
    if (this.#problem !== null || !this.#journal.isWhole()) this.#write(this.#latest, true);
    const now = new Date();
    try {
      utimesSync(windowFile(this.#folder, this.windowId), now, now);
    } catch {
      // It was deleted in the meantime.
    }
  }

  #stopHeart(): void {
    if (this.#heart !== null) clearInterval(this.#heart);
    this.#heart = null;
  }

  /** A full disk must not lose the conversation on the screen. */
  #guard(write: () => void): void {
    const former = this.#problem;
    try {
      write();
      this.#problem = null;
      if (former !== null) this.#options.onRecovery?.();
    } catch (error) {
      this.#kept = null;
      this.#problem = problemOf(error);
      if (this.#problem === former) return;
      this.#options.log.warn(`The window's state could not be saved: ${String(error)}`);
      // A channel that never had a link is not a session yet.
      const channels = this.#saved?.wires.filter(({ peerBoot }) => peerBoot !== null) ?? [];
      this.#options.onFailure?.({
        problem: this.#problem,
        channels: new Map(channels.map((channel) => [channel.sid, channel])),
        savedAt: this.#saved?.at ?? 0,
      });
    }
  }

  #forget(): void {
    this.#rewrites.drop(this);
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#kept = null;
    this.#saved = null;
    this.#stopHeart();
    this.#guard(() => this.#journal.remove());
    // The user has quit: a later failure is reported again.
    this.#problem = null;
  }
}

function problemOf(error: unknown): StorageProblem {
  switch (error instanceof Error && "code" in error ? error.code : undefined) {
    case "ENOSPC":
    case "EDQUOT":
      return "full";
    case "EROFS":
      return "read-only";
    case "EACCES":
    case "EPERM":
      return "denied";
    default:
      return "other";
  }
}
