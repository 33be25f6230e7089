// Characters of code that its reader does not see, or that change the order in which it is read: code with them can run differently
// from how it reads ("Trojan Source").

/** Format characters, fillers and tags. Some signs of Arabic and Syriac are format characters, but can be seen. */
const UNSEEN = String.raw`(?![\u200c\u200d\p{Variation_Selector}\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}])[\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]`;

/** Tags in the flag of a region can be seen. */
const NO_FLAG = String.raw`(?!(?<=\u{1f3f4}[\u{e0020}-\u{e007e}]{0,6})[\u{e0020}-\u{e007f}])`;

/** Joiners and selectors belong to the letter or emoji before them. Behind anything else they have no effect that can be seen. */
const STRAY = String.raw`(?<=^|[\0-\x7f\p{White_Space}\u2800\u200c\u200d])[\u200c\u200d\p{Variation_Selector}](?!\u20e3)|(?<=\p{Variation_Selector})[\u200c\p{Variation_Selector}]`;

const CONTROL = String.raw`(?![\n\r\t])\p{Cc}`;

const HIDDEN = new RegExp(`${NO_FLAG}${UNSEEN}|${STRAY}`, "gu");
const HIDDEN_OR_CONTROL = new RegExp(`${NO_FLAG}${UNSEEN}|${STRAY}|${CONTROL}`, "gu");

/** Most code is ASCII, in which nothing but controls is hidden. */
const ASCII = /^[\0-\x7f]*$/;

/** Code as it can be shown: the name of each hidden character stands in its place. Control characters stay. */
export function withNamesOfHidden(code: string): string {
  if (ASCII.test(code)) return code;
  return code.replace(HIDDEN, (character) => {
    const name = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
    return `[U+${name.padStart(4, "0")}]`;
  });
}

/** Code without its hidden characters, and without controls other than line ends and tabs. */
export function withoutHidden(code: string): string {
  return code.replace(HIDDEN_OR_CONTROL, "");
}
