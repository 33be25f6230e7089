// Finds a text in what is shown.
import type { Entry } from "../../protocol/webview.ts";
import type { Chunks } from "../store/chunks.ts";
import { shownContent } from "../markdown/shownText.ts";
import { visibleText } from "../base/visibleText.ts";

/** The searchable text of entries seen before: they never change, and are dropped with their session. */
const known = new WeakMap<Entry, string>();

/** Milliseconds for parsing new entries; beyond it, their source is searched instead. */
const READING_MS = 50;

/** Indices of the entries that contain a text, ignoring case, newest first. */
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
  const shown = entry.kind === "message" ? shownContent(entry) : visibleText(entry.text);
  const key = shown.toLowerCase();
  known.set(entry, key);
  return key;
}

/** The positions of a text in another one, ignoring case; occurrences do not overlap. */
export function occurrences(text: string, query: string): number[] {
  const found: number[] = [];
  const key = query.toLowerCase();
  const lower = text.toLowerCase();
  // A letter whose lower case is longer would shift what follows it, so case counts then.
  const [where, what] = lower.length === text.length ? [lower, key] : [text, query];
  for (let at = where.indexOf(what); what !== "" && at >= 0; at = where.indexOf(what, at + what.length)) {
    found.push(at);
  }
  return found;
}
