// Problems that the editor reports: which of them is meant, and the lines above its code.
import * as v from "valibot";
import { utf8Length } from "../../../protocol/codec.ts";
import { writeCode } from "../../../protocol/codeText.ts";
import type { NewAttachment } from "../../../protocol/conversation.ts";
import { limits } from "../../../protocol/limits.ts";
import { Part } from "../../../protocol/part.ts";
import type { CodeQuote } from "./quote.ts";
import { firstLines, oneLine } from "./quoteBounds.ts";

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

const WORD_LENGTH = 80;

/** `error: … (ts 2322)`, as compilers write it. */
export function problemHeading({ severity, message, source, code }: Problem): string {
  const origin = [source, code].filter((word) => word !== undefined && word !== "").join(" ");
  const plain = message.replace(/\r\n?/g, "\n").replace(/[^\P{Cc}\n\t]|\p{Surrogate}/gu, "");
  const text = firstLines(plain.trim(), MOST_LINES, MOST_BYTES);
  return `${severity}: ${withoutFences(text)}${origin === "" ? "" : ` (${origin})`}`;
}

/** Such a line would begin a block of code in the message. */
export function withoutFences(text: string): string {
  return text.replace(/^(\s*)(?:`{3,}|~{3,})/gmu, "$1'''");
}

/** Lines with the problem that they have. Null if that does not fit a message. */
export function problemQuote({ part, code }: CodeQuote, given: Problem): NewAttachment | null {
  const [source, name] = [given.source, given.code].map((word) => oneLine(word ?? "", WORD_LENGTH));
  const origin = { ...(source ? { source } : {}), ...(name ? { code: name } : {}) };
  const problem = { ...part, ...origin, kind: "problem" as const, severity: given.severity };
  const { severity, message } = given;
  const heading = problemHeading({ severity, message, ...origin });
  const { text } = writeCode({ words: "", heading, code }, problem);
  const isPart = v.parse(Part, { ...problem, at: limits.textBytes }) !== undefined;
  return isPart && utf8Length(text) <= limits.textBytes ? { part: problem, heading, code } : null;
}

type Position = { readonly line: number; readonly character: number };
type Placed = {
  /** A lower one is graver. */
  readonly severity: number;
  readonly range: { readonly start: Position; readonly end: Position };
};

/** The problems that hold a position, or else those on its line: the smallest first, then the gravest. */
export function problemsAt<T extends Placed>(problems: readonly T[], { line, character }: Position): T[] {
  const isOn = ({ range }: T): boolean => range.start.line <= line && line <= range.end.line;
  const holds = ({ range: { start, end } }: T): boolean =>
    (start.line < line || start.character <= character) && (line < end.line || character <= end.character);
  const there = problems.filter(isOn);
  const around = there.filter(holds);
  return (around.length > 0 ? around : there).toSorted((a, b) => {
    const [one, other] = [a, b].map(({ range: { start, end } }) => ({
      lines: end.line - start.line,
      characters: end.character - start.character,
    }));
    if (one === undefined || other === undefined) return 0;
    return one.lines - other.lines || a.severity - b.severity || one.characters - other.characters;
  });
}
