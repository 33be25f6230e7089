// Tracks what connections hold, by network and address, and decides which one to evict: the oldest of the address that holds
// the most, within the network (an IPv6 /48) that holds the most. Pure.
import { getOrMake } from "./getOrMake.ts";
import { AddressWeights } from "./weights.ts";

type Holding = { readonly address: string; readonly units: number };

export class Holdings<T> {
  readonly #holdings = new Map<T, Holding>();
  /** Items of each address, oldest first. */
  readonly #byAddress = new Map<string, Set<T>>();
  readonly #weights = new AddressWeights();
  #units = 0;

  /** The total of all items. */
  get units(): number {
    return this.#units;
  }

  unitsOf(item: T): number {
    return this.#holdings.get(item)?.units ?? 0;
  }

  has(item: T): boolean {
    return this.#holdings.has(item);
  }

  /**
   * Adds an item as the newest one.
   * @param address what its address counts as; see addressKey
   * @param units how much it holds; the work grows with it
   */
  add(item: T, address: string, units = 1): void {
    this.delete(item);
    this.#holdings.set(item, { address, units });
    this.#units += units;
    getOrMake(this.#byAddress, address, () => new Set<T>()).add(item);
    this.#weights.add(address, units);
  }

  delete(item: T): boolean {
    const holding = this.#holdings.get(item);
    if (holding === undefined) return false;
    const { address, units } = holding;
    this.#holdings.delete(item);
    this.#units -= units;
    const ofAddress = this.#byAddress.get(address);
    ofAddress?.delete(item);
    if (ofAddress?.size === 0) this.#byAddress.delete(address);
    this.#weights.remove(address, units);
    return true;
  }

  /** What an address holds. */
  of(address: string): number {
    return this.#weights.of(address);
  }

  /** What the whole network of an address holds. */
  ofNetwork(address: string): number {
    return this.#weights.ofNetwork(address);
  }

  /** The total of the network that holds the most. */
  get most(): number {
    return this.#weights.most;
  }

  /** The oldest item of an address. */
  oldestOf(address: string): T | undefined {
    return this.#byAddress.get(address)?.values().next().value;
  }

  /** The item to evict next. */
  toGo(): T | undefined {
    return this.oldestOf(this.heaviest ?? "");
  }

  /** The item to evict if older ones should stay. The work grows with the items of its address. */
  newestToGo(): T | undefined {
    return [...(this.#byAddress.get(this.heaviest ?? "") ?? [])].at(-1);
  }

  /** The address that holds the most, in the network that does. */
  get heaviest(): string | undefined {
    return this.#weights.heaviest;
  }
}
