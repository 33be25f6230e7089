// Who is online, under which name. Pure: no socket, clock or randomness.
import { nameKey } from "../../protocol/names.ts";
import { freeNumbered, nameForm, type NameForm } from "./nameForms.ts";

/** A name in use, with whatever the directory's owner stores with it. */
export type Entry<T> = { readonly name: string; readonly key: string; readonly value: T };

export class Directory<T> {
  readonly #entries = new Map<string, Entry<T>>();

  get size(): number {
    return this.#entries.size;
  }

  /** The entry of a name, compared by name keys (without case, after normalization). */
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
   * Adds someone under the requested name, or under a free numbered one if it is taken; see freeNumbered.
   * @param mayHave whether an unused name may be given to them
   */
  enter(name: string, value: T, mayHave: (form: NameForm) => boolean = () => true): Entry<T> {
    const free = this.#free(name, mayHave);
    return this.#add(free.name, free.key, value);
  }

  /** Adds someone under a name that no one has. */
  put(name: string, value: T): Entry<T> {
    return this.#add(name, nameKey(name), value);
  }

  /** Frees a name. Returns whether it was in use. */
  remove(key: string): boolean {
    return this.#entries.delete(key);
  }

  #add(name: string, key: string, value: T): Entry<T> {
    // Not by spreading, which would give each object its own hidden class.
    const entry = { name, key, value };
    this.#entries.set(key, entry);
    return entry;
  }

  #free(name: string, mayHave: (form: NameForm) => boolean): NameForm {
    const isFree = (form: NameForm): boolean => !this.#entries.has(form.key) && mayHave(form);
    const form = nameForm(name);
    return isFree(form) ? form : freeNumbered(name, isFree);
  }
}
