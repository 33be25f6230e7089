// Owns what must be disposed, and disposes it in reverse order.

type Disposable = { dispose(): unknown };

export class DisposableStore implements Disposable {
  readonly #items = new Set<Disposable>();
  #disposed = false;

  /** Registers an item and returns it. An item that is added after the end is disposed at once. */
  add<T extends Disposable>(item: T): T {
    if (this.#disposed) item.dispose();
    else this.#items.add(item);
    return item;
  }

  /** The number of registered items: 0 after disposal. */
  get size(): number {
    return this.#items.size;
  }

  /**
   * Disposes everything, latest first. Disposing twice is safe. An item that throws does not keep the others from being
   * disposed; its error is thrown at the end, or an AggregateError when there are several.
   */
  dispose(): void {
    this.#disposed = true;
    const items = [...this.#items].reverse();
    this.#items.clear();
    const errors: unknown[] = [];
    for (const item of items) {
      try {
        item.dispose();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 1) throw new AggregateError(errors, errors.map(String).join("; "));
    if (errors.length === 1) throw errors[0];
  }
}

/**
 * Makes something of several parts, or nothing: when a step throws, the parts made before it are disposed and the step's error
 * is thrown.
 */
export function allOrNothing<T>(make: (parts: DisposableStore) => T): T {
  const parts = new DisposableStore();
  try {
    return make(parts);
  } catch (error) {
    try {
      parts.dispose();
    } catch (cleanup) {
      // The step's error is the one that tells what to do.
      console.error(cleanup);
    }
    throw error;
  }
}
