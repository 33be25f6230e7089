// Bounds the searches that each author's cards can cause, and those of all: keys are free, so an author can be many.
import { TokenBucket } from "../../../protocol/tokenBucket.ts";

/** In files that are read. Looking through some hundred cards of files that are here costs less, and so do forty of files that are not. */
const OF_ONE = { burst: 8_000, perSecond: 40 };
const OF_ALL = { burst: 24_000, perSecond: 120 };

/** Authors that are remembered: more than can have a card in view. */
const MOST_AUTHORS = 256;

export class SearchBudgets {
  readonly #all = new TokenBucket(OF_ALL.perSecond, OF_ALL.burst, performance.now());
  readonly #byAuthor = new Map<string, TokenBucket>();

  /** Milliseconds until a search for this author's card may run, or 0. */
  wait(author: string): number {
    const now = performance.now();
    return Math.max(this.#all.wait(now), this.#byAuthor.get(author)?.wait(now) ?? 0);
  }

  charge(author: string, cost: number): void {
    const now = performance.now();
    const bucket = this.#byAuthor.get(author) ?? new TokenBucket(OF_ONE.perSecond, OF_ONE.burst, now);
    this.#byAuthor.delete(author);
    this.#byAuthor.set(author, bucket);
    bucket.charge(now, cost);
    this.#all.charge(now, cost);
    const [oldest] = this.#byAuthor.keys();
    if (this.#byAuthor.size > MOST_AUTHORS && oldest !== undefined) this.#byAuthor.delete(oldest);
  }
}
