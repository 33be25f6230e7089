// How often one key may do what is costly for others, over all its connections. Pure; the time is passed in.
import type { Pin } from "../../protocol/fields.ts";
import { TokenBucket } from "../../protocol/tokenBucket.ts";

export type Budget = { readonly perSecond: number; readonly burst: number };

type Buckets<Kind extends string> = Partial<Record<Kind, TokenBucket>>;

const MAX_FORGOTTEN_PER_TAKE = 2;

export class Budgets<Kind extends string, Key extends string = Pin> {
  readonly #budgets: Readonly<Record<Kind, Budget>>;
  readonly #most: number;
  /** The keys that did something last come last. */
  readonly #byKey = new Map<Key, Buckets<Kind>>();

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
    return this.#byKey.size;
  }

  /** Takes one and returns 0; without one, the milliseconds until there is one. */
  take(kind: Kind, key: Key, now: number): number {
    const wait = this.#bucket(kind, key, now).take(now);
    this.#forget(now);
    return wait;
  }

  /** Milliseconds until there is one; takes none. */
  wait(kind: Kind, key: Key, now: number): number {
    const bucket: TokenBucket | undefined = this.#byKey.get(key)?.[kind];
    return bucket?.wait(now) ?? 0;
  }

  /** Takes so many, on credit if there are too few. */
  charge(kind: Kind, key: Key, now: number, amount: number): void {
    this.#bucket(kind, key, now).charge(now, amount);
    this.#forget(now);
  }

  #bucket(kind: Kind, key: Key, now: number): TokenBucket {
    const buckets: Buckets<Kind> = this.#byKey.get(key) ?? {};
    this.#byKey.delete(key);
    this.#byKey.set(key, buckets);
    const { perSecond, burst } = this.#budgets[kind];
    return (buckets[kind] ??= new TokenBucket(perSecond, burst, now));
  }

  /** More than one is added at a time: with many keys, what is full again is soon gone. */
  #forget(now: number): void {
    let left = MAX_FORGOTTEN_PER_TAKE;
    for (const [key, buckets] of this.#byKey) {
      const isOver = this.#byKey.size > this.#most;
      if (left === 0 || !(isOver || isFull(buckets, now))) return;
      this.#byKey.delete(key);
      left -= 1;
    }
  }
}

function isFull(buckets: Partial<Record<string, TokenBucket>>, now: number): boolean {
  return Object.values(buckets).every((bucket) => bucket?.isFull(now) ?? true);
}
