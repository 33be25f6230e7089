// A window's chat on the disk: one file, its first line a snapshot, then a line for each change. Lines are written before
// what they tell of has effects, and each bears its own check: what a crash cut off is left out, and nothing before it.
import { readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import * as v from "valibot";
import { applyChange, SavedChange } from "../core/savedChanges.ts";
import { SavedWindow } from "../core/savedWindow.ts";
import { AppendFile } from "./appendFile.ts";
import { lineOf, parseLine } from "./checkedLines.ts";
import { isAlive } from "./processes.ts";

const Owner = v.nullable(v.number());
/** `owner`: the process whose window this is; null once it has ended properly. */
const Snapshot = v.object({ owner: Owner, window: SavedWindow });
const Change = v.object({ change: SavedChange });
const Handover = v.object({ owner: Owner });

export type Kept = v.InferOutput<typeof Snapshot>;

/** Characters of changes after which a new snapshot is worth its writing. */
const COMPACT_CHARACTERS = 1024 * 1024;

/** A living window says so in its file as often, and is believed for some times as long: ids of processes are given again. */
export const ALIVE_MS = 2_000;
const BELIEVED_MS = 4 * ALIVE_MS;

export class Journal {
  readonly #file: AppendFile;

  constructor(path: string) {
    this.#file = new AppendFile(path);
  }

  /** Whether there is a snapshot to add to, and no reason for a new one. */
  get isOpen(): boolean {
    return this.#file.isOpen && this.#file.added < COMPACT_CHARACTERS;
  }

  /** Begins anew with a snapshot. */
  begin(kept: Kept): void {
    this.#file.begin(lineOf(kept));
  }

  add(change: SavedChange): void {
    this.#file.add(lineOf({ change }));
  }

  /** Tells whose the file is from now on. */
  handOver(owner: number | null): void {
    this.#file.add(lineOf({ owner }));
  }

  close(): void {
    this.#file.close();
  }

  /** Ends it for good. */
  remove(): void {
    this.#file.remove();
  }
}

/** What a file holds up to its last whole line; null when not even its first one is. */
export function readJournal(path: string): Kept | null {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return null;
  }
  const [first, ...lines] = text.split("\n");
  let kept = parseLine(Snapshot, first);
  for (const line of lines) {
    if (kept === null) return null;
    const change = parseLine(Change, line);
    const handover = change === null ? parseLine(Handover, line) : null;
    if (change !== null) kept = { ...kept, window: applyChange(kept.window, change.change) };
    else if (handover !== null) kept = { ...kept, owner: handover.owner };
    else break;
  }
  return kept;
}

/** Whether a living process has this file, as its owner says and its age confirms. */
export function isOwned(path: string, owner: number | null): boolean {
  return owner !== null && isAlive(owner) && isFresh(path);
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
export function rewriteJournal(path: string, { owner, window }: Kept): void {
  const { atime, mtime, mtimeMs } = statSync(path);
  const aside = `${path}.rewritten`;
  try {
    writeFileSync(aside, lineOf({ owner, window }), { mode: 0o600 });
    utimesSync(aside, atime, mtime);
    if (statSync(path).mtimeMs === mtimeMs) renameSync(aside, path);
  } finally {
    rmSync(aside, { force: true });
  }
}
