// Bounds the cost of checking signatures of clients that have not joined: some per turn, one at a time per connection, and
// fewer for an address with many wrong ones. A connection without a wrong one always gets one check, so that others behind
// the same address can join. Pure; the time is passed in.
import { limits } from "../../protocol/limits.ts";
import { TokenBucket } from "../../protocol/tokenBucket.ts";
import { addressKey, networkKey } from "../../protocol/ipAddress.ts";
import { FairTurns } from "../budgets/fairTurns.ts";

/** What the gate needs of a connection. */
export type Stranger = { readonly address: string; readonly open: boolean };

type Wrong = { readonly bucket: TokenBucket; blockedUntil: number };

/** Addresses with wrong proofs that are remembered; the least recent are forgotten first. */
const MOST_ADDRESSES = 4096;

export class JoinGate {
  readonly #now: () => number;
  readonly #turns: FairTurns;
  readonly #waiting = new WeakSet<Stranger>();
  /** Connections that have sent a wrong proof. */
  readonly #suspects = new WeakSet<Stranger>();
  readonly #wrong = new Map<string, Wrong>();

  constructor(now: () => number, schedule: (turn: () => void) => void) {
    this.#now = now;
    this.#turns = new FairTurns(limits.proofsPerTurn, schedule);
  }

  /**
   * Calls `prove` now or in a later turn, unless the connection is closed by then.
   * @param prove checks the proof, and returns whether it was right
   * @returns 0, or the milliseconds until another proof is accepted if this one is not checked
   */
  pass(stranger: Stranger, prove: () => boolean): number {
    if (this.#waiting.has(stranger)) return limits.strangerRetryMs;
    const wait = this.#suspects.has(stranger) ? this.#waitOf(stranger.address) : 0;
    if (wait > 0) return wait;
    this.#waiting.add(stranger);
    this.#turns.run(stranger.address, () => {
      this.#waiting.delete(stranger);
      if (stranger.open && !prove()) this.#failed(stranger);
    });
    return 0;
  }

  #failed(stranger: Stranger): void {
    this.#suspects.add(stranger);
    const now = this.#now();
    for (const [key, share] of keysOf(stranger.address)) {
      const wrong = this.#wrong.get(key) ?? {
        bucket: new TokenBucket(share * limits.wrongProofsPerSecond, share * limits.wrongProofBurst, now),
        blockedUntil: 0,
      };
      this.#wrong.delete(key);
      this.#wrong.set(key, wrong);
      wrong.bucket.take(now);
      wrong.blockedUntil = now + wrong.bucket.wait(now);
    }
    for (const [key] of this.#wrong) {
      if (this.#wrong.size <= MOST_ADDRESSES) break;
      this.#wrong.delete(key);
    }
  }

  #waitOf(address: string): number {
    const now = this.#now();
    const waits = keysOf(address).map(([key]) => (this.#wrong.get(key)?.blockedUntil ?? 0) - now);
    return Math.max(0, ...waits);
  }
}

/** Shares of a /48, of which a single address has one. */
const SITE_SHARE = 4;

/** The keys that an address counts as, each with its number of shares. An IPv4 address has only itself. */
function keysOf(address: string): (readonly [key: string, share: number])[] {
  const own = addressKey(address);
  const site = networkKey(own);
  return site === own
    ? [[own, 1]]
    : [
        [own, 1],
        [site, SITE_SHARE],
      ];
}
