// Whether a text is one emoji: the emoji sequences of Unicode that are recommended for general interchange (RGI).

/** The longest such sequence has 15 UTF-16 units; nothing longer is looked at. */
export const EMOJI_UNITS = 16;

/** Not a literal, which would need a newer language level. Node 20 and every supported VS Code know the flag. */
const oneEmoji = new RegExp("^\\p{RGI_Emoji}$", "v");

/** Shown as a picture only when followed by U+FE0F. */
const textByDefault = /(?!\p{Emoji_Presentation})\p{Emoji}(?!\p{Emoji_Modifier})/gu;

/** Keyboards omit U+FE0F or put it where it is not needed. All these forms are the same emoji. */
export function isOneEmoji(text: string): boolean {
  if (text.length > EMOJI_UNITS || text.includes("\ufe0f\ufe0f") || text.startsWith("\ufe0f")) return false;
  return oneEmoji.test(text.replaceAll("\ufe0f", "").replace(textByDefault, "$&\ufe0f"));
}
