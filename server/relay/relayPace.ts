// How fast bytes may pass the relay, whatever number of tunnels they take: those of one key, of one address, and all. Who sends
// little does not wait because others send much. Pure; the time is passed in.
import { BytePace } from "../budgets/bytePace.ts";
import type { Owner } from "../budgets/shares.ts";

export type RelayRates = { readonly ofKey: number; readonly ofAddress: number; readonly inAll: number };

/** This part of what an address may send passes when the relay is busy, too. */
const LITTLE_OF_ADDRESS = 1 / 64;
/** This part of what a key may send passes whatever others send, at its address, too: TLS handshakes and written messages. */
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

  /** Keys and addresses that are remembered. */
  get size(): number {
    return this.#keys.size + this.#addresses.size;
  }

  /** Bytes of a sender have passed: returns the milliseconds that it has to rest. */
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

/** Paces by what they are for. One that is idle is as good as new, and forgotten. */
class Paces {
  readonly #paces = new Map<string, BytePace>();

  get size(): number {
    return this.#paces.size;
  }

  of(key: string, perSecond: number, now: number): BytePace {
    const pace = this.#paces.get(key) ?? new BytePace(perSecond, now);
    this.#forgetIdle(now);
    // Those that passed bytes last come last.
    this.#paces.delete(key);
    this.#paces.set(key, pace);
    return pace;
  }

  /** Looks at two for each one that may be added: what is idle is soon gone. */
  #forgetIdle(now: number): void {
    let left = 2;
    for (const [key, pace] of this.#paces) {
      if (left === 0 || pace.recent(now) > 0) return;
      this.#paces.delete(key);
      left -= 1;
    }
  }
}
