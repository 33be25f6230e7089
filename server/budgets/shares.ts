// Decides which entry of a full table makes room: that of the newest key, at the address with the most entries. A client that
// makes endless keys takes places only from itself, and the first entries stay. For entries that expire; others would keep
// newcomers out forever. Pure.
import type { Pin } from "../../protocol/fields.ts";
import { networkKey } from "../../protocol/ipAddress.ts";
import { getOrMake } from "./getOrMake.ts";
import { Ranking } from "./ranking.ts";

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
  readonly #networks = new Ranking();
  /** By network, then by address. */
  readonly #addresses = new Map<string, Ranking>();
  /** Ordered by the age of the key, oldest first: all entries, and those of each address. */
  readonly #byAge: Share<T>[] = [];
  readonly #byAddress = new Map<string, Share<T>[]>();
  readonly #byPin = new Map<Pin, Set<T>>();

  get size(): number {
    return this.#shares.size;
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

  /** The entry that makes room if there is one too many. */
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
