// Emoji with their names on GitHub, for the composer's completion and the reaction picker. Pure.
import { gemoji } from "gemoji";

export type Emoji = { readonly name: string; readonly text: string };

/** Shown before a search. */
export const commonReactions = ["👍", "❤️", "😄", "🎉", "👀", "✅", "🙏", "🚀"] as const;

export const emoji: readonly Emoji[] = gemoji.flatMap(({ emoji: text, names }) =>
  names.map((name) => ({ name, text })),
);

/**
 * Emoji with a name, or a later word of it, that begins with the typed text: the exact name first, then names that
 * begin with it. Each emoji once, at most `most`.
 */
export function findEmoji(typed: string, most: number): Emoji[] {
  const key = typed.toLowerCase();
  const found = new Map<string, Emoji>();
  for (const fits of [
    (name: string) => name === key,
    (name: string) => name.startsWith(key),
    (name: string) => name.includes(`_${key}`),
  ]) {
    for (const one of emoji) {
      if (found.size === most) return [...found.values()];
      if (!found.has(one.text) && fits(one.name)) found.set(one.text, one);
    }
  }
  return [...found.values()];
}
