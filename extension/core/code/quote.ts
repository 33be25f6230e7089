// Builds what is sent about lines of a file: their text, and a part that helps to find them in another version of the file.
import * as v from "valibot";
import { isBlank } from "../../../protocol/blank.ts";
import { utf8Length } from "../../../protocol/codec.ts";
import { writeCode } from "../../../protocol/codeText.ts";
import type { NewAttachment } from "../../../protocol/conversation.ts";
import type { Token } from "../../../protocol/fields.ts";
import { limits } from "../../../protocol/limits.ts";
import { CodePart } from "../../../protocol/part.ts";
import { CodePath } from "../../../protocol/partFields.ts";
import { err, ok, type Result } from "../../../protocol/result.ts";
import { lineMap } from "./lineDiff.ts";
import type { Span } from "./edges.ts";
import type { LineHash } from "./lineIndex.ts";
import { linesOf, newWork, normalized } from "./lines.ts";
import { finished } from "./steps.ts";

export type QuotedFile = {
  /** Below the open folder it is in, or the file's name. */
  readonly path: string;
  readonly language: string;
  /** As it is on screen. */
  readonly text: string;
  /** As it was committed; null if it was not, or that is not known. */
  readonly committed: string | null;
  /** As it is on disk; null if it is not there. */
  readonly saved: string | null;
};

/** Lines before they are in a composer. */
export type CodeQuote = NewAttachment & { readonly part: CodePart };

/** The keyed hashes of one message. */
export type QuoteHashes = {
  readonly salt: Token;
  readonly hashLine: LineHash;
  readonly tag: (text: string) => string;
};

/** Lines before and after the quoted ones whose hashes are sent. */
const AROUND = 8;

/** Characters of a file beyond which it is not compared with its commit. */
const COMPARED = 4_000_000;

/**
 * @param wanted counted from 0
 * @returns `blank`: there is nothing to read on these lines; `long`: they do not fit a message
 */
export function quoteLines(
  file: QuotedFile,
  wanted: Span,
  { salt, hashLine, tag }: QuoteHashes,
): Result<CodeQuote, "blank" | "long"> {
  const all = linesOf(file.text.replace(/^\ufeff/, ""));
  const lines = { from: Math.max(0, wanted.from), to: Math.min(wanted.to, all.length - 1) };
  const text = all.slice(lines.from, lines.to + 1).join("\n");
  if (text.length > limits.textBytes) return err("long");
  if (isBlank(text)) return err("blank");
  // Lone surrogates cannot be encoded.
  const code = text.replace(/\p{Surrogate}/gu, "\ufffd");
  const hashes = (from: number, to: number): string =>
    all
      .slice(Math.max(0, from), to)
      .map((line) => hexOf(hashLine(normalized(line))))
      .join("");
  const base = baseOf(file, all, lines);
  const part = {
    kind: "code" as const,
    path: sendablePath(file.path),
    range: { from: lines.from + 1, to: lines.to + 1 },
    ...(/^[\w+#.-]{1,40}$/.test(file.language) ? { language: file.language } : {}),
    salt,
    before: hashes(lines.from - AROUND, lines.from),
    after: hashes(lines.to + 1, lines.to + 1 + AROUND),
    ...(base === null
      ? {}
      : { base: { tag: tag(file.committed ?? ""), from: base.from + 1, to: base.to + 1 } }),
    ...(isUnsaved(file) ? { unsaved: true as const } : {}),
  };
  const written = writeCode({ words: "", heading: "", code }, part);
  const whole = v.safeParse(CodePart, { ...part, at: written.at });
  if (!whole.success) throw new Error(`Not a part: ${JSON.stringify(v.flatten(whole.issues))}`);
  const isLong =
    utf8Length(written.text) > limits.textBytes ||
    utf8Length(JSON.stringify({ ...part, at: limits.textBytes })) > limits.partBytes;
  return isLong ? err("long") : ok({ part: whole.output, heading: "", code });
}

/** Where the lines are in the committed file: only if all of them are there, together. */
function baseOf({ committed, text }: QuotedFile, all: readonly string[], lines: Span): Span | null {
  if (committed === null || committed.length > COMPARED || text.length > COMPARED) return null;
  const base = linesOf(committed.replace(/^\ufeff/, ""));
  const nothingEdited = { from: 0, to: -1 };
  const { to } = finished(lineMap(all.map(normalized), base.map(normalized), nothingEdited, newWork()));
  const first = to[lines.from] ?? -1;
  if (first < 0) return null;
  for (let line = lines.from; line <= lines.to; line += 1) {
    if (to[line] !== first + line - lines.from) return null;
  }
  return { from: first, to: first + lines.to - lines.from };
}

function isUnsaved({ committed, saved, text }: QuotedFile): boolean {
  const former = committed ?? saved;
  return former === null || comparable(former) !== comparable(text);
}

/** Without the differences that editors and git make automatically. */
function comparable(text: string): string {
  return text.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n");
}

/** The path if it may be sent, or else the file's name, without the characters that may not. */
export function sendablePath(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const tidy = name
    .replace(/[\\:\p{C}\p{Zl}\p{Zp}]/gu, "_")
    .slice(-255)
    .trim();
  return [path, tidy].find((each) => v.is(CodePath, each)) ?? "file";
}

function hexOf(hash: number): string {
  return hash.toString(16).padStart(4, "0");
}
