// Messages with a failed test or a command's output, as their author's window puts them together.
import { writeCode, type PartToWrite } from "../../protocol/codeText.ts";
import type { NewAttachment } from "../../protocol/conversation.ts";
import { outputQuote } from "../../extension/core/code/terminalOutput.ts";
import { failureQuote } from "../../extension/core/code/testFailure.ts";
import type { MessageEntry } from "../../protocol/webview.ts";
import { told } from "./talkData.ts";

/** A message with the number `seq` and what an author attached to it. */
export function quoted(from: string, seq: number, quote: NewAttachment, words = ""): MessageEntry {
  const { heading, code } = quote;
  const part: PartToWrite = quote.part;
  const { text, at } = writeCode({ words, heading, code }, part);
  return told(from, text, seq, { part: { ...quote.part, at } });
}

export const failure = failureQuote(
  { name: "pool › closes once", path: "test/pool.test.ts", line: 30 },
  {
    message: "The pool was closed twice.",
    expected: "closed: 1\nidle: 0",
    actual: "closed: 2\nidle: 0",
    stack: ["close (src/pool/close.ts:12:5)"],
  },
);

const count = 48;
export const OUTPUT_LINES = Array.from({ length: count }, (_, at) => `line ${String(at + 1)} of the build`);

/** A command's output; the lines of a long one are numbered. */
export function output(
  lines: readonly string[] = OUTPUT_LINES,
  command?: string,
  exitCode?: number,
): NewAttachment {
  const known = {
    ...(command === undefined ? {} : { command }),
    ...(exitCode === undefined ? {} : { exitCode }),
  };
  const quote = outputQuote(lines.join("\n"), known);
  if (quote === null) throw new Error("Nothing was printed");
  return quote;
}

export const quotes: MessageEntry[] = [
  quoted("bobby", 1, failure, "Is it **closed** twice here?"),
  quoted(
    "anna",
    2,
    output(["src/pool/close.ts(12,5): error TS2339: No.", "Found 1 error."], "npx tsc -b", 2),
  ),
  quoted("carmen", 3, output(OUTPUT_LINES, "npm run build", 0)),
  quoted("bobby", 4, output(["just", "some", "lines"])),
];
