// Folds consecutive join and quit lines into one. Pure.
import type { Entry } from "../../protocol/webview.ts";
import { CHUNK_SIZE, type Chunk } from "../store/chunks.ts";
import { sameDay } from "./grouping.ts";

/** The minimum number of consecutive lines that are folded. */
const FOLDED = 3;

type Notice = Extract<Entry, { kind: "notice" }>;
export type PresenceEntry = Notice & { readonly presence: NonNullable<Notice["presence"]> };

/** Consecutive entries; `first` is the index of the first. */
export type Row = { readonly first: number; readonly entries: readonly PresenceEntry[] };

/**
 * The rows that are long enough to fold, by each chunk they touch. None crosses `newFrom`, where a line is shown, or
 * midnight.
 */
export function rowsByChunk(list: readonly Chunk[], newFrom: number | null): ReadonlyMap<number, Row[]> {
  const byChunk = new Map<number, Row[]>();
  let row: PresenceEntry[] = [];
  let first = 0;
  const close = () => {
    const last = first + row.length - 1;
    for (let at = chunkNumber(first); row.length >= FOLDED && at <= chunkNumber(last); at++) {
      byChunk.set(at, [...(byChunk.get(at) ?? []), { first, entries: row }]);
    }
    row = [];
  };
  for (const chunk of list) {
    for (const [at, entry] of chunk.entries.entries()) {
      const index = chunk.index + at;
      const previous = row.at(-1);
      const goesOn = previous !== undefined && index !== newFrom && sameDay(previous.at, entry.at);
      if (!isPresence(entry) || !goesOn) close();
      if (!isPresence(entry)) continue;
      if (row.length === 0) first = index;
      row.push(entry);
    }
  }
  close();
  return byChunk;
}

export function chunkNumber(index: number): number {
  return Math.floor(index / CHUNK_SIZE);
}

/** Whether the same entries are folded; entries of a row never change. */
export function sameRows(a: readonly Row[], b: readonly Row[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ first, entries }, at) => first === b[at]?.first && entries.length === b[at].entries.length)
  );
}

/** The row of a folded entry. */
export function rowAt(rows: readonly Row[], index: number): Row | undefined {
  return rows.find(({ first, entries }) => index >= first && index < first + entries.length);
}

/** Who joined and who left, each person once, by what they did last. */
export function namesIn(row: Row, what: PresenceEntry["presence"]["what"]): string[] {
  const last = new Map(row.entries.map(({ presence }) => [presence.name, presence.what]));
  return [...last].flatMap(([name, did]) => (did === what ? [name] : []));
}

/** A line that already combines several is shown by itself. */
function isPresence(entry: Entry): entry is PresenceEntry {
  return entry.kind === "notice" && entry.presence !== undefined && entry.presence.more === undefined;
}
