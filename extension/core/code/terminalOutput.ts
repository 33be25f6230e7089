// What a command has printed in a terminal, as plain text.
import { lastLines } from "./quoteBounds.ts";

const MOST_LINES = 200;

/**
 * The last lines of an output, without control characters and the blank lines at its ends.
 * @param text already without escape sequences
 */
export function outputText(text: string): string {
  const lines = text.replace(/\r+\n/g, "\n").split("\n").map(overwritten);
  return lastLines(lines.join("\n").replace(/^(?:[^\S\n]*\n)+|\s+$/g, ""), MOST_LINES);
}

/** What remains of a line after its carriage returns, as of a progress bar. */
function overwritten(line: string): string {
  return line
    .slice(line.lastIndexOf("\r") + 1)
    .replace(/[^\P{Cc}\t]/gu, "")
    .trimEnd();
}

/** `$ npm test (exit code 1)`. */
export function outputHeading(command: string | undefined, exitCode: number | undefined): string {
  const parts = [
    command === undefined ? "" : `$ ${command}`,
    exitCode === undefined ? "" : `(exit code ${String(exitCode)})`,
  ];
  return parts.filter((part) => part !== "").join(" ");
}
