// The text of a window's journal: a snapshot, then one line per change, each with a checksum. Changes are numbered, so
// that a missing one is noticed. Irreplaceable data is written twice, so that a damaged byte loses none of it. The
// window's outline is repeated, so that a lost beginning does not cost what follows.
import * as v from "valibot";
import { applyChange } from "../../core/saved/applyChange.ts";
import { isIrreplaceable, SavedChange } from "../../core/saved/savedChanges.ts";
import { piecesOf, recoveredWindow } from "../../core/saved/savedPieces.ts";
import { Count, SavedWindow } from "../../core/saved/savedWindow.ts";
import { lineOf, parseLine, textLines } from "./checkedLines.ts";

/**
 * `owner`: the process that runs the window, null once it has ended properly; with the host and start time that make
 * its id unique.
 */
const owner = {
  owner: v.nullable(v.number()),
  host: v.exactOptional(v.string()),
  started: v.exactOptional(v.string()),
};
const Snapshot = v.object({ ...owner, window: SavedWindow });
/** A `copy` accompanies an empty change, which is all that earlier versions read of it. */
const Change = v.object({
  n: v.exactOptional(Count),
  change: SavedChange,
  copy: v.exactOptional(SavedChange),
});
type Change = v.InferOutput<typeof Change>;
const Handover = v.object(owner);
const Newer = v.object({ window: v.looseObject({ version: v.pipe(v.number(), v.minValue(3)) }) });

export type Owner = v.InferOutput<typeof Handover>;
export type Kept = Owner & { readonly window: SavedWindow };
/** `isComplete`: nothing is missing except what a crash tore off at the end. */
export type Recovered = Kept & { readonly isDamaged: boolean; readonly isComplete: boolean };

/** Characters after which the outline is repeated: this many, plus a multiple of its own length. */
const OUTLINE_EVERY = 1024;
const OUTLINE_SHARE = 2;

/** Separates a line from its copy: a damaged line break joins two lines, and makes both unreadable. */
const SEPARATOR = lineOf({ change: {} });

export class JournalWriter {
  #n = 0;
  /** Characters since the last outline, and its length. */
  #sinceOutline = 0;
  #outline = 0;

  /** A small first line with the frame, and each part of a conversation in a line of its own. */
  begin({ window, ...mark }: Kept): string {
    this.#n = 0;
    this.#sinceOutline = 0;
    const { first, changes } = piecesOf(window);
    return [
      lineOf({ ...mark, window: first }),
      ...changes.map((change) => this.change(change)),
      lineOf(mark),
    ].join("");
  }

  change(change: SavedChange): string {
    const n = ++this.#n;
    const line = lineOf({ n, change });
    const text = isIrreplaceable(change) ? line + SEPARATOR + lineOf({ n, change: {}, copy: change }) : line;
    this.#sinceOutline += text.length;
    return text;
  }

  /** Whether enough was written since the last outline. */
  get needsOutline(): boolean {
    return this.#sinceOutline >= Math.max(OUTLINE_EVERY, OUTLINE_SHARE * this.#outline);
  }

  /** Unnumbered: if it is damaged, nothing is missing. */
  outline(change: SavedChange): string {
    const line = lineOf({ change });
    this.#sinceOutline = 0;
    this.#outline = line.length;
    return line;
  }

  owner(mark: Owner): string {
    return lineOf(mark);
  }
}

/** Everything intact in a file; null if no window can be restored from it. */
export function parseJournal(text: string): Recovered | null {
  const [first, ...lines] = textLines(text);
  const snapshot = parseLine(Snapshot, first);
  const records = lines.map((line) => parseLine(v.union([Change, Handover]), line));
  // A crash may have torn the last line.
  const damaged = records.slice(0, -1).includes(null);
  let kept: Kept | null = snapshot ?? recovered(records);
  if (kept === null) return null;
  const numbers = new Numbers();
  if (snapshot === null) numbers.bad();
  for (const [i, record] of records.entries()) {
    if (record === null) {
      if (i < records.length - 1) numbers.bad();
    } else if ("owner" in record) {
      kept = { window: kept.window, ...record };
    } else if (numbers.isNext(record)) {
      kept = { ...kept, window: applyChange(kept.window, record.copy ?? record.change) };
    }
  }
  return { ...kept, isDamaged: snapshot === null || damaged, isComplete: numbers.areComplete };
}

/** Whether a later version wrote the file, so that this one cannot read it. */
export function isNewer(text: string): boolean {
  return parseLine(Newer, textLines(text)[0]) !== null;
}

/** The base for the changes if the snapshot is damaged: any record with the whole frame. */
function recovered(records: readonly (Change | Owner | null)[]): Kept | null {
  for (const record of records) {
    if (record === null || "owner" in record) continue;
    const window = recoveredWindow(record.change);
    if (window !== null) return { owner: null, window };
  }
  return null;
}

/** Follows the numbers of a file's changes, and recognizes copies. */
class Numbers {
  #last = 0;
  /** Damaged lines since the last change. */
  #bad = 0;
  #awaitsCopy = false;
  #isComplete = true;

  /** A line cannot be read. The next number shows whether anything is missing. */
  bad(): void {
    this.#bad++;
  }

  /** Whether a change is new. */
  isNext({ n, change, copy }: Change): boolean {
    if (n === undefined) {
      // Files of earlier versions have no numbers; in others, only separators and outlines have none.
      if (this.#last === 0 && this.#bad > 0 && Object.keys(change).length > 0) this.#miss();
      return true;
    }
    if (n > this.#last + 1) this.#miss();
    const isNew = n > this.#last;
    this.#last = Math.max(this.#last, n);
    this.#awaitsCopy = copy === undefined && isIrreplaceable(change);
    this.#bad = 0;
    return isNew;
  }

  #miss(): void {
    this.#isComplete = false;
    this.#bad = 0;
  }

  /** A damaged end may have been anything, unless only a copy was still to come. */
  get areComplete(): boolean {
    return this.#isComplete && this.#bad <= (this.#awaitsCopy ? 1 : 0);
  }
}
