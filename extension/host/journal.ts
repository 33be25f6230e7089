// A window's chat on the disk: one file, its first lines a snapshot, then a line for each change. Lines are written before
// what they tell of has effects, and each bears its own check: what is cut off or damaged is left out, and nothing else.
import { readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import * as v from "valibot";
import { applyChange, SavedChange } from "../core/savedChanges.ts";
import { piecesOf, recoveredWindow } from "../core/savedPieces.ts";
import { SavedWindow } from "../core/savedWindow.ts";
import { AppendFile } from "./appendFile.ts";
import { lineOf, parseLine, textLines } from "./checkedLines.ts";
import { HOST, isAlive, startOf } from "./processes.ts";

/** `owner`: the process whose window this is, null once it has ended properly; with where and when it was given its id. */
const owner = {
  owner: v.nullable(v.number()),
  host: v.exactOptional(v.string()),
  started: v.exactOptional(v.string()),
};
const Snapshot = v.object({ ...owner, window: SavedWindow });
const Change = v.object({ change: SavedChange });
const Handover = v.object(owner);
const Newer = v.object({ window: v.looseObject({ version: v.pipe(v.number(), v.minValue(3)) }) });

type Owner = v.InferOutput<typeof Handover>;
export type Kept = Owner & { readonly window: SavedWindow };

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
    this.#file.begin(textOf(kept));
  }

  add(change: SavedChange): void {
    this.#file.add(lineOf({ change }));
  }

  /** Tells whose the file is from now on. */
  handOver(owner: number | null): void {
    this.#file.add(lineOf(ownerOf(owner)));
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
export function readJournal(path: string): (Kept & { readonly isDamaged: boolean }) | null {
  const lines = textLines(read(path) ?? "");
  let kept: Kept | null = parseLine(Snapshot, lines[0]);
  let isDamaged = kept === null;
  for (const [i, text] of lines.entries()) {
    if (i === 0) continue;
    const line = parseLine(v.union([Change, Handover]), text);
    // A crash may have cut the last one.
    if (line === null) isDamaged ||= i < lines.length - 1;
    else if ("owner" in line) kept = kept === null ? null : { window: kept.window, ...line };
    else if (kept !== null) kept = { ...kept, window: applyChange(kept.window, line.change) };
    else {
      const window = recoveredWindow(line.change);
      kept = window === null ? null : { owner: null, window };
    }
  }
  return kept === null ? null : { ...kept, isDamaged };
}

/** Whether a file was written by a later version, which alone knows what is in it. */
export function isNewerJournal(path: string): boolean {
  return parseLine(Newer, textLines(read(path) ?? "")[0]) !== null;
}

function read(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

/** A small first line, which holds what all else belongs to, and each part of a conversation in one of its own. */
function textOf({ owner, window }: Kept): string {
  const { first, changes } = piecesOf(window);
  const mark = ownerOf(owner);
  return [{ ...mark, window: first }, ...changes.map((change) => ({ change })), mark].map(lineOf).join("");
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
    writeFileSync(aside, textOf({ owner: null, window: kept.window }), { mode: 0o600 });
    utimesSync(aside, atime, mtime);
    if (statSync(path).mtimeMs === mtimeMs) renameSync(aside, path);
  } finally {
    rmSync(aside, { force: true });
  }
}
