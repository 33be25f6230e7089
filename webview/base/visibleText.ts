// Makes control characters in hostile text visible, so that they cannot hide anything.

/**
 * Replaces control characters, which a browser would drop or blank, with their symbols (U+2400 and on). Line feeds and
 * tabs stay; a Windows line ending becomes a line feed. A dotted circle splits long stacks of combining marks, which a
 * browser lays out in quadratic time.
 */
export function visibleText(text: string): string {
  const divided = text.replaceAll("\r\n", "\n").replace(piles, "$&\u25cc");
  return divided.replace(controls, (character) => {
    const code = character.charCodeAt(0);
    if (code === 0x7f) return "\u2421";
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : "\ufffd";
  });
}

/** The maximum number of marks on one letter in Unicode's stream-safe text. */
const piles = /\p{M}{30}(?=\p{M})/gu;
const controls = /(?![\n\t])\p{Cc}/gu;
