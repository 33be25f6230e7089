// Limits bytes through the relay per key, per address and in all, however many tunnels they use. Light senders do not wait for
// heavy ones. Pure; the time is passed in.
import { BytePace } from "../budgets/bytePace.ts";
import type { Owner } from "../budgets/shares.ts";

export type RelayRates = { readonly ofKey: number; readonly ofAddress: number; readonly inAll: number };

/** The share of an address's rate that passes even when the relay is busy. */
const LITTLE_OF_ADDRESS = 1 / 64;
/**
 * The share of a key's rate that always passes, also when its address is busy: enough for TLS handshakes and typed messages.
 */
const LITTLE_OF_KEY = 1 / 1024;

export class RelayPace {
  readonly #rates: RelayRates;
  readonly #keys = new Paces();
  readonly #addresses = new Paces();
  readonly #all: BytePace;

  constructor(rates: RelayRates, now: number) {
    this.#rates = rates;
    this.#all = new BytePace(rates.inAll, now);
  }

  /** Number of keys and addresses remembered. */
  get size(): number {
    return this.#keys.size + this.#addresses.size;
  }

  /** Charges bytes that a sender has passed. Returns the milliseconds that it has to pause. */
  charge({ pin, address }: Pick<Owner, "pin" | "address">, bytes: number, now: number): number {
    const { ofKey, ofAddress } = this.#rates;
    const key = this.#keys.of(pin, ofKey, now);
    const place = this.#addresses.of(address, ofAddress, now);
    const rests = {
      key: key.charge(bytes, now),
      address: place.charge(bytes, now),
      all: this.#all.charge(bytes, now),
    };
    if (key.recent(now) <= ofKey * LITTLE_OF_KEY) return rests.key;
    if (place.recent(now) <= ofAddress * LITTLE_OF_ADDRESS) return Math.max(rests.key, rests.address);
    return Math.max(rests.key, rests.address, rests.all);
  }
}

/** Paces by key or address. Idle ones are like new, so they are forgotten. */
class Paces {
  readonly #paces = new Map<string, BytePace>();

  get size(): number {
    return this.#paces.size;
  }

  of(key: string, perSecond: number, now: number): BytePace {
    const pace = this.#paces.get(key) ?? new BytePace(perSecond, now);
    this.#forgetIdle(now);
    // Ordered by last use, most recent last.
    this.#paces.delete(key);
    this.#paces.set(key, pace);
    return pace;
  }

  /** Checks two for each one that may be added, so that idle ones are soon forgotten. */
  #forgetIdle(now: number): void {
    let left = 2;
    for (const [key, pace] of this.#paces) {
      if (left === 0 || pace.recent(now) > 0) return;
      this.#paces.delete(key);
      left -= 1;
    }
  }
}
