// Makes control characters of a hostile text visible instead of letting them hide something.

/**
 * Replaces control characters, which a browser would drop or blank, by their pictures (U+2400 and on). Line feeds and
 * tabs stay; a Windows line end counts as one line feed. A dotted circle divides a pile of combining marks, which would take
 * the browser the square of its height.
 */
export function visibleText(text: string): string {
  const divided = text.replaceAll("\r\n", "\n").replace(piles, "$&\u25cc");
  return divided.replace(controls, (character) => {
    const code = character.charCodeAt(0);
    if (code === 0x7f) return "\u2421";
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : "\ufffd";
  });
}

/** As many marks as Unicode's stream-safe text has on one letter. */
const piles = /\p{M}{30}(?=\p{M})/gu;
const controls = /(?![\n\t])\p{Cc}/gu;
