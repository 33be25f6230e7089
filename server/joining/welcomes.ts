// The messages that newcomers are told cost far more than their `join`. So they have budgets of bytes, for the network that
// the newcomers come from and for all. The list of users is not counted: a crowd that comes at once needs it. Pure; the time is
// passed in.
import { limits } from "../../protocol/limits.ts";
import { TokenBucket } from "../../protocol/tokenBucket.ts";
import { addressKey, networkKey } from "../../protocol/ipAddress.ts";
import { Budgets } from "../budgets/budgets.ts";

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

  /** Milliseconds until someone from this address may be told it all; 0 for now. */
  wait(address: string): number {
    const now = this.#now();
    return Math.max(this.#all.wait(now), this.#ofNetwork.wait("bytes", networkOf(address), now));
  }

  /** All of this was sent to someone at this address. */
  charge(address: string, frames: readonly Buffer[]): void {
    const now = this.#now();
    const bytes = frames.reduce((sum, { length }) => sum + length, 0);
    this.#all.charge(now, bytes);
    this.#ofNetwork.charge("bytes", networkOf(address), now, bytes);
  }
}

function networkOf(address: string): string {
  return networkKey(addressKey(address));
}
