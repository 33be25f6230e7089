// Who is online, under which name. Pure: no socket, clock or randomness. Used by the rendezvous.
import { nameKey, numberedName } from "../protocol/names.ts";

/** A name in use, and whatever its owner of the directory keeps with it. */
export type Entry<T> = { readonly name: string; readonly key: string; readonly value: T };

export class Directory<T> {
  readonly #entries = new Map<string, Entry<T>>();

  get size(): number {
    return this.#entries.size;
  }

  /** The entry of that name, compared as names are (without case, after normalization). */
  find(name: string): Entry<T> | undefined {
    return this.#entries.get(nameKey(name));
  }

  get(key: string): Entry<T> | undefined {
    return this.#entries.get(key);
  }

  /** In order of arrival. */
  entries(): IterableIterator<Entry<T>> {
    return this.#entries.values();
  }

  /**
   * Enters somebody under the name asked for, or under the first free numbered one when it is taken.
   * @param mayHave whether a key that nobody uses may be given to them
   */
  enter(name: string, value: T, mayHave: (key: string) => boolean = () => true): Entry<T> {
    const free = this.#free(name, mayHave);
    // Not by spreading: every object made that way has a hidden class of its own.
    const entry = { name: free.name, key: free.key, value };
    this.#entries.set(entry.key, entry);
    return entry;
  }

  /** Frees a name; says whether it was in use. */
  remove(key: string): boolean {
    return this.#entries.delete(key);
  }

  #free(name: string, mayHave: (key: string) => boolean): { name: string; key: string } {
    const key = nameKey(name);
    if (!this.#entries.has(key) && mayHave(key)) return { name, key };
    // Thousands may ask for one name at once: the costly part of a key is made once for all numbers of as many
    // digits. That is sound since the stem ends in "_", which neither composes with a digit nor changes case.
    let stem = "";
    let stemDigits = 0;
    for (let n = 2; ; n++) {
      const digits = String(n);
      if (digits.length !== stemDigits) {
        stem = nameKey(numberedName(name, n).slice(0, -digits.length));
        stemDigits = digits.length;
      }
      if (this.#entries.has(stem + digits) || !mayHave(stem + digits)) continue;
      return { name: numberedName(name, n), key: stem + digits };
    }
  }
}
