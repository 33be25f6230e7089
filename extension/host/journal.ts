// A window's chat on the disk: one file, its first line a snapshot, then a line for each change. Lines are written before
// what they tell of has effects, and each bears its own check: what a crash cut off is left out, and nothing before it.
import { readFileSync } from "node:fs";
import * as v from "valibot";
import { applyChange, SavedChange } from "../core/savedChanges.ts";
import { SavedWindow } from "../core/savedWindow.ts";
import { AppendFile } from "./appendFile.ts";
import { lineOf, parseLine } from "./checkedLines.ts";

const Owner = v.nullable(v.number());
/** `owner`: the process whose window this is; null once it has ended properly. */
const Snapshot = v.object({ owner: Owner, window: SavedWindow });
const Change = v.object({ change: SavedChange });
const Handover = v.object({ owner: Owner });

export type Kept = v.InferOutput<typeof Snapshot>;

/** Characters of changes after which a new snapshot is worth its writing. */
const COMPACT_CHARACTERS = 1024 * 1024;

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
