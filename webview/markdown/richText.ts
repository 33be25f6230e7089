// Reads a message's text into what the page can show of it. Kept for texts that were shown lately.
import { mayRefer } from "../../protocol/findReferences.ts";
import { chatText, isPlain } from "./chatText.ts";
import { highlighted } from "./highlight.ts";
import type { Rich } from "./rich.ts";

/** A reader who switches between sessions sees the same texts again. */
const KEPT_TEXTS = 500;
const KEPT_CHARACTERS = 500_000;
const kept = new Map<string, readonly Rich[] | null>();
let keptCharacters = 0;

/** The cached result for a text; undefined if it has to be parsed. */
export function knownText(text: string): readonly Rich[] | null | undefined {
  const known = kept.get(text);
  return known === undefined && isPlain(text) && !mayRefer(text) ? null : known;
}

/** Null if the text is shown as plain text. Expects a text whose control characters are already visible. */
export function richText(text: string): readonly Rich[] | null {
  const known = knownText(text);
  if (known !== undefined) return known;
  const rich = chatText(text, highlighted);
  kept.set(text, rich);
  keptCharacters += text.length;
  for (const oldest of kept.keys()) {
    if (kept.size <= KEPT_TEXTS && keptCharacters <= KEPT_CHARACTERS) break;
    kept.delete(oldest);
    keptCharacters -= oldest.length;
  }
  return rich;
}
