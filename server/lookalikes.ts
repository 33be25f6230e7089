// Names that look the same and are not: by Unicode's table of confusable characters. Counts what is in use or kept.
import unhomoglyph from "unhomoglyph";
import { nameKey } from "../protocol/names.ts";

export class Lookalikes {
  /** By what a name looks like: the key of the one name that does, or those of several; one can be there twice. */
  readonly #keys = new Map<string, string | readonly string[]>();

  add(name: string): void {
    const look = lookOf(name);
    const others = this.#of(look);
    const key = nameKey(name);
    this.#keys.set(look, others.length === 0 ? key : [...others, key]);
  }

  remove(name: string): void {
    const look = lookOf(name);
    const keys = this.#of(look);
    const left = keys.toSpliced(keys.indexOf(nameKey(name)), 1);
    const [first] = left;
    if (first === undefined) this.#keys.delete(look);
    else this.#keys.set(look, left.length === 1 ? first : left);
  }

  /** Whether another name is there that looks like this one. */
  has(name: string): boolean {
    const key = nameKey(name);
    return this.#of(lookOf(name)).some((other) => other !== key);
  }

  #of(look: string): readonly string[] {
    const keys = this.#keys.get(look) ?? [];
    return typeof keys === "string" ? [keys] : keys;
  }
}

/** Before capitals are made small, or `I` would no longer look like `l`. */
function lookOf(name: string): string {
  const look = unhomoglyph(name.normalize("NFKC")).toLowerCase();
  return look === name ? name : look;
}
