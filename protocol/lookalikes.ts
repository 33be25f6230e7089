// What a name looks like, in any case: the skeleton of Unicode's UTS #39, and some more rules. Two names look alike when
// they share a look.
import unhomoglyph from "unhomoglyph";
import { nameKey } from "./names.ts";

/** After so many rounds no character of a name changes any more. */
const ROUNDS = 4;

/** Blocks whose letters are written from right to left. */
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const letters = /[\p{L}\p{M}]/gu;
const noLetters = /[^\p{L}\p{M}]/gu;

/** Letters that are drawn alike and are not in the table of UTS #39; by what that makes of them. */
const pairs: ReadonlyMap<string, string> = new Map(
  [
    // Of scripts that names may mix.
    "ㄧー ㄚ丫 ㄙ厶 ㄟ乀 ㄅ勹 ㄈ匚 ㄏ厂 ㄐ丩 ㄑ巜 ㄒ丅 ㄕ尸 ㄖ日 ㄠ幺 ㄡ又 ㄢ马 ㄤ尢 ㄦ儿 ㄨ乂 ㄩ凵 ㄇ冂 ㄉ刀 ㄌ力 ㄋ乃 ㄍ巛 ㄎ丂 ㄓ屮 ㄗ卩",
    "リり ミ三 チ千 セせ ヒ匕 オ才 ナ十 メ乂 ム厶 ヨ彐 ェ工 ヵ力 丨l ᄆ口 ᅩ丄 ᅮ丅 ᅡ卜 ᄉ人 ᄃ匚 ᄋo ー-",
    // Small kana, and ideographs that differ in the length of a stroke.
    "ァア ィイ ゥウ ォ才 ッツ ャヤ ュユ ョヨ ヮワ ヶケ ぁあ ぃい ぅう ぇえ ぉお っつ ゃや ゅゆ ょよ ゎわ ゕか ゖけ",
    "曰日 已己 巳己 末未 士土 戌戊 戍戊",
    // Small capitals are what capitals look like; letters of other scripts are mapped to them.
    "ᴀa ʙb ƅb ᴅd ᴇe ꜰf ɢg ʜh ᴊj ĸk ʟl ʍm ɴn ᴘp ꞯq ʀr ᴛt πn ŋn",
  ]
    .join(" ")
    .split(" ")
    .map((pair) => [pair.slice(0, 1), pair.slice(1)] as const),
);
const pairedLetters = new RegExp(`[${[...pairs.keys()].join("")}]`, "gu");

/** Strokes that lengthen a letter, and apostrophes and similar signs that count as letters: they are hardly visible. */
const hardlySeen =
  /[\u0640\u07fa\u02b9-\u02c1\u02c6-\u02d1\u02ec\u02ee\u0559\u07f4\u07f5\u2e2f\ua717-\ua71f\ua788\ua78b\ua78c]/gu;

/** A small letter of the Caucasus that the table takes for an `i`, and most fonts draw as an `l`. */
const PALOCHKA = "ӏ";
/** A script whose small letters are drawn as small capitals. */
const cherokee = /\p{Script=Cherokee}/u;

/**
 * What a name that `parseName` accepted looks like: as it is written; in small letters (`Iris` looks like `lris`, and is the
 * same name as `iris`); without signs that are hardly visible; and, for right-to-left text, in any order in which it is drawn.
 */
export function looksOf(name: string): readonly string[] {
  const spellings = [name, ...inSmallLetters(name)];
  const plain = withoutNeedlessSigns(name);
  if (plain !== name) spellings.push(plain, ...inSmallLetters(plain));
  const looks = new Set(spellings.map(lookOf));
  if (isReordered(name)) looks.add(lookInAnyOrder(plain));
  return [...looks];
}

/** Which letters they are drawn with depends on the font. */
function inSmallLetters(name: string): string[] {
  const small = nameKey(name);
  const spellings = [small];
  if (small.includes(PALOCHKA)) spellings.push(small.replaceAll(PALOCHKA, "l"));
  if (cherokee.test(small)) spellings.push(small.toUpperCase());
  return spellings;
}

/** Whether numbers and signs of the name can be drawn elsewhere than they stand: `2_א` and `א_2` are drawn alike. */
export function isReordered(name: string): boolean {
  return rightToLeft.test(name);
}

/** @returns whether a name looks like one of these words. They are in small letters, and no user may have them as a name. */
export function readsAsOneOf(words: readonly string[]): (name: string) => boolean {
  const looks = new Set(words.map(lookOf));
  // In capitals and small letters as they are: `ALI` does not read as `all`.
  const drawn = new Set(
    words
      .flatMap((word) => [word.slice(0, 1).toUpperCase() + word.slice(1), word.toUpperCase()])
      .map(drawnAs),
  );
  for (const word of words) drawn.add(drawnAs(word));
  return (name) => {
    const plain = withoutNeedlessSigns(name).replace(/[_.-]/gu, "");
    return drawn.has(drawnAs(plain)) || inSmallLetters(plain).some((small) => looks.has(lookOf(small)));
  };
}

/** A row of one sign looks like a shorter one, and a dot at the end like that of a sentence. */
function withoutNeedlessSigns(name: string): string {
  return name
    .replace(hardlySeen, "")
    .replace(/([_.-])\1+/gu, "$1")
    .replace(/^\.|[.\ua4f8]$/gu, "");
}

/** The letters, and behind them everything else. */
function lookInAnyOrder(name: string): string {
  const others = Array.from(lookOf(name.replace(letters, "")));
  return lookOf(name.replace(noLetters, "")) + others.sort().join("");
}

/** Repeated, because lower case can look like something else again: `M`, `m` and `rn`. */
function lookOf(name: string): string {
  return settled(name, (look) => nameKey(skeleton(look)));
}

/** In capitals and small letters as they are. */
function drawnAs(text: string): string {
  return settled(text, skeleton);
}

function settled(text: string, step: (text: string) => string): string {
  let look = text;
  for (let round = 0; round < ROUNDS; round++) {
    const next = step(look);
    if (next === look) break;
    look = next;
  }
  return look;
}

function skeleton(text: string): string {
  return withoutFineMarks(unhomoglyph(text.normalize("NFD")).normalize("NFD"))
    .replace(pairedLetters, (letter) => pairs.get(letter) ?? letter)
    .replace(/vv/gu, "w")
    .replace(/VV/gu, "W");
}

/**
 * A dot on a letter that has one, a mark twice, the length or slant of a line through a letter, and the leg of an `η` cannot be
 * told apart.
 */
function withoutFineMarks(text: string): string {
  return text
    .replace(/[\u0334-\u0338]/gu, "\u0338")
    .replace(/(\p{Soft_Dotted}\p{M}*?)\u0307+/gu, "$1")
    .replace(/n\u0329/gu, "n")
    .replace(/(\p{M})\1+/gu, "$1");
}
