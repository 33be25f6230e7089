// Estimates the room for a text from the text alone, so that nothing has to be laid out for it. Pure.

/** Characters per estimated row; a text with more of these rows than the limit is long. */
const ROW = 100;
const ROWS = 40;

/** Characters that each change of script counts as, because the browser lays out each run separately. */
const CHANGE = 5;

/** Characters from here on are wide, or need a dictionary to find word boundaries: each counts as two. */
const WIDE = 0xe00;

/** The visible part of a long text while it is folded. The whole text if it is short enough. */
export function beginningOf(text: string): string {
  const { end } = measured(text, ROWS);
  return end === text.length ? text : upTo(text, end);
}

/** Whether a text is folded at first. */
export function isLong(text: string): boolean {
  return measured(text, ROWS).end < text.length;
}

/** The estimated number of rows, at most that of a long text. */
export function rowsOf(text: string): number {
  return measured(text, ROWS).rows;
}

/** Measures up to a number of rows: where they end in the text, and how many there are. */
function measured(text: string, most: number): { readonly rows: number; readonly end: number } {
  let rows = 1;
  let width = 0;
  let script = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const next = scriptOf(code);
    const isChange = next !== 0 && next !== script && script !== 0;
    if (next !== 0) script = next;
    width += isChange ? CHANGE : code < WIDE ? 1 : 2;
    if (code === NEWLINE) width = 0;
    if (code !== NEWLINE && width <= ROW) continue;
    if (rows === most) return { rows, end: at };
    rows += 1;
    if (code !== NEWLINE) width = 1;
  }
  return { rows, end: text.length };
}

const NEWLINE = 10;

/** A number for each group of scripts; 0 for characters that belong to any, such as spaces and digits. */
function scriptOf(code: number): number {
  if (code < 0x41) return 0;
  if (code < 0x250) return 1;
  // The ideographs and syllables of East Asia.
  if (code >= 0x2e80 && code < 0xd800) return 2;
  return 3 + (code >> 7);
}

/** Without a lone surrogate at its end. */
function upTo(text: string, end: number): string {
  const last = text.charCodeAt(end - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? end - 1 : end);
}
