// Names that look the same and are not: by Unicode's table of confusable characters. Counts what is in use or kept.
import unhomoglyph from "unhomoglyph";
import { nameKey } from "../protocol/names.ts";

export class Lookalikes {
  /** By what a name looks like: the keys of the names that do; one that is there twice stands there twice. */
  readonly #keys = new Map<string, readonly string[]>();

  add(name: string): void {
    const look = lookOf(name);
    const others = this.#keys.get(look);
    const key = nameKey(name);
    this.#keys.set(look, others === undefined ? [key] : [...others, key]);
  }

  remove(name: string): void {
    const look = lookOf(name);
    const keys = this.#keys.get(look) ?? [];
    const left = keys.toSpliced(keys.indexOf(nameKey(name)), 1);
    if (left.length > 0) this.#keys.set(look, left);
    else this.#keys.delete(look);
  }

  /** Whether another name is there that looks like this one. */
  has(name: string): boolean {
    const key = nameKey(name);
    return (this.#keys.get(lookOf(name)) ?? []).some((other) => other !== key);
  }
}

/** Before capitals are made small, or `I` would no longer look like `l`. */
function lookOf(name: string): string {
  return unhomoglyph(name.normalize("NFKC")).toLowerCase();
}
