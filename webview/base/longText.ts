// How much room a text takes, told from the text alone, so that nothing has to be laid out for it. Pure.

/** Rows of about this many characters; a text of more of them than that is long. */
const ROW = 100;
const ROWS = 40;

/** Characters that each change from one script to another counts as: the browser lays them out piece by piece. */
const CHANGE = 5;

/** From here on characters are wide, or the browser looks for their words in a dictionary: each counts as two. */
const WIDE = 0xe00;

/** What is shown of a long text while it is folded: as much as has room there. The whole text if it is short enough. */
export function beginningOf(text: string): string {
  const { end } = measured(text, ROWS);
  return end === text.length ? text : upTo(text, end);
}

/** Whether a text is folded at first. */
export function isLong(text: string): boolean {
  return measured(text, ROWS).end < text.length;
}

/** About how many rows a text fills, no more than those of a long one. */
export function rowsOf(text: string): number {
  return measured(text, ROWS).rows;
}

/** As far as so many rows go: where they end in the text, and how many they are. */
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

/** Some number for each group of scripts; 0 for what is part of any, as spaces and digits are. */
function scriptOf(code: number): number {
  if (code < 0x41) return 0;
  if (code < 0x250) return 1;
  // The ideographs and syllables of East Asia.
  if (code >= 0x2e80 && code < 0xd800) return 2;
  return 3 + (code >> 7);
}

/** Without half of a character at its end. */
function upTo(text: string, end: number): string {
  const last = text.charCodeAt(end - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? end - 1 : end);
}
