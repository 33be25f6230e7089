// Where a text occurs. Pure; called by the find bar and for its highlights.
import type { Chunks } from "./chunks.ts";

/** Indices of the entries that contain a text, whatever its case, newest first. */
export function findIn(chunks: Chunks, query: string): number[] {
  if (query === "") return [];
  const key = query.toLowerCase();
  return chunks.list
    .flatMap((chunk) =>
      chunk.entries.flatMap((entry, at) =>
        entry.text.toLowerCase().includes(key) ? [chunk.index + at] : [],
      ),
    )
    .reverse();
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
