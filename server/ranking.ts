// How many of something each key has, and which key has the most. Each step takes the same time, however many keys there are.
import { getOrMake } from "./getOrMake.ts";

export class Ranking {
  readonly #counts = new Map<string, number>();
  readonly #keys = new Map<number, Set<string>>();
  #most = 0;

  add(key: string): void {
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#move(key, count);
    this.#most = Math.max(this.#most, count);
  }

  /** Returns how many keys are left. */
  remove(key: string): number {
    const count = this.#counts.get(key) ?? 0;
    this.#move(key, count - 1);
    if (!this.#keys.has(this.#most)) this.#most -= 1;
    return this.#counts.size;
  }

  get most(): number {
    return this.#most;
  }

  /** One with the most. */
  get heaviest(): string | undefined {
    return this.#keys.get(this.#most)?.values().next().value;
  }

  #move(key: string, count: number): void {
    const before = this.#counts.get(key) ?? 0;
    const former = this.#keys.get(before);
    former?.delete(key);
    if (former?.size === 0) this.#keys.delete(before);
    if (count > 0) {
      this.#counts.set(key, count);
      getOrMake(this.#keys, count, () => new Set<string>()).add(key);
    } else this.#counts.delete(key);
  }
}
