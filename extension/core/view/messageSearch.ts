// Finds messages: all words of a query, in any order, in the text or the author's name.
import type { Entry, MessageEntry } from "../../../protocol/webview.ts";

/** A conversation that is searched; its source says what to open. */
export type Searched<T> = { readonly source: T; readonly entries: readonly Entry[] };

export type Found<T> = {
  readonly source: T;
  /** Of the entry among those of its source. */
  readonly position: number;
  readonly entry: MessageEntry;
};

/** Characters that are searched in one go: some milliseconds, even of a text that is laborious to fold. */
const STRETCH = 64 * 1024;

/**
 * The newest messages that hold all words of the query, at most so many; without a word, simply the newest. Yields after
 * each stretch of work, so that its caller can let others go first, or give up.
 */
export function* findMessages<T>(
  all: readonly Searched<T>[],
  query: string,
  count: number,
): Generator<undefined, Found<T>[]> {
  const words = folded(query)
    .split(/\s+/u)
    .filter((word) => word !== "");
  const found: Found<T>[] = [];
  let worked = 0;
  for (const { source, entries } of all) {
    // No source gives more than there can be in all.
    let left = count;
    for (let position = entries.length - 1; position >= 0 && left > 0; position--) {
      const entry = entries[position];
      if (entry?.kind !== "message" || entry.retracted === true) continue;
      const text = folded(`${entry.from} ${entry.text}`);
      worked += text.length;
      if (holdsAll(text, words)) {
        found.push({ source, position, entry });
        left -= 1;
      }
      if (worked < STRETCH) continue;
      worked = 0;
      yield undefined;
    }
  }
  return found.sort((a, b) => b.entry.at - a.entry.at).slice(0, count);
}

/** As it was written, or as it is shown. */
function holdsAll(text: string, words: readonly string[]): boolean {
  const missing = words.filter((word) => !text.includes(word));
  if (missing.length === 0) return true;
  const shown = withoutMarks(text);
  return missing.every((word) => shown.includes(word));
}

/** Signs of Markdown within words, which their reader does not see: emphasis, code, escapes, and the ends of a link's text. */
const MARKS = /\\([!-/:-@[-`{-~])|[*`]+|~~|(?<![\p{L}\p{N}])_+|_+(?![\p{L}\p{N}])|\[|\]\([^\s()]*\)/gu;

/** About as the panel shows it: a word is found there and here, in whatever form it is written. */
function withoutMarks(text: string): string {
  return text.replace(MARKS, "$1");
}

/**
 * Combining marks in a row are put in order by normalizing, which takes the square of their number. After so many a mark
 * that stands for nothing begins a new row, as Unicode's stream-safe format does it.
 */
const ROW_OF_MARKS = /\p{M}{30}/gu;
const ROW_END = "\u034f";

function folded(text: string): string {
  return text.replace(ROW_OF_MARKS, `$&${ROW_END}`).normalize("NFKC").toLowerCase();
}
