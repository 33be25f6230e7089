// How fast bytes may pass: so many a second, and a second's worth at once. Pure; the time is passed in.

export class BytePace {
  readonly #perSecond: number;
  /** When what has passed is paid for. */
  #paidAt: number;

  constructor(perSecond: number, now: number) {
    this.#perSecond = perSecond;
    this.#paidAt = now - 1_000;
  }

  /** Bytes passed: returns the milliseconds that their sender has to rest, 0 while it need not. */
  charge(bytes: number, now: number): number {
    this.#paidAt = Math.max(this.#paidAt, now - 1_000) + (bytes / this.#perSecond) * 1_000;
    return Math.max(0, this.#paidAt - now);
  }

  /** Bytes of the last second, and those that are owed. */
  recent(now: number): number {
    return (Math.max(0, this.#paidAt - (now - 1_000)) / 1_000) * this.#perSecond;
  }
}
