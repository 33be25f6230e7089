// Timers that can be cancelled together.

export class Timers {
  readonly #running = new Set<NodeJS.Timeout>();

  /** Calls back after this many milliseconds. Returns a function that cancels it. */
  later(ms: number, call: () => void): () => void {
    const timer = setTimeout(() => {
      this.#running.delete(timer);
      call();
    }, ms);
    this.#running.add(timer);
    return () => {
      clearTimeout(timer);
      this.#running.delete(timer);
    };
  }

  /** Cancels all of them. */
  clear(): void {
    for (const timer of this.#running) clearTimeout(timer);
    this.#running.clear();
  }
}
