// Finds messages: all words of a query, in any order, in the text or the author's name. Used by the search over everything.
import type { Entry } from "../../protocol/webview.ts";

/** A conversation that is searched; its source says what to open. */
export type Searched<T> = { readonly source: T; readonly entries: readonly Entry[] };

export type Found<T> = {
  readonly source: T;
  /** Of the entry among those of its source. */
  readonly position: number;
  readonly entry: Extract<Entry, { kind: "message" }>;
};

/** The newest messages that hold all words of the query, at most so many; without a word, simply the newest. */
export function findMessages<T>(all: readonly Searched<T>[], query: string, count: number): Found<T>[] {
  const words = folded(query)
    .split(/\s+/u)
    .filter((word) => word !== "");
  const found = all.flatMap(({ source, entries }) => {
    const own: Found<T>[] = [];
    // No source gives more than there can be in all.
    for (let position = entries.length - 1; position >= 0 && own.length < count; position--) {
      const entry = entries[position];
      if (entry?.kind !== "message" || entry.retracted === true) continue;
      const text = folded(`${entry.from} ${entry.text}`);
      if (words.every((word) => text.includes(word))) own.push({ source, position, entry });
    }
    return own;
  });
  return found.sort((a, b) => b.entry.at - a.entry.at).slice(0, count);
}

function folded(text: string): string {
  return text.normalize("NFKC").toLowerCase();
}
