// Normalizes a URL's path, so that a dialed path can be compared with a configured one.

/** Decodes needless escapes (`%61` is `a`). Necessary ones stay, in upper case. */
export function withoutNeedlessEscapes(path: string): string {
  const decoded = path.replace(/%[0-9a-f]{2}/giu, (escape) => {
    const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16));
    return /[A-Za-z0-9_.~-]/u.test(character) ? character : escape.toUpperCase();
  });
  // After a stray `%`, what was decoded can be part of another escape.
  return decoded === path ? decoded : withoutNeedlessEscapes(decoded);
}
