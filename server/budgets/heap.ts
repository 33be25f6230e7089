// A priority queue in which an item can be moved or taken out: each step grows with the logarithm of what is in it. Of equal
// ranks, the one that came first comes first. Pure.

type Entry<T> = { readonly item: T; rank: number; readonly order: number; at: number };

export class Heap<T> {
  readonly #entries: Entry<T>[] = [];
  readonly #byItem = new Map<T, Entry<T>>();
  #count = 0;

  /** The item of the lowest rank. */
  get first(): T | undefined {
    return this.#entries[0]?.item;
  }

  get firstRank(): number {
    return this.#entries[0]?.rank ?? Infinity;
  }

  has(item: T): boolean {
    return this.#byItem.has(item);
  }

  /** Adds it, or gives it another rank. */
  set(item: T, rank: number): void {
    let entry = this.#byItem.get(item);
    if (entry === undefined) {
      entry = { item, rank, order: this.#count++, at: this.#entries.length };
      this.#byItem.set(item, entry);
      this.#entries.push(entry);
    }
    entry.rank = rank;
    this.#place(entry);
  }

  delete(item: T): void {
    const entry = this.#byItem.get(item);
    if (entry === undefined) return;
    this.#byItem.delete(item);
    const last = this.#entries.pop();
    if (last === undefined || last === entry) return;
    last.at = entry.at;
    this.#entries[last.at] = last;
    this.#place(last);
  }

  #place(entry: Entry<T>): void {
    for (;;) {
      const parent = this.#entries[(entry.at - 1) >> 1];
      if (parent === undefined || !isBefore(entry, parent)) break;
      this.#swap(entry, parent);
    }
    for (;;) {
      const [left, right] = [this.#entries[2 * entry.at + 1], this.#entries[2 * entry.at + 2]];
      const child = left !== undefined && right !== undefined && isBefore(right, left) ? right : left;
      if (child === undefined || !isBefore(child, entry)) break;
      this.#swap(child, entry);
    }
  }

  #swap(a: Entry<T>, b: Entry<T>): void {
    [a.at, b.at] = [b.at, a.at];
    this.#entries[a.at] = a;
    this.#entries[b.at] = b;
  }
}

function isBefore<T>(a: Entry<T>, b: Entry<T>): boolean {
  return a.rank < b.rank || (a.rank === b.rank && a.order < b.order);
}
