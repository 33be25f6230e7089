// Names that look the same and are not: by Unicode's table of confusable characters. Counts what is in use or kept.
import unhomoglyph from "unhomoglyph";
import { nameKey } from "../protocol/names.ts";

export class Lookalikes {
  /** By what a name looks like: the keys of the names that do, and how often each is there. */
  readonly #keys = new Map<string, Map<string, number>>();

  add(name: string): void {
    const key = nameKey(name);
    const keys = this.#keys.get(lookOf(name)) ?? new Map<string, number>();
    keys.set(key, (keys.get(key) ?? 0) + 1);
    this.#keys.set(lookOf(name), keys);
  }

  remove(name: string): void {
    const look = lookOf(name);
    const key = nameKey(name);
    const keys = this.#keys.get(look);
    const left = (keys?.get(key) ?? 0) - 1;
    if (left > 0) keys?.set(key, left);
    else keys?.delete(key);
    if (keys?.size === 0) this.#keys.delete(look);
  }

  /** Whether another name is there that looks like this one. */
  has(name: string): boolean {
    const key = nameKey(name);
    for (const other of this.#keys.get(lookOf(name))?.keys() ?? []) if (other !== key) return true;
    return false;
  }
}

/** Before capitals are made small, or `I` would no longer look like `l`. */
function lookOf(name: string): string {
  return unhomoglyph(name.normalize("NFKC")).toLowerCase();
}
