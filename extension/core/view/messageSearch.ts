// Finds messages: all words of a query, in any order, in the text or the author's name.
import type { Entry, MessageEntry } from "../../../protocol/webview.ts";

/** A searched conversation; its source says what to open. */
export type Searched<T> = { readonly source: T; readonly entries: readonly Entry[] };

export type Found<T> = {
  readonly source: T;
  /** The entry's position in its source. */
  readonly position: number;
  readonly entry: MessageEntry;
};

/** Characters searched without a pause: some milliseconds, even for text that is expensive to fold. */
const STRETCH = 64 * 1024;

/**
 * The newest messages that contain all words of the query, up to a number; without a query, the newest. Yields after
 * each stretch of work, so that its caller can let others run, or cancel.
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
    // No source needs to yield more than the total.
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

/** In the source text, or as rendered. */
function holdsAll(text: string, words: readonly string[]): boolean {
  const missing = words.filter((word) => !text.includes(word));
  if (missing.length === 0) return true;
  const shown = withoutMarks(text);
  return missing.every((word) => shown.includes(word));
}

/**
 * Markdown characters within words, which readers do not see: emphasis, code, escapes, and the ends of a link's text.
 */
const MARKS = /\\([!-/:-@[-`{-~])|[*`]+|~~|(?<![\p{L}\p{N}])_+|_+(?![\p{L}\p{N}])|\[|\]\([^\s()]*\)/gu;

/** Approximates the rendered text, so that a word is found however it is formatted. */
function withoutMarks(text: string): string {
  return text.replace(MARKS, "$1");
}

/**
 * Normalizing sorts runs of combining marks in quadratic time. As in Unicode's stream-safe format, an invisible joiner
 * starts a new run after this many.
 */
const ROW_OF_MARKS = /\p{M}{30}/gu;
const ROW_END = "\u034f";

function folded(text: string): string {
  return text.replace(ROW_OF_MARKS, `$&${ROW_END}`).normalize("NFKC").toLowerCase();
}
