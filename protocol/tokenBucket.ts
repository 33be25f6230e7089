// Bounds how often something may happen: a sustained rate, and a burst after a pause. Pure: the time is passed in.

/** Counts thousandths of a token, so that whole rates and milliseconds need no rounding. */
const TOKEN = 1_000;

export class TokenBucket {
  readonly #perMs: number;
  readonly #capacity: number;
  #level: number;
  #filledAt: number;

  /**
   * @param perSecond tokens added per second
   * @param capacity the maximum number of tokens, and the initial one
   * @param now milliseconds of the caller's clock
   */
  constructor(perSecond: number, capacity: number, now: number) {
    this.#perMs = (perSecond * TOKEN) / 1_000;
    this.#capacity = capacity * TOKEN;
    this.#level = this.#capacity;
    this.#filledAt = now;
  }

  /** For actions that can be refused: takes a token and returns 0, or returns the milliseconds until there is one. */
  take(now: number): number {
    this.#fill(now);
    const wait = this.#wait();
    if (wait === 0) this.#level -= TOKEN;
    return wait;
  }

  /**
   * For actions that have happened or cost several tokens: takes them, on credit if there are too few. A negative number
   * gives some back.
   * @returns milliseconds until the bucket holds a token again, or 0
   */
  charge(now: number, tokens = 1): number {
    this.#fill(now);
    this.#level -= tokens * TOKEN;
    return this.#wait();
  }

  /** Milliseconds until the bucket holds a token. Takes none. */
  wait(now: number): number {
    this.#fill(now);
    return this.#wait();
  }

  /** Whether the bucket is full and can be forgotten. */
  isFull(now: number): boolean {
    this.#fill(now);
    return this.#level === this.#capacity;
  }

  /** A clock that goes back counts as stopped. */
  #fill(now: number): void {
    const elapsed = Math.max(0, now - this.#filledAt);
    this.#level = Math.min(this.#capacity, this.#level + elapsed * this.#perMs);
    this.#filledAt = now;
  }

  #wait(): number {
    return this.#level >= TOKEN ? 0 : Math.ceil((TOKEN - this.#level) / this.#perMs);
  }
}
