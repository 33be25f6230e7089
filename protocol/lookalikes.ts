// What a name looks like: by the skeleton of Unicode's UTS #39, whatever its case. Two names look alike when they share a look.
import unhomoglyph from "unhomoglyph";
import { nameKey } from "./names.ts";

/** After so many rounds no character of a name changes any more. */
const ROUNDS = 3;

/** Blocks whose letters are written from right to left. */
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const letters = /[\p{L}\p{M}]/gu;
const noLetters = /[^\p{L}\p{M}]/gu;

/** Letters of scripts that names may mix, drawn alike and not in the table of UTS #39; by what that makes of them. */
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
  return withoutFineMarks(unhomoglyph(text.normalize("NFD")).normalize("NFD")).replace(
    pairedLetters,
    (letter) => pairs.get(letter) ?? letter,
  );
}

/** A dot on a letter that has one, a mark twice, and the length or slant of a line through a letter cannot be told apart. */
function withoutFineMarks(text: string): string {
  return text
    .replace(/[\u0334-\u0338]/gu, "\u0338")
    .replace(/(\p{Soft_Dotted}\p{M}*?)\u0307+/gu, "$1")
    .replace(/(\p{M})\1+/gu, "$1");
}
