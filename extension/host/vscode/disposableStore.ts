// Owns what must be disposed, and disposes it in reverse order.

type Disposable = { dispose(): unknown };

export class DisposableStore implements Disposable {
  readonly #items = new Set<Disposable>();
  #disposed = false;

  /** Registers an item and gives it back. One that comes after the end is disposed at once. */
  add<T extends Disposable>(item: T): T {
    if (this.#disposed) item.dispose();
    else this.#items.add(item);
    return item;
  }

  /** How many items are held: 0 after the end. */
  get size(): number {
    return this.#items.size;
  }

  /** Disposes everything, latest first. Doing it twice is safe. */
  dispose(): void {
    this.#disposed = true;
    const items = [...this.#items].reverse();
    this.#items.clear();
    for (const item of items) item.dispose();
  }
}
