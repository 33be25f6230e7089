// A window's chat on the disk: one file, its first line a snapshot, then a line for each change. Lines are written before
// what they tell of has effects, and each bears its own check: what a crash cut off is left out, and nothing before it.
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import * as v from "valibot";
import { applyChange, SavedChange } from "../core/savedChanges.ts";
import { SavedWindow } from "../core/savedWindow.ts";
import { lineOf, parseLine } from "./checkedLines.ts";

const Owner = v.nullable(v.number());
/** `owner`: the process whose window this is; null once it has ended properly. */
const Snapshot = v.object({ owner: Owner, window: SavedWindow });
const Change = v.object({ change: SavedChange });
const Handover = v.object({ owner: Owner });

export type Kept = v.InferOutput<typeof Snapshot>;

/** Bytes of changes after which a new snapshot is worth its writing. */
const COMPACT_BYTES = 1024 * 1024;

export class Journal {
  readonly #path: string;
  #file: number | null = null;
  #changed = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** Whether there is a snapshot to add to, and no reason for a new one. */
  get isOpen(): boolean {
    return this.#file !== null && this.#changed < COMPACT_BYTES;
  }

  /** Begins anew with a snapshot: written aside and moved, so that a crash leaves the former file whole. */
  begin(kept: Kept): void {
    this.close();
    mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
    const aside = `${this.#path}.new`;
    this.#file = openSync(aside, "w", 0o600);
    this.#orClose((file) => {
      writeFileSync(file, lineOf(kept));
      renameSync(aside, this.#path);
    });
    this.#changed = 0;
  }

  add(change: SavedChange): void {
    this.#append({ change });
  }

  /** Tells whose the file is from now on. */
  handOver(owner: number | null): void {
    this.#append({ owner });
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }

  /** Ends it for good. */
  remove(): void {
    this.close();
    rmSync(this.#path, { force: true });
  }

  #append(record: unknown): void {
    const line = lineOf(record);
    this.#orClose((file) => writeFileSync(file, line));
    this.#changed += line.length;
  }

  /** A full disk may take the beginning of a line alone: nothing is ever added behind such a one. */
  #orClose(write: (file: number) => void): void {
    if (this.#file === null) return;
    try {
      write(this.#file);
    } catch (error) {
      this.close();
      throw error;
    }
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
