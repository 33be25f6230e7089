// Assigns each author one of the theme's colors, the same in every window. Pure.
import { nameKey } from "../../protocol/names.ts";

/** Colors declared in panel.css as `.author-0` and on. */
const COLOURS = 6;

/** The class with an author's color. */
export function authorClass(name: string): string {
  let hash = 0;
  for (const character of nameKey(name)) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 65_521;
  return `author-${String(hash % COLOURS)}`;
}
