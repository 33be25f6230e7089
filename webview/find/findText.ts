// Finds a text in what is shown.
import type { Entry } from "../../protocol/webview.ts";
import type { Chunks } from "../store/chunks.ts";
import { shownContent } from "../markdown/shownText.ts";
import { visibleText } from "../base/visibleText.ts";

/** The searchable text of entries seen before: they never change, and are dropped with their session. */
const known = new WeakMap<Entry, string>();

/** Milliseconds for parsing new entries; beyond it, their source is searched instead. */
const READING_MS = 50;

/** Indices of the entries that contain a text, ignoring case and how its letters are composed, newest first. */
export function findIn(chunks: Chunks, query: string): number[] {
  if (query === "") return [];
  const key = keyOf(query);
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
  if (entry.kind === "message" && performance.now() >= end) return keyOf(visibleText(entry.text));
  const shown = entry.kind === "message" ? shownContent(entry) : visibleText(entry.text);
  const key = keyOf(shown);
  known.set(entry, key);
  return key;
}

type Span = readonly [from: number, to: number];

/** Where a text stands in another one, ignoring case and how its letters are composed; occurrences do not overlap. */
export function occurrences(text: string, query: string): Span[] {
  const found: Span[] = [];
  const composed = text.normalize("NFC");
  const ranges = composed === text ? null : composedRanges(text);
  const lower = composed.toLowerCase();
  // A letter whose lower case is longer would shift what follows it, so case counts then.
  const [where, what] =
    lower.length === composed.length ? [lower, keyOf(query)] : [composed, query.normalize("NFC")];
  for (let at = where.indexOf(what); what !== "" && at >= 0; at = where.indexOf(what, at + what.length)) {
    const end = at + what.length;
    found.push([ranges?.[at]?.[0] ?? at, ranges?.[end - 1]?.[1] ?? end]);
  }
  return found;
}

function keyOf(text: string): string {
  return text.normalize("NFC").toLowerCase();
}

/** What can be composed to fewer characters: a letter with its marks, and parts of Korean syllables. */
const LETTERS = /[\uac00-\ud7a3]?[\u1100-\u11ff]+|\P{M}?\p{M}+|\P{M}/gu;

/** For each character of a composed text, where it stands in the text as it was written. */
function composedRanges(text: string): Span[] {
  return [...text.matchAll(LETTERS)].flatMap(({ 0: letters, index }) => {
    const composed = letters.normalize("NFC");
    return Array.from({ length: composed.length }, (_, i): Span =>
      composed === letters ? [index + i, index + i + 1] : [index, index + letters.length],
    );
  });
}
