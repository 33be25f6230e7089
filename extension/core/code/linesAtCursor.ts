// Which lines to send: the selected ones, or the function or block around the cursor, or its line. All are counted from 0.
import type { Span } from "./edges.ts";
import { informationOf, normalized } from "./lines.ts";

type Position = { readonly line: number; readonly character: number };
export type Selected = { readonly start: Position; readonly end: Position };

/** Null if nothing is selected. A selection that ends before a line's first character does not include that line. */
export function selectedLines({ start, end }: Selected): Span | null {
  if (start.line === end.line && start.character === end.character) return null;
  const to = end.character === 0 && end.line > start.line ? end.line - 1 : end.line;
  return { from: start.line, to };
}

export type Block = Span & {
  /** A function or a class: it counts even on one line. */
  readonly isFunction: boolean;
};

/** Lines beyond which a block is more than what the cursor is at. */
const BLOCK_LINES = 200;

/** The innermost block around a line. The line alone if there is none, or it is long. */
export function blockAround(line: number, blocks: Iterable<Block>): Span {
  let best: Span | null = null;
  for (const { from, to, isFunction } of blocks) {
    if (from > line || to < line || (from === to && !isFunction)) continue;
    if (best === null || to - from < best.to - best.from) best = { from, to };
  }
  return best === null || best.to - best.from >= BLOCK_LINES ? { from: line, to: line } : best;
}

/** Lines around the cursor's that are looked at. */
const NEAR_LINES = 20;

/** Less than one word. */
const NO_WORD = 0.2;

/** The cursor's line. If it has no word, as a lone bracket, together with the nearest above that has one, else below: to be found again. */
export function lineWithWords(line: number, count: number, textOf: (line: number) => string): Span {
  const hasWords = (at: number): boolean => informationOf(normalized(textOf(at))) > NO_WORD;
  for (let from = line; from >= Math.max(0, line - NEAR_LINES); from -= 1)
    if (hasWords(from)) return { from, to: line };
  for (let to = line; to < Math.min(count, line + NEAR_LINES); to += 1)
    if (hasWords(to)) return { from: line, to };
  return { from: line, to: line };
}
