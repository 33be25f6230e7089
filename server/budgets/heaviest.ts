// Finds the heaviest user of something: the newest item of the key that has the most, at the address that has the most, in the
// network that has the most. Heavy users give way, also to others behind the same address. Each step takes the same time,
// however many items there are. Pure.
import type { Pin } from "../../protocol/fields.ts";
import { networkKey } from "../../protocol/ipAddress.ts";
import { getOrMake } from "./getOrMake.ts";
import { Ranking } from "./ranking.ts";

/** `address`: what it counts as; see addressKey. */
export type Keeper = { readonly pin: Pin; readonly address: string };

export class Heaviest<T> {
  readonly #keepers = new Map<T, Keeper>();
  readonly #networks = new Ranking();
  /** By network, then by address. */
  readonly #addresses = new Map<string, Ranking>();
  readonly #pins = new Map<string, Ranking<Pin>>();
  /** Of one key at one address, the oldest first. */
  readonly #items = new Map<string, Set<T>>();

  get size(): number {
    return this.#keepers.size;
  }

  ofAddress(address: string): number {
    return this.#addresses.get(networkKey(address))?.of(address) ?? 0;
  }

  add(item: T, { pin, address }: Keeper): void {
    this.delete(item);
    this.#keepers.set(item, { pin, address });
    const network = networkKey(address);
    this.#networks.add(network);
    getOrMake(this.#addresses, network, () => new Ranking()).add(address);
    getOrMake(this.#pins, address, () => new Ranking<Pin>()).add(pin);
    getOrMake(this.#items, `${address} ${pin}`, () => new Set<T>()).add(item);
  }

  delete(item: T): void {
    const keeper = this.#keepers.get(item);
    if (keeper === undefined) return;
    const { pin, address } = keeper;
    this.#keepers.delete(item);
    const network = networkKey(address);
    this.#networks.remove(network);
    if (this.#addresses.get(network)?.remove(address) === 0) this.#addresses.delete(network);
    if (this.#pins.get(address)?.remove(pin) === 0) this.#pins.delete(address);
    const items = this.#items.get(`${address} ${pin}`);
    items?.delete(item);
    if (items?.size === 0) this.#items.delete(`${address} ${pin}`);
  }

  /** The item to evict next, of all or of one address. The work grows with what its key has. */
  toGo(address = this.#addresses.get(this.#networks.heaviest ?? "")?.heaviest ?? ""): T | undefined {
    const pin = this.#pins.get(address)?.heaviest;
    return [...(this.#items.get(`${address} ${pin}`) ?? [])].at(-1);
  }
}
