// What each network, address and key has of something, and which has the most. Each step takes constant time.
import type { Pin } from "../../protocol/fields.ts";
import { networkKey } from "../../protocol/ipAddress.ts";
import { getOrMake } from "./getOrMake.ts";
import { Ranking, type Ranked } from "./ranking.ts";

/** The person something is counted for. `address`: what it counts as; see addressKey. */
export type Keeper = { readonly pin: Pin; readonly address: string };

/** By network, with addresses in it; and by address, with keys at it. */
export type AddressCounts = { readonly networks: Ranked; readonly addresses: readonly Group<string>[] };
export type KeyCounts = AddressCounts & { readonly pins: readonly Group<Pin>[] };
type Group<K extends string> = readonly [key: string, ranked: Ranked<K>];

/** By network and address. */
export class AddressWeights {
  readonly #networks: Ranking;
  readonly #addresses: Groups<string>;

  /** @param counts saved counts to continue from */
  constructor({ networks, addresses }: AddressCounts = { networks: [], addresses: [] }) {
    this.#networks = new Ranking(networks);
    this.#addresses = new Groups(addresses);
  }

  /** What the heaviest network has. */
  get most(): number {
    return this.#networks.most;
  }

  /** The heaviest address in the heaviest network. */
  get heaviest(): string | undefined {
    return this.#addresses.heaviest(this.#networks.heaviest);
  }

  of(address: string): number {
    return this.#addresses.of(networkKey(address), address);
  }

  /** What the whole network of an address has. */
  ofNetwork(address: string): number {
    return this.#networks.of(networkKey(address));
  }

  /** @param times the work grows with it */
  add(address: string, times = 1): void {
    const network = networkKey(address);
    for (let n = 0; n < times; n++) {
      this.#networks.add(network);
      this.#addresses.add(network, address);
    }
  }

  remove(address: string, times = 1): void {
    const network = networkKey(address);
    for (let n = 0; n < times; n++) {
      this.#networks.remove(network);
      this.#addresses.remove(network, address);
    }
  }

  /** All counts, to be saved. */
  counts(): AddressCounts {
    return { networks: this.#networks.entries(), addresses: this.#addresses.entries() };
  }
}

/** By network, address and key. */
export class KeyWeights {
  readonly #addresses: AddressWeights;
  readonly #pins: Groups<Pin>;

  /** @param counts saved counts to continue from */
  constructor(counts?: KeyCounts) {
    this.#addresses = new AddressWeights(counts);
    this.#pins = new Groups(counts?.pins ?? []);
  }

  get heaviestAddress(): string | undefined {
    return this.#addresses.heaviest;
  }

  /** The heaviest key at an address. */
  heaviestPin(address: string | undefined): Pin | undefined {
    return this.#pins.heaviest(address);
  }

  ofAddress(address: string): number {
    return this.#addresses.of(address);
  }

  add({ pin, address }: Keeper): void {
    this.#addresses.add(address);
    this.#pins.add(address, pin);
  }

  remove({ pin, address }: Keeper): void {
    this.#addresses.remove(address);
    this.#pins.remove(address, pin);
  }

  /** All counts, to be saved. */
  counts(): KeyCounts {
    return { ...this.#addresses.counts(), pins: this.#pins.entries() };
  }
}

/** A ranking for each group, while there is anything in it. */
class Groups<K extends string> {
  readonly #rankings: Map<string, Ranking<K>>;

  constructor(groups: readonly Group<K>[]) {
    this.#rankings = new Map(groups.map(([key, ranked]) => [key, new Ranking(ranked)]));
  }

  heaviest(group: string | undefined): K | undefined {
    return group === undefined ? undefined : this.#rankings.get(group)?.heaviest;
  }

  of(group: string, key: K): number {
    return this.#rankings.get(group)?.of(key) ?? 0;
  }

  add(group: string, key: K): void {
    getOrMake(this.#rankings, group, () => new Ranking<K>()).add(key);
  }

  remove(group: string, key: K): void {
    if (this.#rankings.get(group)?.remove(key) === 0) this.#rankings.delete(group);
  }

  entries(): Group<K>[] {
    return [...this.#rankings].map(([key, ranking]) => [key, ranking.entries()]);
  }
}
