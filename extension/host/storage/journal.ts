// A window's chat on the disk: one file that its window adds each change to before the change has effects. Whose file it is
// can be told from what is in it.
import { readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
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

/** Characters of changes after which a new snapshot is worth its writing. */
const COMPACT_CHARACTERS = 1024 * 1024;

/** A living window says so in its file as often, and is believed for some times as long: ids of processes are given again. */
export const ALIVE_MS = 2_000;
const BELIEVED_MS = 4 * ALIVE_MS;

export class Journal {
  readonly #file: AppendFile;
  readonly #writer = new JournalWriter();

  constructor(path: string) {
    this.#file = new AppendFile(path);
  }

  /** Whether there is a snapshot to add to, and no reason for a new one. */
  get isOpen(): boolean {
    return this.#file.isOpen && this.#file.added < COMPACT_CHARACTERS;
  }

  /** False when another process has moved, replaced, shortened or deleted the file: a reload would not find all of it. */
  isWhole(): boolean {
    return this.#file.isWhole;
  }

  /** Begins anew with a snapshot. */
  begin({ owner, window }: Kept): void {
    this.#file.begin(this.#writer.begin({ ...ownerOf(owner), window }));
  }

  /** @param outline tells all about the window but its conversations, after the change */
  add(change: SavedChange, outline: () => SavedChange | null): void {
    this.#file.add(this.#writer.change(change));
    if (this.#writer.needsOutline) this.addOutline(outline());
  }

  addOutline(outline: SavedChange | null): void {
    if (outline !== null) this.#file.add(this.#writer.outline(outline));
  }

  /** Tells whose the file is from now on. */
  handOver(owner: number | null): void {
    this.#file.add(this.#writer.owner(ownerOf(owner)));
  }

  close(): void {
    this.#file.close();
  }

  /** Ends it for good. */
  remove(): void {
    this.#file.remove();
  }
}

/** What is whole in a file; null when that is nothing that a window could come back from. */
export function readJournal(path: string): Recovered | null {
  return parseJournal(read(path) ?? "");
}

/** Whether a file was written by a later version, which alone knows what is in it. */
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

/** Whether a file is this very process's, where one window may follow another. */
export function isOurs({ owner, host = HOST, started = "" }: Owner): boolean {
  if (owner !== process.pid || host !== HOST) return false;
  return started === "" || started === startOf(process.pid);
}

/** Whether a living process has this file. Where that cannot be known for certain, the file's age decides. */
export function isOwned(path: string, { owner, host = HOST, started = "" }: Owner): boolean {
  if (owner === null) return false;
  if (host !== HOST) return isFresh(path);
  return isAlive(owner) && ((started !== "" && started === startOf(owner)) || isFresh(path));
}

/** Whether a file was touched a moment ago: somebody may be at work on it. */
export function isFresh(path: string): boolean {
  try {
    return Date.now() - statSync(path).mtimeMs < BELIEVED_MS;
  } catch {
    return false;
  }
}

/** Writes a file that nobody has anew, as a snapshot alone and as old as it was. One that is taken meanwhile is left alone. */
export function rewriteJournal(path: string, kept: Kept): void {
  const { atime, mtime, mtimeMs } = statSync(path);
  const aside = `${path}.rewritten`;
  try {
    writeFileSync(aside, new JournalWriter().begin({ owner: null, window: kept.window }), { mode: 0o600 });
    utimesSync(aside, atime, mtime);
    if (statSync(path).mtimeMs === mtimeMs) renameSync(aside, path);
  } finally {
    rmSync(aside, { force: true });
  }
}
