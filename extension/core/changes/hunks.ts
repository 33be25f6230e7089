// The difference between two texts as hunks, and a text with them applied.
import { CONTEXT_LINES, type Hunk, type HunkSide, type HunksOfText } from "../../../protocol/changes.ts";
import { lineChanges, newSteps, type LineChange, type Steps } from "./lineChanges.ts";
import { lineEndingOf, linesWithBreaks, withBom, withLineEnding } from "./textLines.ts";

/** A file's text, without a byte order mark in it, and how it is written to disk. */
export type FileText = { readonly text: string; readonly encoding: string; readonly bom: boolean };

/** @returns null for files without a difference */
export function hunksOf(was: FileText, is: FileText, steps: Steps = newSteps()): HunksOfText | null {
  const [old, now] = [was, is].map(({ text, bom }) => linesWithBreaks(withBom(text, bom)));
  const [base, side] = [old ?? [], now ?? []];
  const groups: LineChange[][] = [];
  for (const change of lineChanges(base, side, steps)) {
    const last = groups.at(-1)?.at(-1);
    const isNear = last !== undefined && change.base - last.base - last.baseLines <= 2 * CONTEXT_LINES;
    if (isNear) groups.at(-1)?.push(change);
    else groups.push([change]);
  }
  if (groups.length === 0 && was.encoding === is.encoding) return null;
  const hunks = groups.map((group) => hunkOf(group, base, side));
  return { as: "hunks", was: sideOf(was, base), is: sideOf(is, side), hunks };
}

function sideOf({ text, encoding, bom }: FileText, lines: readonly string[]): HunkSide {
  const last = lines.at(-1);
  const open = last !== undefined && !last.endsWith("\n");
  return { encoding, bom, eol: lineEndingOf(text), lines: lines.length, open };
}

function hunkOf(group: readonly LineChange[], base: readonly string[], side: readonly string[]): Hunk {
  const first = group[0]?.base ?? 0;
  const was = Math.max(0, first - CONTEXT_LINES);
  const lines: string[] = [];
  const add = (sign: string, from: readonly string[], at: number, count: number): void => {
    for (const line of from.slice(at, at + count)) lines.push(sign + withoutBreak(line));
  };
  let at = was;
  for (const change of group) {
    add(" ", base, at, change.base - at);
    add("-", base, change.base, change.baseLines);
    add("+", side, change.side, change.sideLines);
    at = change.base + change.baseLines;
  }
  add(" ", base, at, CONTEXT_LINES);
  return { was, is: (group[0]?.side ?? 0) - first + was, body: lines.join("\n") };
}

function withoutBreak(line: string): string {
  return line.endsWith("\n") ? line.slice(0, -1) : line;
}

/** A hunk's lines before and after it, with their line breaks. */
export type HunkBlock = {
  readonly at: number;
  readonly was: readonly string[];
  readonly is: readonly string[];
};

export function blocksOf({ was, is, hunks }: HunksOfText): HunkBlock[] {
  return hunks.map((hunk) => {
    const lines = hunk.body.split("\n");
    const side = (sign: string, from: number, whole: HunkSide): string[] =>
      lines
        .filter((line) => line.startsWith(sign) || line.startsWith(" "))
        .map((line, i) => line.slice(1) + (whole.open && from + i === whole.lines - 1 ? "" : "\n"));
    return { at: hunk.was, was: side("-", hunk.was, was), is: side("+", hunk.is, is) };
  });
}

/**
 * The text after the change. The base may have other line endings than the sender's, and no byte order mark: git and editors change
 * these.
 * @returns null if the text is not the base of these hunks
 */
export function withHunks(base: string, change: HunksOfText): FileText | null {
  const { was, is } = change;
  const lines = linesWithBreaks(withLineEnding(withBom(base, was.bom), was.eol));
  if (lines.length !== was.lines) return null;
  const result: string[] = [];
  let at = 0;
  for (const block of blocksOf(change)) {
    for (; at < block.at; at += 1) result.push(lines[at] ?? "");
    for (const line of block.was) if (lines[at++] !== line) return null;
    for (const line of block.is) result.push(line);
  }
  for (; at < lines.length; at += 1) result.push(lines[at] ?? "");
  return { text: withBom(result.join(""), false), encoding: is.encoding, bom: is.bom };
}
