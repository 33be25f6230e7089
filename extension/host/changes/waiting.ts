// How long the user has waited for a peer, who can be away for minutes.

export class Waiting {
  readonly #now: () => number;
  #ms = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  get ms(): number {
    return this.#ms;
  }

  async during<T>(work: Promise<T>): Promise<T> {
    const start = this.#now();
    try {
      return await work;
    } finally {
      this.#ms += this.#now() - start;
    }
  }
}
