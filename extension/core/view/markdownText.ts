// Embeds texts from others in Markdown that VS Code renders, so that nothing in them becomes an image, a link, HTML or
// a heading.

/** A text, shown literally, on one line. */
export function escaped(text: string): string {
  return oneLine(text).replace(/[\\`*_~[\]<>#|$]/gu, "\\$&");
}

/** A text as inline code, on one line; it cannot end the code. */
export function inlineCode(text: string): string {
  const shown = oneLine(text);
  const longest = Math.max(0, ...(shown.match(/`+/gu) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  // A backtick at either end requires a space before the fence, which Markdown removes again.
  const space = longest > 0 ? " " : "";
  return `${fence}${space}${shown}${space}${fence}`;
}

function oneLine(text: string): string {
  return text.replace(/\s*[\r\n]\s*/gu, " ");
}
