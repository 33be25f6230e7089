// Joins the changes that two sides have made to the same lines, with node-diff3.
import { diff3MergeRegions } from "node-diff3";
import type { LineChange } from "./lineChanges.ts";

export type Stretch = { readonly from: number; readonly lines: number };

/** The same lines, as they are in each version. */
export type LineConflict = { readonly base: Stretch; readonly mine: Stretch; readonly theirs: Stretch };

/** A part of the result: lines of one side, or a conflict. */
export type MergePart = { readonly of: "mine" | "theirs"; readonly lines: Stretch } | LineConflict;

/** The changes of one side, and how many lines it has. */
export type ChangedSide = { readonly changes: readonly LineChange[]; readonly lines: number };

/**
 * node-diff3 gets a number for each stretch of the base that neither side has changed in part, so it works on a few numbers for each
 * change, however long the text is.
 */
export function joinChanges(baseLines: number, mine: ChangedSide, theirs: ChangedSide): MergePart[] {
  const ends = [...mine.changes, ...theirs.changes].flatMap((change) => [
    change.base,
    change.base + change.baseLines,
  ]);
  const cuts = [...new Set([0, ...ends, baseLines])].sort((one, other) => one - other);
  const base = { pieces: cuts.slice(1).map((_, i) => i), starts: cuts };
  const [own, other] = [piecesOf(cuts, mine), piecesOf(cuts, theirs)];
  return diff3MergeRegions(own.pieces, base.pieces, other.pieces).map((region): MergePart => {
    if (!region.stable)
      return {
        base: stretch(base, region.oStart, region.oLength),
        mine: stretch(own, region.aStart, region.aLength),
        theirs: stretch(other, region.bStart, region.bLength),
      };
    const { buffer, bufferStart, bufferLength } = region;
    if (buffer === "b") return { of: "theirs", lines: stretch(other, bufferStart, bufferLength) };
    // What neither side has changed is taken from one's own text.
    const start = buffer === "a" ? bufferStart : own.pieces.indexOf(bufferStart);
    return { of: "mine", lines: stretch(own, start, bufferLength) };
  });
}

/** `starts` has the first line of each piece, and the end of the last one. */
type Pieces = { readonly pieces: number[]; readonly starts: readonly number[] };

/** Lines that are not in the base. */
const NEW = -1;

function piecesOf(cuts: readonly number[], { changes, lines }: ChangedSide): Pieces {
  const [pieces, starts]: [number[], number[]] = [[], []];
  let [next, end, shift] = [0, 0, 0];
  for (const [i, cut] of cuts.entries()) {
    const change = changes[next];
    if (change?.base === cut) {
      pieces.push(NEW);
      starts.push(change.side);
      end = cut + change.baseLines;
      shift = change.side + change.sideLines - end;
      next += 1;
    }
    if (cut < end || i === cuts.length - 1) continue;
    pieces.push(i);
    starts.push(cut + shift);
  }
  return { pieces, starts: [...starts, lines] };
}

function stretch({ starts }: Pieces, piece: number, count: number): Stretch {
  const from = starts[piece] ?? 0;
  return { from, lines: (starts[piece + count] ?? 0) - from };
}
