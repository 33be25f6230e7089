// What a name looks like: the skeleton of Unicode's UTS #39, ignoring case. Two names look alike when they share a
// look.
import unhomoglyph from "unhomoglyph";
import { nameKey } from "./names.ts";

/** Rounds after which no name changes any more. */
const ROUNDS = 3;

/** Blocks whose letters are written from right to left. */
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const letters = /[\p{L}\p{M}]/gu;
const noLetters = /[^\p{L}\p{M}]/gu;

/**
 * Letters of scripts that names may mix, which look alike but are not in the table of UTS #39; in the form that the
 * table produces.
 */
const pairs: ReadonlyMap<string, string> = new Map(
  (
    "ㄧー ㄚ丫 ㄙ厶 ㄟ乀 ㄅ勹 ㄈ匚 ㄏ厂 ㄐ丩 ㄑ巜 ㄒ丅 ㄕ尸 ㄖ日 ㄠ幺 ㄡ又 ㄢ马 ㄤ尢 ㄦ儿 ㄨ乂 ㄩ凵 ㄇ冂 ㄉ刀 ㄌ力 ㄋ乃 ㄍ巛 ㄎ丂 ㄓ屮 ㄗ卩 " +
    "リり ミ三 チ千 セせ ヒ匕 オ才 ナ十 メ乂 ム厶 ヨ彐 ェ工 ヵ力 丨l ᄆ口 ᅩ丄 ᅮ丅 ᅡ卜 ᄉ人 ᄃ匚 ᄋo"
  )
    .split(" ")
    .map((pair) => [pair.slice(0, 1), pair.slice(1)] as const),
);
const pairedLetters = new RegExp(`[${[...pairs.keys()].join("")}]`, "gu");

/**
 * The looks of a name that `parseName` accepts: as written; in lower case (`Iris` looks like `lris`, and is the same
 * name as `iris`); and, for right-to-left scripts, in any order in which it may be drawn.
 */
export function looksOf(name: string): readonly string[] {
  const looks = new Set([lookOf(name), lookOf(nameKey(name))]);
  if (isReordered(name)) looks.add(lookInAnyOrder(name));
  return [...looks];
}

/** Whether digits and signs of the name may be drawn in another place: `2_א` and `א_2` look alike. */
export function isReordered(name: string): boolean {
  return rightToLeft.test(name);
}

/** The letters first, then everything else. */
function lookInAnyOrder(name: string): string {
  const others = Array.from(lookOf(name.replace(letters, "")));
  return lookOf(name.replace(noLetters, "")) + others.sort().join("");
}

/** Repeated, because lower case can look like something else again: `M`, `m` and `rn`. */
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
  return withoutFineMarks(unhomoglyph(text.normalize("NFD")).normalize("NFD")).replace(
    pairedLetters,
    (letter) => pairs.get(letter) ?? letter,
  );
}

/**
 * Ignores what cannot be told apart: a second dot on a letter, a repeated mark, and the length or slant of a line
 * through a letter.
 */
function withoutFineMarks(text: string): string {
  return text
    .replace(/[\u0334-\u0338]/gu, "\u0338")
    .replace(/(\p{Soft_Dotted}\p{M}*?)\u0307+/gu, "$1")
    .replace(/(\p{M})\1+/gu, "$1");
}
