// Finds the heaviest user of something: the newest item of the key that has the most, at the address that has the most, in the
// network that has the most. Heavy users give way, also to others behind the same address. Each step takes the same time,
// however many items there are. Pure.
import { getOrMake } from "./getOrMake.ts";
import { KeyWeights, type Keeper, type KeyCounts } from "./weights.ts";

export class Heaviest<T> {
  readonly #keepers = new Map<T, Keeper>();
  readonly #weights: KeyWeights;
  /** Of one key at one address, the oldest first. */
  readonly #items = new Map<string, Set<T>>();

  /** @param kept saved items with their keepers, in order; `counts` were saved with them */
  constructor(kept: readonly (readonly [item: T, keeper: Keeper])[] = [], counts?: KeyCounts) {
    this.#weights = new KeyWeights(counts);
    for (const [item, keeper] of kept) this.#keep(item, keeper);
  }

  get size(): number {
    return this.#keepers.size;
  }

  /** The items with their keepers, in their order. */
  entries(): [T, Keeper][] {
    return [...this.#keepers];
  }

  counts(): KeyCounts {
    return this.#weights.counts();
  }

  ofAddress(address: string): number {
    return this.#weights.ofAddress(address);
  }

  add(item: T, { pin, address }: Keeper): void {
    this.delete(item);
    this.#keep(item, { pin, address });
    this.#weights.add({ pin, address });
  }

  delete(item: T): void {
    const keeper = this.#keepers.get(item);
    if (keeper === undefined) return;
    this.#keepers.delete(item);
    this.#weights.remove(keeper);
    const key = itemsKey(keeper);
    const items = this.#items.get(key);
    items?.delete(item);
    if (items?.size === 0) this.#items.delete(key);
  }

  /** The item to evict next, of all or of one address. The work grows with what its key has. */
  toGo(address = this.#weights.heaviestAddress ?? ""): T | undefined {
    const pin = this.#weights.heaviestPin(address);
    if (pin === undefined) return undefined;
    return [...(this.#items.get(itemsKey({ pin, address })) ?? [])].at(-1);
  }

  #keep(item: T, keeper: Keeper): void {
    this.#keepers.set(item, keeper);
    getOrMake(this.#items, itemsKey(keeper), () => new Set<T>()).add(item);
  }
}

function itemsKey({ pin, address }: Keeper): string {
  return `${address} ${pin}`;
}
