// What a command has printed in a terminal, as plain text.
import { outputHeading } from "../../../protocol/codeText.ts";
import type { NewAttachment } from "../../../protocol/conversation.ts";
import { lastLines, oneLine } from "./quoteBounds.ts";

const MOST_LINES = 200;
const COMMAND_LENGTH = 300;

export type TerminalCommand = { readonly command?: string; readonly exitCode?: number };

/**
 * Null if nothing was printed.
 * @param text already without escape sequences
 */
export function outputQuote(text: string, { command = "", exitCode }: TerminalCommand): NewAttachment | null {
  const code = outputText(text).replace(/\p{Surrogate}/gu, "\ufffd");
  if (code === "") return null;
  const line = oneLine(command, COMMAND_LENGTH);
  const known = {
    ...(line === "" ? {} : { command: line }),
    ...(exitCode === undefined ? {} : { exitCode }),
  };
  return { part: { kind: "output", at: 0, ...known }, heading: outputHeading(known.command, exitCode), code };
}

/**
 * The last lines of an output, without control characters and the blank lines at its ends.
 * @param text already without escape sequences
 */
export function outputText(text: string): string {
  const lines = text.split("\n").map(overwritten);
  const isFull = (line: string): boolean => line !== "";
  return lastLines(
    lines.slice(lines.findIndex(isFull), lines.findLastIndex(isFull) + 1).join("\n"),
    MOST_LINES,
  );
}

/** What remains of a line after its carriage returns, as of a progress bar. */
function overwritten(line: string): string {
  let end = line.length;
  while (line[end - 1] === "\r") end -= 1;
  return line
    .slice(end === 0 ? 0 : line.lastIndexOf("\r", end - 1) + 1, end)
    .replace(/[^\P{Cc}\t]/gu, "")
    .trimEnd();
}
