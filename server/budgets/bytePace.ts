// Limits bytes per second, with a burst of one second. Pure; the time is passed in.

export class BytePace {
  readonly #perSecond: number;
  /** When the bytes so far are paid for. */
  #paidAt: number;

  constructor(perSecond: number, now: number) {
    this.#perSecond = perSecond;
    this.#paidAt = now - 1_000;
  }

  /** Charges bytes that have passed. Returns the milliseconds that the sender has to pause, or 0. */
  charge(bytes: number, now: number): number {
    this.#paidAt = Math.max(this.#paidAt, now - 1_000) + (bytes / this.#perSecond) * 1_000;
    return Math.max(0, this.#paidAt - now);
  }

  /** Bytes of the last second, including those that are owed. */
  recent(now: number): number {
    return (Math.max(0, this.#paidAt - (now - 1_000)) / 1_000) * this.#perSecond;
  }
}
