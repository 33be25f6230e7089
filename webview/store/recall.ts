// The composer's memory of lines sent from this window, walked with Up and Down. Pure.

/** Lines remembered; the oldest go first. */
const REMEMBERED = 100;

export type Recall = {
  readonly lines: readonly string[];
  /** The line shown now; null while nothing is recalled. */
  readonly at: number | null;
};

export const emptyRecall: Recall = { lines: [], at: null };

/** Remembers a line that was sent, unless it repeats the last one, and ends the walk. */
export function remember(recall: Recall, line: string): Recall {
  if (recall.lines.at(-1) === line) return { lines: recall.lines, at: null };
  return { lines: [...recall.lines, line].slice(-REMEMBERED), at: null };
}

/** Goes one line back; stays at the oldest. */
export function older(recall: Recall): Recall {
  if (recall.lines.length === 0) return recall;
  const at = recall.at ?? recall.lines.length;
  return { lines: recall.lines, at: Math.max(0, at - 1) };
}

/** Goes one line forth; past the newest the walk ends. */
export function newer(recall: Recall): Recall {
  if (recall.at === null) return recall;
  return { lines: recall.lines, at: recall.at + 1 < recall.lines.length ? recall.at + 1 : null };
}

/** The line shown by the walk; null when there is none. */
export function recalled(recall: Recall): string | null {
  return recall.at === null ? null : (recall.lines[recall.at] ?? null);
}
