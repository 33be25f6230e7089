// What counts as blank: Unicode's White_Space, and U+FEFF.

const blank = /[\p{White_Space}\uFEFF]/u;
const allBlank = /^[\p{White_Space}\uFEFF]*$/u;

/** Whether a text has nothing to read. */
export function isBlank(text: string): boolean {
  return allBlank.test(text);
}

/** Removes blanks at both ends of a text. */
export function trimBlank(text: string): string {
  // Blanks are never surrogates. A regular expression for the end would take quadratic time on a long run of blanks.
  let [start, end] = [0, text.length];
  while (start < end && blank.test(text.charAt(start))) start += 1;
  while (end > start && blank.test(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}
