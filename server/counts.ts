// Counting by key, for the bounds that each client, address or owner has.
/** How many of something each key has, and all have together; a key with none is forgotten. */
export class Counts {
  readonly #counts = new Map<string, number>();
  readonly #removers = new Map<string, () => void>();
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
    else {
      this.#counts.delete(key);
      this.#removers.delete(key);
    }
  }

  /** Removes one of a key: for thousands that share a key there is one function. */
  remover(key: string): () => void {
    const remove = this.#removers.get(key) ?? (() => this.remove(key));
    this.#removers.set(key, remove);
    return remove;
  }
}
