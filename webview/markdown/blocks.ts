// Where the blocks of a message end. Pure.

const BLANK_LINE = /\n[ \t]*\n/u;

export function lineOf(src: string, from: number): string {
  const end = src.indexOf("\n", from);
  return src.slice(from, end < 0 ? undefined : end);
}

/** Up to the next blank line, which ends a table or a paragraph. */
export function blockOf(src: string): string {
  const end = src.search(BLANK_LINE);
  return end < 0 ? src : src.slice(0, end + 1);
}

const QUOTE = /^(?: {0,3}>[^\n]*(?:\n|$))+/u;

/** The lines of a quote at the beginning of a text: where one lacks its mark, its author speaks. Empty if there is none. */
export function quoteOf(src: string): string {
  return QUOTE.exec(src)?.[0] ?? "";
}

const ITEM = /^ {0,3}(?:[-+*]|\d{1,9}[.)])(?:[ \t]|\n|$)/u;
const BESIDE_LIST = /\n(?![-+*](?:\s|$)|\d{1,9}[.)](?:\s|$))\S/u;

/** A text up to what cannot be of the list at its beginning: a line at the margin without a mark. Empty if there is no list. */
export function listOf(src: string): string {
  if (!ITEM.test(src)) return "";
  const end = src.search(BESIDE_LIST);
  return end < 0 ? src : src.slice(0, end + 1);
}

/** Whether each row of a table has a column for each of its cells. marked would drop the others. */
export function hasRoom(table: string, columns: number): boolean {
  const [, , ...rows] = table.split("\n");
  return rows.every((row) => {
    // A pipe behind a backslash is a letter of its cell.
    const cells = row.replace(/\\./gu, "\\").split("|");
    const between = cells.slice(
      cells[0]?.trim() === "" ? 1 : 0,
      cells.at(-1)?.trim() === "" ? -1 : undefined,
    );
    return between.length <= columns;
  });
}
