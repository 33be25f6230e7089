// Counts per key, and finds the key with the most. Each step takes constant time.
import { getOrMake } from "./getOrMake.ts";

/** Counts of keys. Of equals, the one that reached its count first comes first. */
export type Ranked<K extends string = string> = readonly (readonly [key: K, count: number])[];

export class Ranking<K extends string = string> {
  readonly #counts = new Map<K, number>();
  readonly #keys = new Map<number, Set<K>>();
  #most = 0;

  constructor(ranked: Ranked<K> = []) {
    for (const [key, count] of ranked) {
      this.#move(key, count);
      this.#most = Math.max(this.#most, count);
    }
  }

  add(key: K): void {
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#move(key, count);
    this.#most = Math.max(this.#most, count);
  }

  /** Returns the key's remaining count. */
  remove(key: K): number {
    const count = this.#counts.get(key) ?? 0;
    this.#move(key, count - 1);
    if (!this.#keys.has(this.#most)) this.#most -= 1;
    return this.#counts.size;
  }

  entries(): Ranked<K> {
    return [...this.#keys].flatMap(([count, keys]) => [...keys].map((key): [K, number] => [key, count]));
  }

  of(key: K): number {
    return this.#counts.get(key) ?? 0;
  }

  get most(): number {
    return this.#most;
  }

  /** Among equals, the one that reached its count first. */
  get heaviest(): K | undefined {
    return this.#keys.get(this.#most)?.values().next().value;
  }

  #move(key: K, count: number): void {
    const before = this.#counts.get(key) ?? 0;
    const former = this.#keys.get(before);
    former?.delete(key);
    if (former?.size === 0) this.#keys.delete(before);
    if (count > 0) {
      this.#counts.set(key, count);
      getOrMake(this.#keys, count, () => new Set<K>()).add(key);
    } else this.#counts.delete(key);
  }
}
