// Bounds how often something may happen: so many a second for long, more after a pause. Used for the frames of
// one client, for the errors that it causes and for the lines of the log. The time is handed in.

export class TokenBucket {
  readonly #perMs: number;
  readonly #capacity: number;
  #tokens: number;
  #filledAt: number;

  /** `perSecond` tokens flow in up to `capacity`; the bucket starts full at `now`, in milliseconds. */
  constructor(perSecond: number, capacity: number, now: number) {
    this.#perMs = perSecond / 1000;
    this.#capacity = capacity;
    this.#tokens = capacity;
    this.#filledAt = now;
  }

  /** Takes one token and returns 0; when there is none, takes nothing and returns the milliseconds until one. */
  take(now: number): number {
    const elapsed = Math.max(0, now - this.#filledAt);
    this.#tokens = Math.min(this.#capacity, this.#tokens + elapsed * this.#perMs);
    this.#filledAt = now;
    if (this.#tokens >= 1) {
      this.#tokens -= 1;
      return 0;
    }
    return Math.ceil((1 - this.#tokens) / this.#perMs);
  }
}
