// What a composer's line will be to a message: a reply to it or to a line of its code, or its new text.
import { linesOfCode, numberOf, shortForm, wordsOf } from "../../protocol/codeText.ts";
import { type DraftAbout, excerptOf, type MessageEntry } from "../../protocol/webview.ts";

/** @param line of its code, counted from 1 */
export function replyTo(index: number, entry: MessageEntry, line?: number): DraftAbout {
  const range = linesOfCode(entry);
  const number = range === undefined || line === undefined ? undefined : numberOf(range, line);
  const noted = number === undefined || line === undefined ? {} : { line: { line, number } };
  return { kind: "reply", index, from: entry.from, text: excerptOf(shortForm(entry)), ...noted };
}

/** Code in a message stays as it is: only its author's words are edited. So does the line that it is about. */
export function editOf(index: number, entry: MessageEntry): DraftAbout {
  const text = wordsOf(entry);
  const note = entry.part?.kind === "note" ? { note: entry.part.line } : {};
  return { kind: "edit", index, former: text, text, ...note };
}

/** The line of code that a message is about, as its part says it. */
export function noteOf(about: DraftAbout | undefined): { part?: { kind: "note"; line: number } } {
  const line = about?.kind === "reply" ? about.line?.line : about?.note;
  return line === undefined ? {} : { part: { kind: "note", line } };
}
