// Bounds the old messages sent to newcomers, which cost far more than a `join`: bytes per network and for all. The user list
// is not counted, because a crowd that joins at once needs it. Pure; the time is passed in.
import { limits } from "../../protocol/limits.ts";
import { TokenBucket } from "../../protocol/tokenBucket.ts";
import { addressKey, networkKey } from "../../protocol/ipAddress.ts";
import { Budgets } from "../budgets/budgets.ts";

/** Old messages as frames, oldest first. `gap`: some are missing. */
export type Missed = { readonly frames: readonly Buffer[]; readonly gap: boolean };

export class Welcomes {
  /** Milliseconds of a clock that never goes back. */
  readonly #now: () => number;
  readonly #all: TokenBucket;
  readonly #ofNetwork = new Budgets<"bytes", string>(
    { bytes: { perSecond: limits.welcomeBytesPerSecond, burst: limits.welcomeBurstBytes } },
    2 * limits.clients,
  );

  constructor(now: () => number) {
    this.#now = now;
    this.#all = new TokenBucket(limits.allWelcomesBytesPerSecond, limits.allWelcomesBurstBytes, now());
  }

  /**
   * The old messages that someone at this address gets now: all of them while the budgets last, then the newest that fit into
   * `leastWelcomeBytes`. No one is refused, so a flood of joins does not lock out its neighbors.
   */
  take(address: string, missed: Missed): Missed {
    const now = this.#now();
    const network = networkOf(address);
    if (this.#all.wait(now) > 0 || this.#ofNetwork.wait("bytes", network, now) > 0) return newestOf(missed);
    const bytes = missed.frames.reduce((sum, { length }) => sum + length, 0);
    this.#all.charge(now, bytes);
    this.#ofNetwork.charge("bytes", network, now, bytes);
    return missed;
  }
}

function newestOf({ frames, gap }: Missed): Missed {
  let start = frames.length;
  let left = limits.leastWelcomeBytes;
  while (start > 0) {
    left -= frames[start - 1]?.length ?? 0;
    if (left < 0) break;
    start -= 1;
  }
  return { frames: frames.slice(start), gap: gap || start > 0 };
}

function networkOf(address: string): string {
  return networkKey(addressKey(address));
}
