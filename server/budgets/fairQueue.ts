// A queue for a shared rate, and whose turn it is: fair queueing on three levels, between networks (an IPv6 /48),
// between the addresses of each (a /64), and between the flows (keys) of each address. A flow that has asked for little is served
// before those that ask for much, however many these are. A flow that may not go yet is passed over until then, and is not
// looked at meanwhile: the work for each item grows with the logarithm of what waits. The queue is bounded: when it is full, the
// flow that asks for most loses an item, at the address that has most. Pure; the time is passed in.
import { networkKey } from "../../protocol/ipAddress.ts";
import { Counts } from "./counts.ts";
import { Heap } from "./heap.ts";
import { Holdings } from "./holdings.ts";
import { Share } from "./share.ts";

export type Waiting<T> = {
  /** Identifies its owner. */
  readonly flow: string;
  /** Its address; see addressKey. Anyone can make as many flows there as they like. */
  readonly address: string;
  readonly cost: number;
  readonly item: T;
};

/** How many may wait: in all, of one address, and of one flow across its addresses. */
export type FairQueueLimits = { readonly all: number; readonly ofAddress: number; readonly ofFlow: number };

export class FairQueue<T> {
  readonly #limits: FairQueueLimits;
  #all: Share<Waiting<T>>;
  readonly #byItem = new Map<T, { readonly waiting: Waiting<T>; readonly flow: Share<Waiting<T>> }>();
  readonly #holdings = new Holdings<T>();
  readonly #ofFlow = new Counts();
  /** Flows that may not go yet, by the time from which they may. */
  readonly #passedOver = new Heap<Share<Waiting<T>>>();

  constructor(limits: FairQueueLimits) {
    this.#limits = limits;
    this.#all = new Share("", undefined, limits.all);
  }

  get size(): number {
    return this.#byItem.size;
  }

  /** Flows that are remembered, whether something of theirs waits or not. */
  get flows(): number {
    return this.#all.size;
  }

  /** When the first of those that were passed over may go; Infinity without any. */
  get readyAt(): number {
    return this.#passedOver.firstRank;
  }

  /** @returns what has to give way, if anything: it may be the new one itself */
  add(waiting: Waiting<T>): T | undefined {
    const { item, address } = waiting;
    const flow = this.#all
      .child(networkKey(address), this.#limits.ofAddress)
      .child(address, this.#limits.ofAddress)
      .child(waiting.flow, 0);
    flow.items.push(waiting);
    this.#byItem.set(item, { waiting, flow });
    this.#holdings.add(item, address);
    this.#ofFlow.add(waiting.flow);
    flow.update();
    const excess = this.#excess(waiting);
    if (excess !== undefined) this.delete(excess);
    return excess;
  }

  /**
   * The one whose turn it is, among those that may go; it is taken out.
   * @param waitOf how long something may not go yet. It is the same for all of a flow
   */
  take(now: number, waitOf: (waiting: Waiting<T>) => number): T | undefined {
    while (this.#passedOver.firstRank <= now) this.#pass(this.#passedOver.first, now, 0);
    for (;;) {
      const flow = this.#all.next;
      const next = flow?.items[0];
      if (flow === undefined || next === undefined) return undefined;
      const wait = waitOf(next);
      if (wait > 0) {
        this.#pass(flow, now, wait);
        continue;
      }
      flow.serve();
      this.#forget(next, flow);
      return next.item;
    }
  }

  /** Takes it out, wherever it waits. */
  delete(item: T): void {
    const found = this.#byItem.get(item);
    if (found === undefined) return;
    const { waiting, flow } = found;
    flow.items.splice(flow.items.indexOf(waiting), 1);
    flow.update();
    this.#forget(waiting, flow);
  }

  /** Passes a flow over for so long, or no more. */
  #pass(flow: Share<Waiting<T>> | undefined, now: number, wait: number): void {
    if (flow === undefined) return;
    flow.isPassedOver = wait > 0;
    if (wait > 0) this.#passedOver.set(flow, now + wait);
    else this.#passedOver.delete(flow);
    flow.update();
  }

  #forget({ item, flow: name }: Waiting<T>, flow: Share<Waiting<T>>): void {
    this.#byItem.delete(item);
    this.#holdings.delete(item);
    this.#ofFlow.remove(name);
    if (flow.items.length === 0) this.#passedOver.delete(flow);
    // Nothing waits, so past use no longer reduces any share.
    if (this.size === 0) this.#all = new Share("", undefined, this.#limits.all);
  }

  #excess({ flow, address, item }: Waiting<T>): T | undefined {
    const { all, ofAddress, ofFlow } = this.#limits;
    if (this.#ofFlow.of(flow) > ofFlow) return item;
    if (this.#holdings.of(address) > ofAddress) return this.#lastOf(address);
    return this.size > all ? this.#lastOf(this.#holdings.heaviest ?? "") : undefined;
  }

  /** The item of an address that finishes last. An address has few waiting items. */
  #lastOf(address: string): T | undefined {
    const flows = [
      ...(this.#all.children.get(networkKey(address))?.children.get(address)?.children.values() ?? []),
    ];
    const last = flows.reduce((most, flow) => (flow.finish > most.finish ? flow : most));
    return last.items.at(-1)?.item;
  }
}
