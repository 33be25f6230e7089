// What a name looks like: by the skeleton of Unicode's UTS #39, whatever its case. Two names look alike when they share a look.
import unhomoglyph from "unhomoglyph";
import { nameKey } from "./names.ts";

/** After so many rounds no character of a name changes any more. */
const ROUNDS = 3;

/** Blocks whose letters are written from right to left. */
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const letters = /[\p{L}\p{M}]/gu;
const noLetters = /[^\p{L}\p{M}]/gu;

/**
 * Of a name that `parseName` has taken: what it looks like as it is written; in small letters (`Iris` looks like `lris`, and is
 * the same name as `iris`); and, of what is written from right to left, in whatever order it is drawn.
 */
export function looksOf(name: string): readonly string[] {
  const looks = new Set([lookOf(name), lookOf(nameKey(name))]);
  if (isReordered(name)) looks.add(lookInAnyOrder(name));
  return [...looks];
}

/** Whether numbers and signs of the name can be drawn elsewhere than they stand: `2_א` and `א_2` are drawn alike. */
export function isReordered(name: string): boolean {
  return rightToLeft.test(name);
}

/** The letters, and behind them everything else. */
function lookInAnyOrder(name: string): string {
  const others = Array.from(lookOf(name.replace(letters, "")));
  return lookOf(name.replace(noLetters, "")) + others.sort().join("");
}

/** Again and again: what is made small can look like something else once more, as `M`, `m` and `rn`. */
function lookOf(name: string): string {
  let look = name;
  for (let round = 0; round < ROUNDS; round++) {
    const next = nameKey(skeleton(look));
    if (next === look) break;
    look = next;
  }
  return look;
}

function skeleton(text: string): string {
  return unhomoglyph(text.normalize("NFD")).normalize("NFD");
}
