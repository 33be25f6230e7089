// A failed test as text: its message, what was expected and what came instead as a diff, and its stack.
import { diffLines } from "diff";
import { firstLines } from "./quoteBounds.ts";

export type TestFailure = {
  readonly message: string;
  readonly expected?: string;
  readonly actual?: string;
  /** The places in the stack, innermost first, as they are to be written. */
  readonly stack: readonly string[];
};

/** Beyond this many lines, or changed lines, the two values are written one below the other. */
const DIFF_LINES = 500;
const DIFF_CHANGES = 200;
const MOST_FRAMES = 20;
const MOST_LINES = 200;

/** The lines of the message's block, in the form of a diff. */
export function failureText({ message, expected, actual, stack }: TestFailure): string {
  const values = expected === undefined || actual === undefined ? "" : valuesDiff(expected, actual);
  const frames = stack.slice(0, MOST_FRAMES).map((place) => `    at ${place}`);
  const parts = [message.trim(), values, frames.join("\n")];
  return firstLines(parts.filter((part) => part !== "").join("\n\n"), MOST_LINES);
}

function valuesDiff(expected: string, actual: string): string {
  const [before, after] = [withLineEnd(expected), withLineEnd(actual)];
  const isLong = [before, after].some((text) => text.split("\n", DIFF_LINES + 1).length > DIFF_LINES);
  const changes = isLong ? undefined : diffLines(before, after, { maxEditLength: DIFF_CHANGES });
  const lines =
    changes === undefined
      ? [...prefixed("-", before), ...prefixed("+", after)]
      : changes.flatMap(({ value, added, removed }) => prefixed(removed ? "-" : added ? "+" : " ", value));
  return ["- expected", "+ actual", "", ...lines].join("\n");
}

function prefixed(mark: string, text: string): string[] {
  return text
    .replace(/\n$/, "")
    .split("\n", DIFF_LINES)
    .map((line) => `${mark} ${line}`);
}

function withLineEnd(text: string): string {
  const lines = text.replace(/\r\n?/g, "\n");
  return lines.endsWith("\n") ? lines : `${lines}\n`;
}
