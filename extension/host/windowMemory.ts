// Keeps the window's chat over a reload: one file for each window that has joined, in the extension's own folder,
// readable for its user alone. It goes when the user quits.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import * as v from "valibot";
import { SavedWindow, saveWindow } from "../core/savedWindow.ts";
import type { Store } from "./store.ts";

/** `owner` is the process whose window this is; null once it has ended properly. */
const Kept = v.object({ owner: v.nullable(v.number()), window: SavedWindow });

type Log = { warn(text: string): void };

const SAVE_MS = 1000;
/** A window that is closing may still write when its successor starts. */
const HANDOVER_MS = 5000;
/** What was never come back to is forgotten after so many days. */
const FORGET_DAYS = 30;

export class WindowMemory {
  readonly #folder: string;
  readonly #log: Log;
  #windowId: string;
  #timer: NodeJS.Timeout | null = null;
  #subscription: { dispose(): void } | null = null;

  /** @param windowId letters and digits; names the file */
  constructor(folder: string, windowId: string, log: Log) {
    this.#folder = folder;
    this.#windowId = windowId;
    this.#log = log;
  }

  get windowId(): string {
    return this.#windowId;
  }

  /**
   * Reads what a former run of this window left. Resolves with null where there is nothing, or where another living
   * window owns it.
   */
  async recall(windowId: string): Promise<SavedWindow | null> {
    const deadline = Date.now() + HANDOVER_MS;
    for (;;) {
      const kept = this.#read(windowId);
      if (kept === null) return null;
      if (kept.owner === null || !isAlive(kept.owner)) return kept.window;
      if (Date.now() > deadline) return null;
      // Another process's end is no event that one could await.
      await delay(100);
    }
  }

  /** Goes on under a former run's id, whose state this window has taken. */
  adopt(windowId: string): void {
    this.#windowId = windowId;
  }

  /** Keeps the store's state from now on, soon after each change. */
  follow(store: Store): void {
    this.#forgetOld();
    this.#subscription = store.onChange((before, after) => {
      if (before.me !== null && after.me === null) this.#forget();
      else if (after.me !== null) this.#timer ??= setTimeout(() => this.#save(store, process.pid), SAVE_MS);
    });
  }

  /** The window goes: writes its last state, for whoever comes after it. */
  close(store: Store): void {
    this.#subscription?.dispose();
    this.#save(store, null);
  }

  #save(store: Store, owner: number | null): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const window = saveWindow(store.state);
    if (window === null) return;
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      const file = this.#file(this.#windowId);
      // Written aside and moved, so that a crash leaves the former file whole.
      writeFileSync(`${file}.new`, JSON.stringify({ owner, window }), { mode: 0o600 });
      renameSync(`${file}.new`, file);
    } catch (error) {
      this.#log.warn(`The window's chat could not be kept: ${String(error)}`);
    }
  }

  #read(windowId: string): v.InferOutput<typeof Kept> | null {
    try {
      const result = v.safeParse(Kept, JSON.parse(readFileSync(this.#file(windowId), "utf8")));
      return result.success ? result.output : null;
    } catch {
      // No file, or one that is not ours to understand: the window begins anew.
      return null;
    }
  }

  #forget(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    rmSync(this.#file(this.#windowId), { force: true });
  }

  #forgetOld(): void {
    try {
      const oldest = Date.now() - FORGET_DAYS * 24 * 3600 * 1000;
      for (const name of readdirSync(this.#folder)) {
        const file = join(this.#folder, name);
        if (statSync(file).mtimeMs < oldest) rmSync(file, { force: true });
      }
    } catch {
      // No folder yet: nothing to forget.
    }
  }

  #file(windowId: string): string {
    return join(this.#folder, `${windowId}.json`);
  }
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
