// A problem that the editor reports, as the lines above its code.
import type { Part } from "../../../protocol/part.ts";
import { firstLines } from "./quoteBounds.ts";

type Severity = Extract<Part, { kind: "problem" }>["severity"];

export type Problem = {
  readonly severity: Severity;
  /** May have several lines. */
  readonly message: string;
  /** Who reports it, such as `ts`, and its name for this kind of problem. */
  readonly source?: string;
  readonly code?: string;
};

/** A chain of causes is seldom longer. */
const MOST_LINES = 12;
const MOST_BYTES = 1024;

/** `error: … (ts 2322)`, as compilers write it. */
export function problemHeading({ severity, message, source, code }: Problem): string {
  const origin = [source, code].filter((word) => word !== undefined && word !== "").join(" ");
  const text = firstLines(message.trim().replace(/\r\n?/g, "\n"), MOST_LINES, MOST_BYTES);
  return `${severity}: ${withoutFences(text)}${origin === "" ? "" : ` (${origin})`}`;
}

/** Such a line would begin a block of code in the message. */
export function withoutFences(text: string): string {
  return text.replace(/^(\s*)(?:`{3,}|~{3,})/gmu, "$1'''");
}
