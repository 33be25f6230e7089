// A text as its lines, each with its line break, and what else a file's text has: line endings and a byte order mark.
import type { LineEnding } from "../../../protocol/changes.ts";

const BOM = "\ufeff";

/** Each line with its line break. The last one may have none. An empty text has no lines. */
export function linesWithBreaks(text: string): string[] {
  const lines: string[] = [];
  for (let at = 0; at < text.length;) {
    const end = text.indexOf("\n", at);
    const next = end < 0 ? text.length : end + 1;
    lines.push(text.slice(at, next));
    at = next;
  }
  return lines;
}

export function lineEndingOf(text: string): LineEnding {
  const [all, crlf] = [countOf(text, "\n"), countOf(text, "\r\n")];
  if (all === 0) return "none";
  return crlf === 0 ? "lf" : crlf === all ? "crlf" : "mixed";
}

function countOf(text: string, what: string): number {
  let count = 0;
  for (let at = text.indexOf(what); at >= 0; at = text.indexOf(what, at + what.length)) count += 1;
  return count;
}

/** A line with its break as LF. */
export function withLf(line: string): string {
  return line.endsWith("\r\n") ? `${line.slice(0, -2)}\n` : line;
}

/** Whichever the text has, its lines end like this. A text of mixed line endings, or without any, has none to go by. */
export function withLineEnding(text: string, eol: LineEnding): string {
  if (eol === "lf") return text.replaceAll("\r\n", "\n");
  return eol === "crlf" ? text.replaceAll(/\r?\n/g, "\r\n") : text;
}

export function hasBom(text: string): boolean {
  return text.startsWith(BOM);
}

export function withBom(text: string, bom: boolean): string {
  const bare = hasBom(text) ? text.slice(1) : text;
  return bom ? BOM + bare : bare;
}

/** Two texts that differ only in line endings and the byte order mark are the same. */
export function isSameText(one: string, other: string): boolean {
  return plain(one) === plain(other);
}

/** Lines end in LF, and there is no byte order mark. */
export function plain(text: string): string {
  return withLineEnding(withBom(text, false), "lf");
}
