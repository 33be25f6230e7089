// Owns what must be disposed, and disposes it in reverse order.

type Disposable = { dispose(): unknown };

export class DisposableStore implements Disposable {
  readonly #items = new Set<Disposable>();
  #disposed = false;

  /** Registers an item and returns it. An item that is added after disposal is disposed at once. */
  add<T extends Disposable>(item: T): T {
    if (this.#disposed) item.dispose();
    else this.#items.add(item);
    return item;
  }

  /** The number of registered items: 0 after disposal. */
  get size(): number {
    return this.#items.size;
  }

  /** Disposes everything, latest first. Can be called twice. */
  dispose(): void {
    this.#disposed = true;
    const items = [...this.#items].reverse();
    this.#items.clear();
    for (const item of items) item.dispose();
  }
}
