// Counting by key, for the bounds that each client, address or owner has.
/** Counts per key and in total. Keys with a count of 0 are forgotten. */
export class Counts {
  readonly #counts = new Map<string, number>();
  #total = 0;

  get total(): number {
    return this.#total;
  }

  of(key: string): number {
    return this.#counts.get(key) ?? 0;
  }

  add(key: string): void {
    this.#counts.set(key, this.of(key) + 1);
    this.#total += 1;
  }

  remove(key: string): void {
    const left = this.of(key) - 1;
    this.#total -= 1;
    if (left > 0) this.#counts.set(key, left);
    else this.#counts.delete(key);
  }
}
