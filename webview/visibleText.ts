// Makes control characters of a hostile text visible instead of letting them hide something. Called where texts are shown.

/**
 * Replaces control characters, which a browser would drop or blank, by their pictures (U+2400 and on). Line feeds and
 * tabs stay; a Windows line end counts as one line feed.
 */
export function visibleText(text: string): string {
  return text.replaceAll("\r\n", "\n").replace(controls, (character) => {
    const code = character.charCodeAt(0);
    if (code === 0x7f) return "\u2421";
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : "\ufffd";
  });
}

const controls = /(?![\n\t])\p{Cc}/gu;
