// Merges the change of a text into another version of it.
import type { LineEnding } from "../../../protocol/changes.ts";
import { joinChanges, type LineConflict, type MergePart, type Stretch } from "./joinChanges.ts";
import { lineChanges, newSteps, type Steps } from "./lineChanges.ts";
import { hasBom, lineEndingOf, linesWithBreaks, withBom, withLf, withLineEnding } from "./textLines.ts";

export type Merge =
  /** One's own text has the change. */
  | { readonly kind: "already" }
  | { readonly kind: "merged"; readonly text: string }
  | {
      readonly kind: "conflict";
      readonly conflicts: readonly LineConflict[];
      /** The merged text, with both versions of the conflicting lines between markers. */
      readonly marked: (labels: Labels) => string;
    };

/** What the markers call the two versions. */
type Labels = { readonly mine: string; readonly theirs: string };

/** One's own line endings and byte order mark stay, unless the change is about these. */
export function mergeFile(base: string, mine: string, theirs: string, steps: Steps = newSteps()): Merge {
  const style = styleOf(base, mine, theirs);
  const texts = { mine: linesOf(mine), theirs: linesOf(theirs) };
  const parts = partsOf(linesOf(base), texts, style, steps);
  const conflicts = parts.filter((part) => "base" in part);
  const textWith = (labels: Labels): string => {
    const lines = parts.flatMap((part) =>
      "of" in part ? taken(texts[part.of], part.lines) : marked(part, texts, labels),
    );
    return withBom(withLineEnding(lines.join(""), style.eol), style.bom);
  };
  if (conflicts.length > 0) return { kind: "conflict", conflicts, marked: textWith };
  const text = textWith({ mine: "", theirs: "" });
  return text === mine ? { kind: "already" } : { kind: "merged", text };
}

/** Whether one's own text has the change: it can be undone there, and made again with the same result. */
export function hasChange(base: string, mine: string, theirs: string, steps: Steps = newSteps()): boolean {
  const without = mergeFile(theirs, mine, base, steps);
  if (without.kind !== "merged") return false;
  const again = mergeFile(base, without.text, theirs, steps);
  return again.kind === "merged" && again.text === mine;
}

type Style = {
  /** The line ending of the result. Where it is mixed, each line keeps its own. */
  readonly eol: LineEnding;
  readonly bom: boolean;
  /** Whether lines that differ only in their line breaks are different ones. */
  readonly isExact: boolean;
};

function styleOf(base: string, mine: string, theirs: string): Style {
  const [was, own, is] = [base, mine, theirs].map(lineEndingOf);
  const bom = hasBom(theirs) === hasBom(base) ? hasBom(mine) : hasBom(theirs);
  // Single line breaks can be changed only where all of them are as they were before the change, or as they are after it.
  if (is === "mixed" && (own === was || own === is)) return { eol: "mixed", bom, isExact: true };
  const isChange = is !== was && was !== "none" && (is === "lf" || is === "crlf");
  return { eol: (isChange ? is : own) ?? "none", bom, isExact: false };
}

function linesOf(text: string): string[] {
  return linesWithBreaks(withBom(text, false));
}

type Texts = { readonly mine: readonly string[]; readonly theirs: readonly string[] };

function partsOf(base: readonly string[], texts: Texts, { isExact }: Style, steps: Steps): MergePart[] {
  const compared = (lines: readonly string[]): readonly string[] => (isExact ? lines : lines.map(withLf));
  const [was, mine, theirs] = [compared(base), compared(texts.mine), compared(texts.theirs)];
  const side = (lines: readonly string[]) => ({
    changes: lineChanges(was, lines, steps),
    lines: lines.length,
  });
  return joinChanges(base.length, side(mine), side(theirs)).map((part) => {
    const isSame = "base" in part && taken(mine, part.mine).join("") === taken(theirs, part.theirs).join("");
    return isSame ? { of: "mine", lines: part.mine } : part;
  });
}

function taken(lines: readonly string[], { from, lines: count }: Stretch): readonly string[] {
  return lines.slice(from, from + count);
}

function marked({ mine, theirs }: LineConflict, texts: Texts, labels: Labels): readonly string[] {
  const closed = (lines: readonly string[]): readonly string[] =>
    lines.map((line) => (line.endsWith("\n") ? line : `${line}\n`));
  return [
    `<<<<<<< ${labels.mine}\n`,
    ...closed(taken(texts.mine, mine)),
    "=======\n",
    ...closed(taken(texts.theirs, theirs)),
    `>>>>>>> ${labels.theirs}\n`,
  ];
}
