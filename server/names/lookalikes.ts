// Finds names that look alike, among those in use or kept.
import { nameForm, type NameForm } from "./nameForms.ts";

export class Lookalikes {
  /** By look: the name key that has it, or several, with repetitions. */
  readonly #keys = new Map<string, string | readonly string[]>();

  add(name: string): void {
    const { key, looks } = nameForm(name);
    for (const look of looks) {
      const others = this.#of(look);
      this.#keys.set(look, others.length === 0 ? key : [...others, key]);
    }
  }

  remove(name: string): void {
    const { key, looks } = nameForm(name);
    for (const look of looks) {
      const keys = this.#of(look);
      const at = keys.indexOf(key);
      if (at < 0) continue;
      const left = keys.toSpliced(at, 1);
      const [first] = left;
      if (first === undefined) this.#keys.delete(look);
      else this.#keys.set(look, left.length === 1 ? first : left);
    }
  }

  /** Whether another name looks like this one. */
  has({ key, looks }: NameForm): boolean {
    return looks.some((look) => this.#of(look).some((other) => other !== key));
  }

  #of(look: string): readonly string[] {
    const keys = this.#keys.get(look) ?? [];
    return typeof keys === "string" ? [keys] : keys;
  }
}
