// How much of a long text a message can quote. The rest of the message's room is for the author's own words.
import { utf8Length } from "../../../protocol/codec.ts";
import { limits } from "../../../protocol/limits.ts";

/** UTF-8 bytes left for the author's words, the heading and the place. */
const ROOM_FOR_WORDS = 4 * 1024;
/** UTF-8 bytes of the quoted lines. */
export const QUOTED_BYTES = limits.textBytes - ROOM_FOR_WORDS;

const CUT = "…";

/** The first lines that fit, with a mark if lines are missing. */
export function firstLines(text: string, most: number, bytes = QUOTED_BYTES): string {
  const lines = text.split("\n", most + 1);
  const kept = fitting(lines.slice(0, most), bytes);
  const isWhole = kept.length === lines.length;
  return (isWhole ? kept : [...kept, CUT]).join("\n");
}

/** The last lines that fit, with a mark if lines are missing. */
export function lastLines(text: string, most: number, bytes = QUOTED_BYTES): string {
  const lines = text.split("\n");
  const kept = fitting(lines.slice(-most).reverse(), bytes).reverse();
  const isWhole = kept.length === lines.length;
  return (isWhole ? kept : [CUT, ...kept]).join("\n");
}

/** A text as one line of at most so many UTF-16 units, without control characters. */
export function oneLine(text: string, most: number): string {
  const line = text
    .slice(0, 8 * most)
    .replace(/[\s\p{Cc}]+/gu, " ")
    .replace(/\p{Surrogate}/gu, "\ufffd")
    .trim();
  if (line.length <= most) return line;
  return `${line.slice(0, most - CUT.length).replace(/[\ud800-\udbff]$/, "")}${CUT}`;
}

/** Lines from the start of the list until they no longer fit. A single line that is too long is cut. */
function fitting(lines: readonly string[], bytes: number): string[] {
  let left = bytes - utf8Length(CUT) - 1;
  const kept: string[] = [];
  for (const line of lines) {
    // A line of so many UTF-16 units has at least as many bytes: no need to count them.
    const size = line.length > left ? Infinity : utf8Length(line) + 1;
    if (size > left) break;
    kept.push(line);
    left -= size;
  }
  const [first] = lines;
  if (kept.length > 0 || first === undefined) return kept;
  // A UTF-16 unit has at most three bytes. A surrogate pair is not split.
  return [first.slice(0, Math.floor(left / 3)).replace(/[\ud800-\udbff]$/, "")];
}
