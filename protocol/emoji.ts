// Whether a text is one emoji: the emoji sequences of Unicode that are recommended for general interchange (RGI).

/** The longest such sequence has 15 UTF-16 units; nothing longer is looked at. */
export const EMOJI_UNITS = 16;

/** Not a literal: it would need a newer language level than the rest. Node 20 and every supported VS Code know the flag. */
const oneEmoji = new RegExp("^\\p{RGI_Emoji}$", "v");

/** What shows as a picture only with U+FE0F behind it. */
const textByDefault = /(?!\p{Emoji_Presentation})\p{Emoji}(?!\p{Emoji_Modifier})/gu;

/** Keyboards leave U+FE0F out, or put it where it is not needed: each such form is the same emoji. */
export function isOneEmoji(text: string): boolean {
  if (text.length > EMOJI_UNITS || text.includes("\ufe0f\ufe0f") || text.startsWith("\ufe0f")) return false;
  return oneEmoji.test(text.replaceAll("\ufe0f", "").replace(textByDefault, "$&\ufe0f"));
}
