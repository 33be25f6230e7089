// Limits how often one key may do what is costly for others, over all its connections. Pure; the time is passed in.
import type { Pin } from "../../protocol/fields.ts";
import { TokenBucket } from "../../protocol/tokenBucket.ts";

export type Budget = { readonly perSecond: number; readonly burst: number };

type Buckets<Kind extends string> = Partial<Record<Kind, TokenBucket>>;

const MAX_FORGOTTEN_PER_TAKE = 2;

export class Budgets<Kind extends string, Key extends string = Pin> {
  readonly #budgets: Readonly<Record<Kind, Budget>>;
  readonly #most: number;
  /** Ordered by last use, most recent last. */
  readonly #byKey = new Map<Key, Buckets<Kind>>();

  /** Remembers up to `most` keys and forgets the least recently used first, as well as keys whose buckets are all full. */
  constructor(budgets: Readonly<Record<Kind, Budget>>, most: number) {
    this.#budgets = budgets;
    this.#most = most;
  }

  /** Number of remembered keys. */
  get size(): number {
    return this.#byKey.size;
  }

  /** Takes one and returns 0, or returns the milliseconds until there is one. */
  take(kind: Kind, key: Key, now: number): number {
    const wait = this.#bucket(kind, key, now).take(now);
    this.#forget(now);
    return wait;
  }

  /** Milliseconds until there is one. Takes none. */
  wait(kind: Kind, key: Key, now: number): number {
    const bucket: TokenBucket | undefined = this.#byKey.get(key)?.[kind];
    return bucket?.wait(now) ?? 0;
  }

  /** Takes this many, on credit if there are too few. */
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

  /** Checks more keys than are added, so that full ones are soon forgotten. */
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
