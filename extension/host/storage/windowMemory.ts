// Keeps the window's chat over a reload, a restart and a crash: one journal for each window that has joined, in the
// extension's own folder, readable for its user alone. It goes when the user quits.
import { existsSync, renameSync, rmSync, utimesSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { changesBetween, isDurable, tellsRetraction } from "../../core/saved/savedChanges.ts";
import { outlineOf } from "../../core/saved/savedPieces.ts";
import { type SavedWindow, type SavedChannel, saveWindow } from "../../core/saved/savedWindow.ts";
import type { State } from "../../core/model/state.ts";
import type { StorageFailure, StorageProblem } from "../../core/model/storage.ts";
import { ALIVE_MS, isOurs, isOwned, Journal, readJournal } from "./journal.ts";
import { forgetOldJournals, keepDamagedJournal } from "./oldJournals.ts";
import { RewriteQueue } from "./rewriteQueue.ts";
import { windowFile } from "./windowFiles.ts";

type SavedNumbers = Pick<SavedChannel, "sid" | "sent" | "received" | "peerBoot">;

type Options = {
  readonly log: { warn(text: string): void };
  /** What is shown cannot be saved; told again when the reason changes. */
  readonly onFailure?: (failure: StorageFailure) => void;
  /** Everything that is shown is saved again. */
  readonly onRecovery?: () => void;
  /** What a window has left could not be read as a whole; `copy` is the path of a file in which the rest may still be. */
  readonly onDamage?: (copy: string) => void;
};

/** What may wait (drafts, what was read) is gathered for so long. */
const SAVE_MS = 1000;
/** A window that is closing may still write when its successor starts. */
const HANDOVER_MS = 5000;

export class WindowMemory {
  readonly #folder: string;
  readonly #options: Options;
  /** Names the file. */
  readonly windowId: string;
  readonly #journal: Journal;
  /** What the journal holds; null while it holds nothing of this run. */
  #kept: State | null = null;
  #latest: State | null = null;
  /** The private sessions that a reload would find now, and when that was written; milliseconds since 1970. */
  #saved: { readonly wires: readonly SavedNumbers[]; readonly at: number } | null = null;
  /** The file of the run before, where the disk did not let it be moved. */
  #former: string | null = null;
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
   * Takes over what another run has left, under this window's own id: of two windows that try, one succeeds. Resolves with null
   * where there is nothing, where another living window owns it, or when it is not wanted any more.
   * @param waits for a window that is closing; else one that lives is left alone at once
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
      // Another process's end is no event that one could await.
      await delay(100);
    }
  }

  /** Whether there is anything of a window. */
  has(windowId: string): boolean {
    return existsSync(windowFile(this.#folder, windowId));
  }

  #takeOver(path: string): boolean {
    try {
      renameSync(path, windowFile(this.#folder, this.windowId));
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
      // A disk that takes nothing is no reason to show nothing of what is on it.
      this.#former = path;
    }
    return true;
  }

  /** The state has changed; called before anything that follows from it happens. False when it could not be saved. */
  changed(before: State, after: State): boolean {
    this.#latest = after;
    if (after.me === null) {
      if (before.me !== null) this.#forget();
    } else if (isDurable(before, after)) this.#write(after);
    else this.#timer ??= setTimeout(() => this.#write(this.#latest), SAVE_MS);
    return this.#problem === null;
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
    // A disk that takes nothing is not tried with each change, but with each beat.
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

  /** Another process has changed, moved or deleted the file: all of it is written again. */
  #replace(state: State): void {
    this.#begin(state);
    this.#options.log.warn(
      "Another process changed, moved or deleted this window's file. The file was rewritten.",
    );
  }

  /** The file is this living window's; what could not be saved, or is not there any more, is written again. */
  #beat(): void {
    if (this.#problem !== null || !this.#journal.isWhole()) this.#write(this.#latest, true);
    const now = new Date();
    try {
      utimesSync(windowFile(this.#folder, this.windowId), now, now);
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
      // One that never had a link is no session yet.
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
    // Nobody has joined any more: the next window that cannot be saved is told of it anew.
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
