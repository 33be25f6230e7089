// Texts of others inside Markdown that VS Code renders: nothing in them becomes a picture, a link, HTML or a heading.

/** A text as it stands, on one line. */
export function escaped(text: string): string {
  return oneLine(text).replace(/[\\`*_~[\]<>#|$]/gu, "\\$&");
}

/** A text as code, on one line; it cannot end the code. */
export function inlineCode(text: string): string {
  const shown = oneLine(text);
  const longest = Math.max(0, ...(shown.match(/`+/gu) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  // A backtick at either end needs a space between it and the fence, which Markdown takes away again.
  const space = longest > 0 ? " " : "";
  return `${fence}${space}${shown}${space}${fence}`;
}

function oneLine(text: string): string {
  return text.replace(/\s*[\r\n]\s*/gu, " ");
}
