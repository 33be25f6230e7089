// Remembers ticket pairs of which one side came to the relay and left, while the other side may still come. Bounded: beyond the
// limit, Shares decides which one is forgotten. Pure; the time is passed in.
import { Shares, type Owner } from "../budgets/shares.ts";

export class LeftPairs {
  readonly #lastMs: number;
  readonly #maxPairs: number;
  /** When each one expires, earliest first. */
  readonly #until = new Map<string, number>();
  readonly #shares = new Shares<string>();

  constructor(lastMs: number, maxPairs: number) {
    this.#lastMs = lastMs;
    this.#maxPairs = maxPairs;
  }

  get size(): number {
    return this.#until.size;
  }

  has(pair: string, now: number): boolean {
    return (this.#until.get(pair) ?? -Infinity) > now;
  }

  /** @param owner the side that left */
  add(pair: string, owner: Owner, now: number): void {
    for (const [old, until] of this.#until) {
      if (until > now) break;
      this.#forget(old);
    }
    this.#until.set(pair, now + this.#lastMs);
    this.#shares.add(pair, owner);
    const goes = this.size > this.#maxPairs ? this.#shares.toGo() : undefined;
    if (goes !== undefined) this.#forget(goes);
  }

  #forget(pair: string): void {
    this.#until.delete(pair);
    this.#shares.delete(pair);
  }
}
