// Decides which entry of a full table makes room: that of the newest key, at the address with the most entries. A client that
// makes endless keys takes places only from itself, and the first entries stay. For entries that expire; others would keep
// newcomers out forever. Pure.
import type { Pin } from "../../protocol/fields.ts";
import { getOrMake } from "./getOrMake.ts";
import { AddressWeights, type AddressCounts } from "./weights.ts";

/** Who an entry is charged to. */
export type Owner = {
  readonly pin: Pin;
  /** What its address counts as; see addressKey. */
  readonly address: string;
  /** When its key was first seen, in milliseconds since 1970. */
  readonly since: number;
};

/** An address with at most this many entries, such as a class behind one router, never has to make room as the largest. */
const SMALL = 64;

/** A copy, because the owner object may be larger and change. */
type Share<T> = Owner & { readonly item: T };

export class Shares<T> {
  readonly #shares = new Map<T, Share<T>>();
  readonly #weights: AddressWeights;
  /** Ordered by the age of the key, oldest first: all entries, and those of each address. */
  readonly #byAge: Share<T>[] = [];
  readonly #byAddress = new Map<string, Share<T>[]>();
  readonly #byPin = new Map<Pin, Set<T>>();

  /** @param items saved items with their owners, in order; `counts` were saved with them */
  constructor(items: readonly (readonly [item: T, owner: Owner])[] = [], counts?: AddressCounts) {
    this.#weights = new AddressWeights(counts);
    for (const [item, owner] of items) this.#keep(item, owner);
  }

  get size(): number {
    return this.#shares.size;
  }

  counts(): AddressCounts {
    return this.#weights.counts();
  }

  has(item: T): boolean {
    return this.#shares.has(item);
  }

  /** The entries of a key, oldest first. */
  of(pin: Pin): ReadonlySet<T> {
    return this.#byPin.get(pin) ?? new Set();
  }

  add(item: T, owner: Owner): void {
    this.delete(item);
    this.#keep(item, owner);
    this.#weights.add(owner.address);
  }

  delete(item: T): boolean {
    const share = this.#shares.get(item);
    if (share === undefined) return false;
    const { pin, address } = share;
    this.#shares.delete(item);
    this.#weights.remove(address);
    const ofAddress = this.#byAddress.get(address) ?? [];
    for (const ordered of [this.#byAge, ofAddress]) remove(ordered, share);
    if (ofAddress.length === 0) this.#byAddress.delete(address);
    const ofPin = this.#byPin.get(pin);
    ofPin?.delete(item);
    if (ofPin?.size === 0) this.#byPin.delete(pin);
    return true;
  }

  /** The entry that makes room if there is one too many. */
  toGo(): T | undefined {
    if (this.#weights.most <= SMALL) return this.#byAge.at(-1)?.item;
    return this.#byAddress.get(this.#weights.heaviest ?? "")?.at(-1)?.item;
  }

  #keep(item: T, { pin, address, since }: Owner): void {
    const share = { item, pin, address, since };
    this.#shares.set(item, share);
    insert(this.#byAge, share);
    insert(
      getOrMake(this.#byAddress, address, (): Share<T>[] => []),
      share,
    );
    getOrMake(this.#byPin, pin, () => new Set<T>()).add(item);
  }
}

function insert<T>(ordered: Share<T>[], share: Share<T>): void {
  ordered.splice(placeAfter(ordered, share.since), 0, share);
}

function remove<T>(ordered: Share<T>[], share: Share<T>): void {
  ordered.splice(ordered.lastIndexOf(share, placeAfter(ordered, share.since) - 1), 1);
}

/** The index for an entry of this age: after all that are as old. */
function placeAfter<T>(ordered: readonly Share<T>[], since: number): number {
  let [start, end] = [0, ordered.length];
  while (start < end) {
    const middle = (start + end) >>> 1;
    if ((ordered[middle]?.since ?? 0) <= since) start = middle + 1;
    else end = middle;
  }
  return start;
}
