// The readable form of a part, as it stands in the message's text: a heading, the place it is from, and a Markdown block.
// Clients that know no parts show it like any other text.
import { wordsAboutChanges } from "./changesText.ts";
import type { MessageContent } from "./messageContent.ts";
import { isQuoting, type LineRange, type Part, type QuotingPart } from "./part.ts";

/** `path:12`, or `path:12-20`. */
export function lineLabel(path: string, { from, to }: LineRange): string {
  return `${path}:${String(from)}${from === to ? "" : `-${String(to)}`}`;
}

export type CodeText = {
  /** The author's own words, above the rest. May be empty. */
  readonly words: string;
  /** Lines above the place, such as a problem's message. Empty if there are none. */
  readonly heading: string;
  /** Lines separated by `\n`. */
  readonly code: string;
};

/** A part before it is known where in a text it will stand. */
export type PartToWrite = QuotingPart extends infer P
  ? P extends QuotingPart
    ? Omit<P, "at">
    : never
  : never;

/** Builds a message's text. `at` is where the readable form begins in it. */
export function writeCode(
  { words, heading, code }: CodeText,
  part: PartToWrite,
): { readonly text: string; readonly at: number } {
  const fence = "`".repeat(Math.max(3, longestRun(code) + 1));
  const before = words.trim() === "" ? "" : `${words.trimEnd()}\n\n`;
  const top = heading === "" ? "" : `${heading}\n`;
  const block = `${fence}${languageOf(part)}\n${code}\n${fence}`;
  return { text: `${before}${top}${placeLine(part)}${block}`, at: before.length };
}

/**
 * Reads it back. Null if the text is not the readable form of the part: then it is a text like any other. The block is read
 * from its end: its lines have no run of backticks as long as the fence, while the heading can hold anything.
 */
export function readCode(text: string, part: Part | undefined): CodeText | null {
  if (part === undefined || !isQuoting(part)) return null;
  const words = text.slice(0, part.at);
  if (words !== "" && !words.endsWith("\n\n")) return null;
  const quote = text.slice(part.at);
  const end = quote.lastIndexOf("\n");
  const fence = quote.slice(end + 1);
  if (!/^`{3,}$/.test(fence)) return null;
  const opening = `${placeLine(part)}${fence}${languageOf(part)}\n`;
  const start = quote.lastIndexOf(opening, end - opening.length);
  const begin = start + opening.length;
  if (start < 0 || begin > end || (start > 0 && quote[start - 1] !== "\n")) return null;
  const code = quote.slice(begin, end);
  if (longestRun(code) >= fence.length) return null;
  if ("range" in part && code.split("\n").length !== part.range.to - part.range.from + 1) return null;
  return { words: words.trimEnd(), heading: quote.slice(0, Math.max(0, start - 1)), code };
}

/** What stands above a part's code: its place, empty for a part that is from no file, and the block's language. */
export function readPlace(part: QuotingPart): { readonly place: string; readonly language: string } {
  return { place: placeLine(part).trimEnd(), language: languageOf(part) };
}

/** The line above the block, with its line break. Empty for a part that is from no file. */
function placeLine(part: PartToWrite): string {
  if (part.kind === "code" || part.kind === "problem") return `${lineLabel(part.path, part.range)}\n`;
  if (part.kind === "output" || part.path === undefined) return "";
  return part.line === undefined ? `${part.path}\n` : `${part.path}:${String(part.line)}\n`;
}

function languageOf(part: PartToWrite): string {
  if (part.kind === "test") return "diff";
  return part.kind === "output" ? "" : (part.language ?? "");
}

/** The lines of a message's code, as its author's file counts them. */
export function linesOfCode({ text, part }: MessageContent): LineRange | undefined {
  if (part === undefined || !("range" in part)) return undefined;
  return readCode(text, part) === null ? undefined : part.range;
}

/** The number of a line in its author's file. Undefined if there is no such line. */
export function numberOf({ from, to }: LineRange, line: number): number | undefined {
  const number = from + line - 1;
  return number <= to ? number : undefined;
}

/** Above a failed test. */
export function testHeading(name: string): string {
  return `Test failed: ${name}`;
}

/** Above a command's output: `$ npm test (exit code 1)`. Empty if neither is known. */
export function outputHeading(command: string | undefined, exitCode: number | undefined): string {
  const parts = [
    command === undefined ? "" : `$ ${command}`,
    exitCode === undefined ? "" : `(exit code ${String(exitCode)})`,
  ];
  return parts.filter((part) => part !== "").join(" ");
}

/** What an author wrote, without the code or the changes that go with it. */
export function wordsOf({ text, part }: MessageContent): string {
  return readCode(text, part)?.words ?? wordsAboutChanges(text, part) ?? text;
}

/** The UTF-16 units of a text before the readable form of its part. Null if there is none. */
export function readableFrom({ text, part }: MessageContent): number | null {
  const isRead = readCode(text, part) !== null || wordsAboutChanges(text, part) !== null;
  return isRead && part !== undefined && "at" in part ? part.at : null;
}

/** A message in a few words: what its author wrote, or where its code is from. */
export function shortForm({ text, part }: MessageContent): string {
  const card = readCode(text, part);
  if (card === null || part === undefined) return text;
  const heading = card.heading.split("\n", 1)[0] ?? "";
  return card.words || heading || ("range" in part ? lineLabel(part.path, part.range) : card.code);
}

/** The longest run of backticks. */
function longestRun(code: string): number {
  return (code.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 0);
}
