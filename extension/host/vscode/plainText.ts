// Text for places of VS Code that render links: what a server or a peer has said comes through here first.

/**
 * What is not seen but changes what is: controls, format characters such as those for the direction of writing, separators of
 * lines, and fillers. Joiners and selectors stay, which some scripts and emoji cannot do without, and tags in a flag.
 */
const UNSEEN = new RegExp(
  String.raw`(?![\u200c\u200d\p{Variation_Selector}]|(?<=\u{1f3f4}[\u{e0020}-\u{e007e}]*)[\u{e0020}-\u{e007f}])` +
    String.raw`[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]`,
  "gu",
);

/** The text without what would make a link of it, and without what cannot be seen. */
export function plainText(text: string): string {
  return text.replace(UNSEEN, " ").replace(/\]\s*\(/gu, "] - (");
}

/** For lists, which show `$(name)` as a picture. */
export function iconless(text: string): string {
  return text.replaceAll("$(", "\\$(");
}
