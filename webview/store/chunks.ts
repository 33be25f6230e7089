// The entries of one session that the page holds, in chunks aligned to their index, so that a new entry touches one
// chunk and every other stays the same object (and is not rendered again). Pure.
import type { Entry } from "../../protocol/webview.ts";

/** Entries in a full chunk: about a screenful, the unit in which the browser skips invisible content. */
export const CHUNK_SIZE = 32;

export type Chunk = { readonly index: number; readonly entries: readonly Entry[] };

/** Consecutive entries, from index `first` up to but not including `end`. */
export type Chunks = { readonly first: number; readonly end: number; readonly list: readonly Chunk[] };

export function chunksOf(index: number, entries: readonly Entry[]): Chunks {
  return { first: index, end: index + entries.length, list: split(index, entries) };
}

/** Adds entries whose first index is `chunks.end`. */
export function append(chunks: Chunks, entries: readonly Entry[]): Chunks {
  if (entries.length === 0) return chunks;
  const last = chunks.list.at(-1);
  const end = chunks.end + entries.length;
  if (last === undefined) return chunksOf(chunks.first, entries);
  const list = [...chunks.list.slice(0, -1), ...split(last.index, [...last.entries, ...entries])];
  return { first: chunks.first, end, list };
}

/** Adds entries whose last index is just before `chunks.first`. */
export function prepend(chunks: Chunks, entries: readonly Entry[]): Chunks {
  if (entries.length === 0) return chunks;
  const first = chunks.first - entries.length;
  const [head, ...rest] = chunks.list;
  const list = [...split(first, [...entries, ...(head?.entries ?? [])]), ...rest];
  return { first, end: chunks.end, list };
}

/** The entry at an index, if it is held. */
export function entryAt(chunks: Chunks, index: number): Entry | undefined {
  const chunk = chunks.list.find((one) => index >= one.index && index < one.index + one.entries.length);
  return chunk?.entries[index - chunk.index];
}

/** Replaces an entry that is held; every other chunk stays the same object. */
export function replace(chunks: Chunks, index: number, entry: Entry): Chunks {
  const list = chunks.list.map((chunk) =>
    index >= chunk.index && index < chunk.index + chunk.entries.length
      ? { index: chunk.index, entries: chunk.entries.with(index - chunk.index, entry) }
      : chunk,
  );
  return { ...chunks, list };
}

/** The entries held before `index`. */
export function entriesBefore(chunks: Chunks, index: number): Entry[] {
  return chunks.list.flatMap((chunk) => chunk.entries.slice(0, Math.max(0, index - chunk.index)));
}

/** The number of messages from others from `index` on, which people would call new, unlike notices. */
export function messagesFrom(chunks: Chunks, index: number): number {
  let count = 0;
  for (const chunk of chunks.list.toReversed()) {
    const entries = chunk.entries.slice(Math.max(0, index - chunk.index));
    count += entries.filter((entry) => entry.kind === "message" && !entry.own).length;
    if (chunk.index <= index) break;
  }
  return count;
}

/** Drops whole chunks before `index`. */
export function dropBefore(chunks: Chunks, index: number): Chunks {
  const list = chunks.list.filter((chunk) => chunk.index + chunk.entries.length > index);
  if (list.length === chunks.list.length) return chunks;
  return { first: list[0]?.index ?? chunks.end, end: chunks.end, list };
}

function split(index: number, entries: readonly Entry[]): Chunk[] {
  const list: Chunk[] = [];
  let from = 0;
  while (from < entries.length) {
    const at = index + from;
    const size = CHUNK_SIZE - (at % CHUNK_SIZE);
    list.push({ index: at, entries: entries.slice(from, from + size) });
    from += size;
  }
  return list;
}
