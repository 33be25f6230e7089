// Both sides of a changed file as texts to compare.
import type { FileChange, HunksOfText } from "../../../protocol/changes.ts";
import { bytesIn } from "./base64.ts";
import { blocksOf, withHunks } from "./hunks.ts";
import type { Steps } from "./lineChanges.ts";
import type { FileHere, OwnFiles } from "./plan.ts";
import { placeHunks } from "./placeHunks.ts";
import { withBom } from "./textLines.ts";

/** Null where there is no file. A binary file has its number of bytes in place of a text. */
export type ReviewSides = {
  readonly was: string | { readonly bytes: number } | null;
  readonly is: string | { readonly bytes: number } | null;
  /** Only the changed lines and those around them are known. */
  readonly isPart: boolean;
};

/** Between parts of a file whose lines between them are not known. */
const GAP = "⋯\n";

/** @param steps of the whole set */
export function reviewSides(
  change: FileChange,
  { files, bases }: Pick<OwnFiles, "files" | "bases">,
  steps: Steps,
): ReviewSides {
  const { content } = change;
  const old = "oldPath" in change ? change.oldPath : change.path;
  if (content === undefined) {
    const own = files.get(old) ?? files.get(change.path);
    const side = own === undefined ? "" : sideOf(own);
    return { was: side, is: side, isPart: own === undefined };
  }
  switch (content.as) {
    case "hunks":
      return sidesOfHunks(content, bases.get(old), files.get(old) ?? files.get(change.path), steps);
    case "text": {
      const isAdded = change.kind === "added";
      return { was: isAdded ? null : content.text, is: isAdded ? content.text : null, isPart: false };
    }
    case "binary": {
      if ("was" in content) return { was: sizeOf(content.was), is: sizeOf(content.is), isPart: false };
      const side = sizeOf(content.bytes);
      return change.kind === "added"
        ? { was: null, is: side, isPart: false }
        : { was: side, is: null, isPart: false };
    }
  }
}

function sideOf(own: FileHere): string | { readonly bytes: number } {
  if ("text" in own) return own.text;
  return { bytes: "size" in own ? own.size : own.bytes.length };
}

/** With all lines where the file before the change is here, or the place of each hunk is sure. */
function sidesOfHunks(
  change: HunksOfText,
  base: string | undefined,
  mine: FileHere | undefined,
  steps: Steps,
): ReviewSides {
  const after = base === undefined ? null : withHunks(base, change);
  if (base !== undefined && after !== null)
    return { was: withBom(base, false), is: after.text, isPart: false };
  const placed = mine !== undefined && "text" in mine ? placeHunks(mine.text, change, steps) : null;
  if (placed !== null) return { was: placed.base, is: placed.theirs, isPart: false };
  const blocks = blocksOf(change);
  const side = (of: "was" | "is"): string =>
    blocks.map((block) => withBom(block[of].join(""), false)).join(GAP);
  return { was: side("was"), is: side("is"), isPart: true };
}

function sizeOf(base64: string): { readonly bytes: number } {
  return { bytes: bytesIn(base64) };
}
