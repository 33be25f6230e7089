// What counts as blank: Unicode's White_Space, and U+FEFF.

const blank = /[\p{White_Space}\uFEFF]/u;
const allBlank = /^[\p{White_Space}\uFEFF]*$/u;

/** Whether a text has nothing to read. */
export function isBlank(text: string): boolean {
  return allBlank.test(text);
}

/** A text without the blanks at both ends. */
export function trimBlank(text: string): string {
  // No blank is a surrogate. A pattern for the end would try again at each blank of a long row.
  let [start, end] = [0, text.length];
  while (start < end && blank.test(text.charAt(start))) start += 1;
  while (end > start && blank.test(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}
