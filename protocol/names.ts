// When two names are the same, and how one is numbered.
import { limits } from "./limits.ts";

/**
 * What two names are compared by: they are the same name when their keys are equal. By way of capitals, because
 * several small letters (`σ` and `ς`, `ss` and `ß`) may have the same ones; and of small letters before, because one
 * capital (`ẞ`) is its own.
 */
export function nameKey(name: string): string {
  const key = name.normalize("NFKC").toLowerCase().toUpperCase().toLowerCase().normalize("NFKC");
  // Where thousands are kept, one text takes less room than two that are equal.
  return key === name ? name : key;
}

/** `base_n`, with the base shortened so that the whole stays within the limit of a name. */
export function numberedName(base: string, n: number): string {
  const suffix = `_${String(n)}`;
  return (
    Array.from(base)
      .slice(0, limits.nameLength - suffix.length)
      .join("") + suffix
  );
}
