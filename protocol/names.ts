// When two names are the same, and how one is numbered.
import { limits } from "./limits.ts";

/** Most names: their key takes a tenth of the time. */
const isAscii = /^[ -~]*$/u;

/**
 * Names are the same when their keys are equal. Uses upper case, because several lower-case letters (`σ` and `ς`, `ss`
 * and `ß`) may share it; and lower case before that, because one capital (`ẞ`) has its own.
 */
export function nameKey(name: string): string {
  const key = isAscii.test(name)
    ? name.toLowerCase()
    : name.normalize("NFKC").toLowerCase().toUpperCase().toLowerCase().normalize("NFKC");
  // With thousands of names, sharing one string saves memory.
  return key === name ? name : key;
}

/** `base_n`, with the base shortened so that the result fits the length limit of a name. */
export function numberedName(base: string, n: number): string {
  const suffix = `_${String(n)}`;
  return (
    Array.from(base)
      .slice(0, limits.nameLength - suffix.length)
      .join("") + suffix
  );
}
