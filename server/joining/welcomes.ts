// The messages that newcomers are told cost far more than their `join`. So they have budgets of bytes, for the network that
// the newcomers come from and for all. The list of users is not counted: a crowd that comes at once needs it. Pure; the time is
// passed in.
import { limits } from "../../protocol/limits.ts";
import { TokenBucket } from "../../protocol/tokenBucket.ts";
import { addressKey, networkKey } from "../../protocol/ipAddress.ts";
import { Budgets } from "../budgets/budgets.ts";

/** Old messages as frames, oldest first; `gap` says that some are left out. */
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
   * What of it someone at this address is told now: all of it while the budgets last, and then the newest messages that fit into
   * `leastWelcomeBytes`. Nobody is refused, so a flood of joins locks none of its neighbors out.
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
