// The composer's memory of lines sent from this window, walked with Up and Down. Pure.
import { wordsOf } from "../../protocol/codeText.ts";
import type { Entries } from "../../protocol/webview.ts";

/** Maximum lines remembered; the oldest are dropped first. */
const REMEMBERED = 100;

export type Recall = {
  readonly lines: readonly string[];
  /** The position of the line shown now; null if nothing is recalled. */
  readonly at: number | null;
};

export const emptyRecall: Recall = { lines: [], at: null };

/** Remembers a sent line, unless it repeats the last one, and ends the recall. */
export function remember(recall: Recall, line: string): Recall {
  if (recall.lines.at(-1) === line) return { lines: recall.lines, at: null };
  return { lines: [...recall.lines, line].slice(-REMEMBERED), at: null };
}

/** Moves one line back; stays at the oldest. */
export function older(recall: Recall): Recall {
  if (recall.lines.length === 0) return recall;
  const at = recall.at ?? recall.lines.length;
  return { lines: recall.lines, at: Math.max(0, at - 1) };
}

/** Moves one line forward; after the newest, the recall ends. */
export function newer(recall: Recall): Recall {
  if (recall.at === null) return recall;
  return { lines: recall.lines, at: recall.at + 1 < recall.lines.length ? recall.at + 1 : null };
}

/** The recalled line; null if there is none. */
export function recalled(recall: Recall): string | null {
  return recall.at === null ? null : (recall.lines[recall.at] ?? null);
}

/** The words of the user's own messages. */
export function recallOf(entries: readonly Entries[]): Recall {
  const own = entries.flatMap((part) =>
    part.entries.flatMap((entry) =>
      entry.kind === "message" && entry.own && wordsOf(entry) !== "" ? [entry] : [],
    ),
  );
  const lines = own.sort((a, b) => a.at - b.at).map((entry) => typed(wordsOf(entry)));
  return lines.reduce(remember, emptyRecall);
}

/** How a message is typed: one that begins with a backslash needs a second one. */
export function typed(text: string): string {
  return text.startsWith("\\") ? `\\${text}` : text;
}
