// A window's chat on disk: one file to which its window appends each change before the change has effects. The file
// records its owner.
import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import type { SavedChange } from "../../core/saved/savedChanges.ts";
import { AppendFile } from "./appendFile.ts";
import {
  isNewer,
  JournalWriter,
  parseJournal,
  type Kept,
  type Owner,
  type Recovered,
} from "./journalLines.ts";
import { HOST, isAlive, startOf } from "./processes.ts";
import { renameFileSync } from "./renameFile.ts";

/** Characters of changes after which a new snapshot pays off. */
const COMPACT_CHARACTERS = 1024 * 1024;

/**
 * A running window refreshes its file at this interval, and counts as running for several of them, because process ids
 * are reused.
 */
export const ALIVE_MS = 2_000;
const BELIEVED_MS = 4 * ALIVE_MS;

export class Journal {
  readonly #file: AppendFile;
  readonly #writer = new JournalWriter();

  constructor(path: string) {
    this.#file = new AppendFile(path);
  }

  /** Whether there is a snapshot to append to, and no reason for a new one. */
  get isOpen(): boolean {
    return this.#file.isOpen && this.#file.added < COMPACT_CHARACTERS;
  }

  /**
   * False if another process has moved, replaced, shortened or deleted the file: a reload would not restore everything.
   */
  isWhole(): boolean {
    return this.#file.isWhole;
  }

  /** Starts the file again with a snapshot. */
  begin({ owner, window }: Kept): void {
    this.#file.begin(this.#writer.begin({ ...ownerOf(owner), window }));
  }

  /** @param outline returns everything about the window except its conversations, after the change */
  add(change: SavedChange, outline: () => SavedChange | null): void {
    this.#file.add(this.#writer.change(change));
    if (this.#writer.needsOutline) this.addOutline(outline());
  }

  addOutline(outline: SavedChange | null): void {
    if (outline !== null) this.#file.add(this.#writer.outline(outline));
  }

  /** Records the file's new owner. */
  handOver(owner: number | null): void {
    this.#file.add(this.#writer.owner(ownerOf(owner)));
  }

  close(): void {
    this.#file.close();
  }

  /** Deletes it. */
  remove(): void {
    this.#file.remove();
  }
}

/** Everything intact in a file; null if no window can be restored from it. */
export function readJournal(path: string): Recovered | null {
  return parseJournal(read(path) ?? "");
}

/** Whether a later version wrote the file, so that this one cannot read it. */
export function isNewerJournal(path: string): boolean {
  return isNewer(read(path) ?? "");
}

function read(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

function ownerOf(owner: number | null): Owner {
  return owner === null ? { owner } : { owner, host: HOST, started: startOf(owner) };
}

/** Whether a file belongs to this very process, in which one window may follow another. */
export function isOurs({ owner, host = HOST, started = "" }: Owner): boolean {
  if (owner !== process.pid || host !== HOST) return false;
  return started === "" || started === startOf(process.pid);
}

/** Whether a running process owns this file. If that cannot be known for certain, the file's age decides. */
export function isOwned(path: string, { owner, host = HOST, started = "" }: Owner): boolean {
  if (owner === null) return false;
  if (host !== HOST) return isFresh(path);
  return isAlive(owner) && ((started !== "" && started === startOf(owner)) || isFresh(path));
}

/** Whether a file was touched recently, so that someone may be working on it. */
export function isFresh(path: string): boolean {
  try {
    return Date.now() - statSync(path).mtimeMs < BELIEVED_MS;
  } catch {
    return false;
  }
}

/**
 * Rewrites a file without an owner as a snapshot, keeping its date. A file that is taken in the meantime is left alone.
 */
export function rewriteJournal(path: string, kept: Kept): void {
  const { atime, mtime, mtimeMs } = statSync(path);
  const aside = `${path}.rewritten`;
  try {
    writeFileSync(aside, new JournalWriter().begin({ owner: null, window: kept.window }), { mode: 0o600 });
    utimesSync(aside, atime, mtime);
    if (statSync(path).mtimeMs === mtimeMs) renameFileSync(aside, path);
  } finally {
    rmSync(aside, { force: true });
  }
}
