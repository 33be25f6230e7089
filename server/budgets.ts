// How often one key may do what costs others something, over all its connections and from one to the next. Pure; the time
// is handed in. Used by the rendezvous.
import type { Pin } from "../protocol/fields.ts";
import { TokenBucket } from "../protocol/tokenBucket.ts";

export type Budget = { readonly perSecond: number; readonly burst: number };

type Buckets<Kind extends string> = Partial<Record<Kind, TokenBucket>>;

const FORGOTTEN_AT_ONCE = 2;

export class Budgets<Kind extends string> {
  readonly #budgets: Readonly<Record<Kind, Budget>>;
  readonly #most: number;
  /** The keys that did something last come last. */
  readonly #byPin = new Map<Pin, Buckets<Kind>>();

  /**
   * `most` keys are remembered; those that did nothing for longest are forgotten first, and those that may do everything
   * again: with a bucket that is full nothing is remembered.
   */
  constructor(budgets: Readonly<Record<Kind, Budget>>, most: number) {
    this.#budgets = budgets;
    this.#most = most;
  }

  /** Keys that are remembered. */
  get size(): number {
    return this.#byPin.size;
  }

  /** Takes one and returns 0; without one, the milliseconds until there is one. */
  take(kind: Kind, pin: Pin, now: number): number {
    const wait = this.#bucket(kind, pin, now).take(now);
    this.#forget(now);
    return wait;
  }

  /** Milliseconds until there is one; takes none. */
  wait(kind: Kind, pin: Pin, now: number): number {
    const bucket: TokenBucket | undefined = this.#byPin.get(pin)?.[kind];
    return bucket?.wait(now) ?? 0;
  }

  /** Takes so many, on credit if there are too few. */
  charge(kind: Kind, pin: Pin, now: number, amount: number): void {
    this.#bucket(kind, pin, now).charge(now, amount);
    this.#forget(now);
  }

  #bucket(kind: Kind, pin: Pin, now: number): TokenBucket {
    const buckets: Buckets<Kind> = this.#byPin.get(pin) ?? {};
    this.#byPin.delete(pin);
    this.#byPin.set(pin, buckets);
    const { perSecond, burst } = this.#budgets[kind];
    return (buckets[kind] ??= new TokenBucket(perSecond, burst, now));
  }

  /** More than one is added at a time: with many keys, what is full again is soon gone. */
  #forget(now: number): void {
    let left = FORGOTTEN_AT_ONCE;
    for (const [pin, buckets] of this.#byPin) {
      const isOver = this.#byPin.size > this.#most;
      if (left === 0 || !(isOver || isFull(buckets, now))) return;
      this.#byPin.delete(pin);
      left -= 1;
    }
  }
}

function isFull(buckets: Partial<Record<string, TokenBucket>>, now: number): boolean {
  return Object.values(buckets).every((bucket) => bucket?.isFull(now) ?? true);
}
