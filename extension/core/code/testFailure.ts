// A failed test as text: its message, what was expected and what came instead as a diff, and its stack.
import { diffLines } from "diff";
import { testHeading } from "../../../protocol/codeText.ts";
import type { NewAttachment } from "../../../protocol/conversation.ts";
import { sendablePath } from "./quote.ts";
import { firstLines, oneLine } from "./quoteBounds.ts";

export type TestFailure = {
  readonly message: string;
  readonly expected?: string;
  readonly actual?: string;
  /** The places in the stack, innermost first, as they are to be written. */
  readonly stack: readonly string[];
};

export type FailedTest = {
  readonly name: string;
  /** Of the test itself; `line` is counted from 1. */
  readonly path?: string;
  readonly line?: number;
};

const NAME_LENGTH = 300;

/** Beyond this many lines, or changed lines, the two values are written one below the other. */
const DIFF_LINES = 500;
const DIFF_CHANGES = 200;
const MOST_FRAMES = 20;
const MOST_LINES = 200;

/** @param failure without escape sequences in its message */
export function failureQuote({ name, path, line }: FailedTest, failure: TestFailure): NewAttachment {
  const title = oneLine(name, NAME_LENGTH);
  const place =
    path === undefined ? {} : { path: sendablePath(path), ...(line === undefined ? {} : { line }) };
  return {
    part: { kind: "test", at: 0, name: title, ...place },
    heading: testHeading(title),
    code: failureText(failure),
  };
}

/** The lines of the message's block, in the form of a diff. */
export function failureText({ message, expected, actual, stack }: TestFailure): string {
  const values = expected === undefined || actual === undefined ? "" : valuesDiff(expected, actual);
  const frames = stack.slice(0, MOST_FRAMES).map((place) => `    at ${place}`);
  const parts = [withoutControls(message).trim(), values, frames.join("\n")];
  const text = parts.filter((part) => part !== "").join("\n\n");
  return firstLines(text.replace(/\p{Surrogate}/gu, "\ufffd"), MOST_LINES);
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

/** The values may differ in nothing but control characters: they are shown. */
function withLineEnd(text: string): string {
  const lines = text.replace(/\r\n?/g, "\n").replace(CONTROLS, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : "\ufffd";
  });
  return lines.endsWith("\n") ? lines : `${lines}\n`;
}

const CONTROLS = /[^\P{Cc}\n\t]/gu;

function withoutControls(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(CONTROLS, "");
}
