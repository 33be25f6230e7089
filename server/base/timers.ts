// Timers that can be cancelled together.

export class Timers {
  readonly #running = new Set<NodeJS.Timeout>();

  /** Calls back after so many milliseconds; returns what takes that back. */
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

  /** None of them calls any more. */
  clear(): void {
    for (const timer of this.#running) clearTimeout(timer);
    this.#running.clear();
  }
}
