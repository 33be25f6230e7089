// Which members are in each network, and who makes room in a full lobby. What it decides follows from who is there and in which
// order they came, so halls with the same members decide alike. Pure.
import { networkKey } from "../../protocol/ipAddress.ts";
import { getOrMake } from "../budgets/getOrMake.ts";

type Place<M> = { readonly member: M; readonly network: string; readonly arrival: number };

/** The members of a network, in order of arrival. */
type Network<M> = Place<M>[];

export class MemberNetworks<M> {
  readonly #places = new Map<M, Place<M>>();
  readonly #networks = new Map<string, Network<M>>();
  /** By their number of members; among equals, the one with the newest member comes last. */
  readonly #ordered: Network<M>[] = [];
  #arrivals = 0;

  /** @param address what the member's address counts as; see addressKey */
  add(member: M, address: string): void {
    this.#put({ member, network: networkKey(address), arrival: ++this.#arrivals });
  }

  /** The member has come back from this address, and keeps its place in the order of arrival. */
  move(member: M, address: string): void {
    const place = this.#places.get(member);
    const network = networkKey(address);
    if (place === undefined || place.network === network) return;
    this.remove(member);
    this.#put({ ...place, network });
  }

  remove(member: M): void {
    const place = this.#places.get(member);
    if (place === undefined) return;
    this.#places.delete(member);
    this.#change(place.network, (places) => places.splice(indexBefore(places, place, byArrival), 1));
  }

  /**
   * Who makes room for someone at this address: the newest member of the network that has the most, unless theirs would have more
   * than half as many. So a few networks cannot close the lobby to everyone else.
   */
  toGo(address: string): M | undefined {
    const own = this.#networks.get(networkKey(address))?.length ?? 0;
    const largest = this.#ordered.at(-1) ?? [];
    return 2 * (own + 1) > largest.length ? undefined : largest.at(-1)?.member;
  }

  #put(place: Place<M>): void {
    this.#places.set(place.member, place);
    this.#change(place.network, (places) => places.splice(indexBefore(places, place, byArrival), 0, place));
  }

  #change(key: string, change: (network: Network<M>) => void): void {
    const network = getOrMake(this.#networks, key, (): Network<M> => []);
    if (network.length > 0) this.#ordered.splice(indexBefore(this.#ordered, network, bySize), 1);
    change(network);
    if (network.length > 0) this.#ordered.splice(indexBefore(this.#ordered, network, bySize), 0, network);
    else this.#networks.delete(key);
  }
}

function byArrival(a: Place<unknown>, b: Place<unknown>): number {
  return a.arrival - b.arrival;
}

function bySize(a: Network<unknown>, b: Network<unknown>): number {
  return a.length - b.length || (a.at(-1)?.arrival ?? 0) - (b.at(-1)?.arrival ?? 0);
}

/** The index of an item in a sorted list, or where it belongs. */
function indexBefore<T>(sorted: readonly T[], item: T, compare: (a: T, b: T) => number): number {
  let [start, end] = [0, sorted.length];
  while (start < end) {
    const middle = (start + end) >>> 1;
    const other = sorted[middle];
    if (other !== undefined && compare(other, item) < 0) start = middle + 1;
    else end = middle;
  }
  return start;
}
