// How lines of code are compared: indentation, widths of space and line endings are ignored.

/** The lines of a text, with any line ending. A final line break does not start another line. */
export function linesOf(text: string): string[] {
  const lines = text.split(/\r\n|\n|\r/);
  if (lines.length > 1 && lines.at(-1) === "") lines.pop();
  return lines;
}

/** A line without its indentation and trailing spaces, and with each run of spaces as one. */
export function normalized(line: string): string {
  const trimmed = line.trim();
  return WIDE_SPACE.test(trimmed) ? trimmed.replace(/\s+/g, " ") : trimmed;
}

/** Any space but a single one of the usual kind. */
const WIDE_SPACE = /\s\s|[^\S ]/;

const TOKEN = /[\p{L}\p{N}_$]+|[^\s\p{L}\p{N}_$]/gu;
const WORD = /[\p{L}\p{N}_$]+/gu;

/** Hand-written lines have fewer tokens. Without a limit, one minified line could cost as much as a whole file. */
const TOKENS_PER_LINE = 200;

export function tokensOf(line: string): string[] {
  const tokens: string[] = [];
  for (const [token] of line.matchAll(TOKEN)) {
    tokens.push(token);
    if (tokens.length === TOKENS_PER_LINE) break;
  }
  return tokens;
}

/** A line with four words is hardly ever repeated by chance, so more words add nothing. */
const FULL_WORDS = 4;

/** A line of brackets alone: not worthless, but about thirty of them are worth one line with words. */
const BRACKETS = 0.03;

/** How well a line identifies its place, from 0 (a blank line) to 1. */
export function informationOf(line: string): number {
  if (line === "") return 0;
  let words = 0;
  WORD.lastIndex = 0;
  while (words < FULL_WORDS && WORD.test(line)) words += 1;
  return words === 0 ? BRACKETS : Math.min(1, 0.2 + (0.8 * words) / FULL_WORDS);
}

/** How alike two lines are, from 0 to 1: the Dice coefficient of their tokens. */
export function similarity(one: readonly string[], other: readonly string[]): number {
  if (one.length === 0 || other.length === 0) return 0;
  const counts = new Map<string, number>();
  for (const token of one) counts.set(token, (counts.get(token) ?? 0) + 1);
  let shared = 0;
  for (const token of other) {
    const left = counts.get(token) ?? 0;
    if (left === 0) continue;
    shared += 1;
    counts.set(token, left - 1);
  }
  return (2 * shared) / (one.length + other.length);
}

/** The work one search has done so far, in comparisons of two lines, and what it may do. Beyond, it is not sure. */
export type Work = { comparisons: number; readonly most: number };

/** So many comparisons take well under a second. A search in a file as people write them takes a tenth of them at most. */
const MOST_COMPARISONS = 4_000_000;

export function newWork(): Work {
  return { comparisons: 0, most: MOST_COMPARISONS };
}

export function isSpent({ comparisons, most }: Work): boolean {
  return comparisons >= most;
}
