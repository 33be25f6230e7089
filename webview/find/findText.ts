// Where a text occurs in what is shown.
import type { Entry } from "../../protocol/webview.ts";
import type { Chunks } from "../store/chunks.ts";
import { shownText } from "../markdown/shownText.ts";
import { visibleText } from "../base/visibleText.ts";

/** What is searched of entries that were looked at: they never change, and go with their session. */
const known = new WeakMap<Entry, string>();

/** Milliseconds for reading what was not looked at before; beyond it, texts are searched as they were written. */
const READING_MS = 50;

/** Indices of the entries that show a text, whatever its case, newest first. */
export function findIn(chunks: Chunks, query: string): number[] {
  if (query === "") return [];
  const key = query.toLowerCase();
  const end = performance.now() + READING_MS;
  return chunks.list
    .toReversed()
    .flatMap((chunk) =>
      chunk.entries
        .flatMap((entry, at) => (searched(entry, end).includes(key) ? [chunk.index + at] : []))
        .reverse(),
    );
}

function searched(entry: Entry, end: number): string {
  const before = known.get(entry);
  if (before !== undefined) return before;
  if (entry.kind === "message" && performance.now() >= end) return visibleText(entry.text).toLowerCase();
  const shown = entry.kind === "message" ? shownText(entry.text) : visibleText(entry.text);
  const key = shown.toLowerCase();
  known.set(entry, key);
  return key;
}

/** Where a text begins in another one, whatever its case; occurrences do not overlap. */
export function occurrences(text: string, query: string): number[] {
  const found: number[] = [];
  const key = query.toLowerCase();
  const lower = text.toLowerCase();
  // A letter whose small form is longer would shift what comes after it: then only the exact text is looked for.
  const [where, what] = lower.length === text.length ? [lower, key] : [text, query];
  for (let at = where.indexOf(what); what !== "" && at >= 0; at = where.indexOf(what, at + what.length)) {
    found.push(at);
  }
  return found;
}
