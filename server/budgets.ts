// How often one key may do what costs others something, over all its connections and from one to the next. Pure; the time
// is handed in. Used by the rendezvous.
import type { Pin } from "../protocol/fields.ts";
import { TokenBucket } from "../protocol/tokenBucket.ts";

export type Budget = { readonly perSecond: number; readonly burst: number };

export class Budgets<Kind extends string> {
  readonly #budgets: Readonly<Record<Kind, Budget>>;
  readonly #most: number;
  /** The keys that did something last come last. */
  readonly #byPin = new Map<Pin, Partial<Record<Kind, TokenBucket>>>();

  /** `most` keys are remembered; those that did nothing for longest are forgotten first. */
  constructor(budgets: Readonly<Record<Kind, Budget>>, most: number) {
    this.#budgets = budgets;
    this.#most = most;
  }

  /** Takes one and returns 0; without one, the milliseconds until there is one. */
  take(kind: Kind, pin: Pin, now: number): number {
    const buckets: Partial<Record<Kind, TokenBucket>> = this.#byPin.get(pin) ?? {};
    this.#byPin.delete(pin);
    this.#byPin.set(pin, buckets);
    if (this.#byPin.size > this.#most) {
      const [oldest] = this.#byPin.keys();
      if (oldest !== undefined) this.#byPin.delete(oldest);
    }
    const { perSecond, burst } = this.#budgets[kind];
    const bucket = (buckets[kind] ??= new TokenBucket(perSecond, burst, now));
    return bucket.take(now);
  }
}
