// Bounds how often something may happen: so many a second for long, more after a pause. Pure: the time is passed in.

/** Thousandths of a token are counted: whole rates and milliseconds then leave no fractions to be rounded. */
const TOKEN = 1_000;

export class TokenBucket {
  readonly #perMs: number;
  readonly #capacity: number;
  #level: number;
  #filledAt: number;

  /**
   * @param perSecond tokens that flow in
   * @param capacity tokens that it holds at most, and at first
   * @param now milliseconds of a clock of the caller's
   */
  constructor(perSecond: number, capacity: number, now: number) {
    this.#perMs = (perSecond * TOKEN) / 1_000;
    this.#capacity = capacity * TOKEN;
    this.#level = this.#capacity;
    this.#filledAt = now;
  }

  /** For what can be refused: takes a token and returns 0; without one, the milliseconds until there is one. */
  take(now: number): number {
    this.#fill(now);
    const wait = this.#wait();
    if (wait === 0) this.#level -= TOKEN;
    return wait;
  }

  /**
   * For what has happened already, or costs more than one: takes so many tokens, on credit if there are too few.
   * @returns milliseconds until the bucket holds one again: 0 while it does
   */
  charge(now: number, tokens = 1): number {
    this.#fill(now);
    this.#level -= tokens * TOKEN;
    return this.#wait();
  }

  /** Milliseconds until the bucket holds a token; takes none. */
  wait(now: number): number {
    this.#fill(now);
    return this.#wait();
  }

  /** Whether nothing would be different without it. */
  isFull(now: number): boolean {
    this.#fill(now);
    return this.#level === this.#capacity;
  }

  /** A clock that goes back counts as one that stands still. */
  #fill(now: number): void {
    const elapsed = Math.max(0, now - this.#filledAt);
    this.#level = Math.min(this.#capacity, this.#level + elapsed * this.#perMs);
    this.#filledAt = now;
  }

  #wait(): number {
    return this.#level >= TOKEN ? 0 : Math.ceil((TOKEN - this.#level) / this.#perMs);
  }
}
