// Chooses the texts of a log to parse first, if there may not be time for all: the newest, which its reader most likely
// sees.
import type { Chunks } from "../store/chunks.ts";
import { parsedTexts } from "../markdown/card.ts";

/** More than fit on the screen. */
const AHEAD = 40;

/** The visible texts of messages that `former` did not contain, newest first. */
export function newTexts(
  chunks: Chunks,
  former: Chunks | null,
  isOpen: (index: number) => boolean,
): string[] {
  const texts: string[] = [];
  for (const chunk of chunks.list.toReversed()) {
    for (let at = chunk.entries.length - 1; at >= 0 && texts.length < AHEAD; at--) {
      const entry = chunk.entries[at];
      const index = chunk.index + at;
      if (former !== null && index >= former.first && index < former.end) continue;
      if (entry?.kind !== "message" || entry.retracted === true) continue;
      texts.push(...parsedTexts(entry, isOpen(index)));
    }
  }
  return texts;
}
