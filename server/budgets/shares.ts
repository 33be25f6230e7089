// Which entry of a full table makes room: one of the address with the most entries, there that of the newest key. A client that
// makes endless keys only takes places from itself, and those that came first stay. For entries that expire, since others would
// keep newcomers out for good. Pure.
import type { Pin } from "../../protocol/fields.ts";
import { networkKey } from "../../protocol/ipAddress.ts";
import { getOrMake } from "./getOrMake.ts";
import { Ranking } from "./ranking.ts";

/** Who an entry is charged to. */
export type Owner = {
  readonly pin: Pin;
  /** What its address counts as; see addressKey. */
  readonly address: string;
  /** When its key first came; milliseconds since 1970. */
  readonly since: number;
};

/** An address with no more entries than this, a class behind one router, takes too much from nobody. */
const SMALL = 64;

/** Not the owner itself, which may be larger, and change. */
type Share<T> = Owner & { readonly item: T };

export class Shares<T> {
  readonly #shares = new Map<T, Share<T>>();
  readonly #networks = new Ranking();
  /** By network, then by address. */
  readonly #addresses = new Map<string, Ranking>();
  /** Ordered by age, the oldest key's first: all, and those of each address. */
  readonly #byAge: Share<T>[] = [];
  readonly #byAddress = new Map<string, Share<T>[]>();
  readonly #byPin = new Map<Pin, Set<T>>();

  get size(): number {
    return this.#shares.size;
  }

  has(item: T): boolean {
    return this.#shares.has(item);
  }

  /** What a key has, the oldest entry first. */
  of(pin: Pin): ReadonlySet<T> {
    return this.#byPin.get(pin) ?? new Set();
  }

  add(item: T, owner: Owner): void {
    this.delete(item);
    const { pin, address, since } = owner;
    const share = { item, pin, address, since };
    this.#shares.set(item, share);
    const network = networkKey(address);
    this.#networks.add(network);
    getOrMake(this.#addresses, network, () => new Ranking()).add(address);
    insert(this.#byAge, share);
    insert(
      getOrMake(this.#byAddress, address, (): Share<T>[] => []),
      share,
    );
    getOrMake(this.#byPin, pin, () => new Set<T>()).add(item);
  }

  delete(item: T): boolean {
    const share = this.#shares.get(item);
    if (share === undefined) return false;
    const { pin, address } = share;
    this.#shares.delete(item);
    const network = networkKey(address);
    this.#networks.remove(network);
    if (this.#addresses.get(network)?.remove(address) === 0) this.#addresses.delete(network);
    const ofAddress = this.#byAddress.get(address) ?? [];
    for (const ordered of [this.#byAge, ofAddress]) remove(ordered, share);
    if (ofAddress.length === 0) this.#byAddress.delete(address);
    const ofPin = this.#byPin.get(pin);
    ofPin?.delete(item);
    if (ofPin?.size === 0) this.#byPin.delete(pin);
    return true;
  }

  /** The entry that goes when there is one too many. */
  toGo(): T | undefined {
    if (this.#networks.most <= SMALL) return this.#byAge.at(-1)?.item;
    const address = this.#addresses.get(this.#networks.heaviest ?? "")?.heaviest;
    return this.#byAddress.get(address ?? "")?.at(-1)?.item;
  }
}

function insert<T>(ordered: Share<T>[], share: Share<T>): void {
  ordered.splice(placeAfter(ordered, share.since), 0, share);
}

function remove<T>(ordered: Share<T>[], share: Share<T>): void {
  ordered.splice(ordered.lastIndexOf(share, placeAfter(ordered, share.since) - 1), 1);
}

/** Where an entry of that age belongs: behind all that are as old. */
function placeAfter<T>(ordered: readonly Share<T>[], since: number): number {
  let [start, end] = [0, ordered.length];
  while (start < end) {
    const middle = (start + end) >>> 1;
    if ((ordered[middle]?.since ?? 0) <= since) start = middle + 1;
    else end = middle;
  }
  return start;
}
