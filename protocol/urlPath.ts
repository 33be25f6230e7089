// Normalizes a URL's path, so that a dialed path can be compared with a configured one.

/**
 * Decodes needless escapes (`%61` is `a`). Necessary ones stay, in upper case. Goes from the end to the start, because after a
 * stray `%`, what was decoded can be part of another escape.
 */
export function withoutNeedlessEscapes(path: string): string {
  /** What comes after, the nearest character last. */
  const after: string[] = [];
  for (let at = path.length - 1; at >= 0; at--) {
    const character = path.charAt(at);
    const digits = `${after.at(-1) ?? ""}${after.at(-2) ?? ""}`;
    if (character !== "%" || !/^[0-9a-f]{2}$/iu.test(digits)) {
      after.push(character);
      continue;
    }
    after.length -= 2;
    const decoded = String.fromCharCode(Number.parseInt(digits, 16));
    if (/[A-Za-z0-9_.~-]/u.test(decoded)) after.push(decoded);
    else after.push(...digits.toUpperCase().split("").reverse(), "%");
  }
  return after.reverse().join("");
}
