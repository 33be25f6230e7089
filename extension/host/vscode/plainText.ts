// Sanitizes text for places in VS Code that render links: everything from a server or a peer passes through here first.
import { withNamesOfHidden } from "../../../protocol/hiddenCharacters.ts";

/**
 * Invisible characters with an effect: controls, format characters such as those for the writing direction, line
 * separators, and fillers. Joiners and selectors, which some scripts and emoji require, and tags in a flag are kept.
 */
const UNSEEN = new RegExp(
  String.raw`(?![\u200c\u200d\p{Variation_Selector}]|(?<=\u{1f3f4}[\u{e0020}-\u{e007e}]*)[\u{e0020}-\u{e007f}])` +
    String.raw`[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]`,
  "gu",
);

/** The text without characters that form links, and without invisible ones. */
export function plainText(text: string): string {
  return text.replace(UNSEEN, " ").replace(/\]\s*\(/gu, "] - (");
}

/** For lists, which render `$(name)` as an icon. */
export function iconless(text: string): string {
  return text.replaceAll("$(", "\\$(");
}

/** Blanks of all kinds, and the blank sign of Braille. */
const BLANKS = /[\p{White_Space}\u2800]{2,}/gu;

/**
 * The name or path of a peer's file in a list: what is hidden in it is named, as on its card. A list cuts off what follows many blanks,
 * which is the kind of file.
 */
export function listedName(name: string): string {
  return iconless(withNamesOfHidden(name).replace(BLANKS, " … "));
}
