// Applies hunks to a text without their base, by the lines around each change.
import type { HunksOfText } from "../../../protocol/changes.ts";
import { blocksOf } from "./hunks.ts";
import type { Steps } from "./lineChanges.ts";
import { linesWithBreaks, plain } from "./textLines.ts";

/**
 * One's own text without the change and with it, in LF and without a byte order mark. Only where that is sure: the lines of each hunk,
 * as they were or as they have become, stand in the text exactly once, and in order.
 */
export function placeHunks(
  mine: string,
  change: HunksOfText,
  steps: Steps,
): { readonly base: string; readonly theirs: string } | null {
  // How the whole file is written cannot be told from some of its lines.
  if (change.was.eol !== change.is.eol || change.was.bom !== change.is.bom) return null;
  const lines = linesWithBreaks(plain(mine));
  const [base, theirs]: [string[], string[]] = [[], []];
  let end = 0;
  for (const block of blocksOf(change)) {
    const [was, is] = [block.was, block.is].map((side) => side.map(plain));
    const found = placeOf(was ?? [], is ?? [], lines, steps);
    if (found === null || found.from < end) return null;
    const between = lines.slice(end, found.from);
    base.push(...between, ...(was ?? []));
    theirs.push(...between, ...(is ?? []));
    end = found.to;
  }
  const rest = lines.slice(end).join("");
  return { base: base.join("") + rest, theirs: theirs.join("") + rest };
}

/** The longer block decides: the lines of an insertion at the end of a file, for instance, begin with those before it. */
function placeOf(
  was: readonly string[],
  is: readonly string[],
  lines: readonly string[],
  steps: Steps,
): { readonly from: number; readonly to: number } | null {
  const [long, short] = was.length > is.length ? [was, is] : [is, was];
  if (short.length === 0) return null;
  const [longPlaces, shortPlaces] = [placesOf(long, lines, steps), placesOf(short, lines, steps)];
  if (steps.left <= 0) return null;
  const [from, ...others] = longPlaces.length > 0 ? longPlaces : shortPlaces;
  if (from === undefined || others.length > 0) return null;
  const to = from + (longPlaces.length > 0 ? long.length : short.length);
  const isInside = (place: number): boolean => place >= from && place + short.length <= to;
  return shortPlaces.every(isInside) ? { from, to } : null;
}

function placesOf(block: readonly string[], lines: readonly string[], steps: Steps): number[] {
  const places: number[] = [];
  for (let at = 0; at + block.length <= lines.length && steps.left > 0; at += 1) {
    let same = 0;
    while (same < block.length && lines[at + same] === block[same]) same += 1;
    steps.left -= same + 1;
    if (same === block.length) places.push(at);
  }
  return places;
}
