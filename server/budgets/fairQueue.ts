// Orders what waits for a shared rate: fair queueing on two levels, between groups (addresses) and between the flows (keys)
// of each group. Light users are served before heavy ones, however many heavy ones there are. Bounded: the heaviest flow of
// the heaviest group gives way. Pure.
//
// Each item has a start and a finish in virtual time, in which all flows are served at once. It starts where its flow's last
// item finished, or now, and takes as long as it costs. The earliest finish is next. Groups compete in the same way.

export type Waiting<T> = {
  /** The flow that it belongs to. */
  readonly flow: string;
  /** The group, for owners who can make any number of flows. */
  readonly group: string;
  readonly cost: number;
  /** When it arrived. */
  readonly since: number;
  readonly item: T;
};

type Timed<T> = Waiting<T> & { readonly start: number; readonly finish: number };

type Group<T> = {
  /** Ordered by finish, earliest first. */
  items: Timed<T>[];
  /** Where each flow's last item finishes. */
  flows: Map<string, number>;
  /** Virtual time within the group. */
  clock: number;
  /** Where its next item starts, among the groups. */
  start: number;
};

export class FairQueue<T> {
  readonly #most: number;
  readonly #mostOfGroup: number;
  readonly #groups = new Map<string, Group<T>>();
  #clock = 0;
  #size = 0;

  constructor(most: number, mostOfGroup: number) {
    this.#most = most;
    this.#mostOfGroup = mostOfGroup;
  }

  get size(): number {
    return this.#size;
  }

  /** Number of remembered flows, with or without waiting items. */
  get flows(): number {
    return [...this.#groups.values()].reduce((count, { flows }) => count + flows.size, 0);
  }

  /** @returns the item that has to give way, if any; possibly the new one */
  add(waiting: Waiting<T>): Waiting<T> | undefined {
    const group = this.#group(waiting.group);
    const start = Math.max(group.clock, group.flows.get(waiting.flow) ?? 0);
    const timed = { ...waiting, start, finish: start + waiting.cost };
    const after = group.items.findIndex(({ finish }) => finish > timed.finish);
    if (group.items.length === 0) group.start = Math.max(group.start, this.#clock);
    group.items.splice(after < 0 ? group.items.length : after, 0, timed);
    group.flows.set(timed.flow, timed.finish);
    this.#size += 1;
    if (group.items.length > this.#mostOfGroup) return this.#giveWay(group);
    return this.#size > this.#most ? this.#giveWay(this.#largest()) : undefined;
  }

  /** Removes and returns the next item among those that may go. */
  take(mayGo: (waiting: Waiting<T>) => boolean): Waiting<T> | undefined {
    let best: { readonly group: Group<T>; readonly next: Timed<T>; readonly finish: number } | undefined;
    for (const group of this.#groups.values()) {
      const next = group.items.find(mayGo);
      if (next === undefined) continue;
      const finish = group.start + next.cost;
      if (best === undefined || finish < best.finish) best = { group, next, finish };
    }
    if (best === undefined) return undefined;
    const { group, next, finish } = best;
    this.#clock = Math.max(this.#clock, group.start);
    group.start = finish;
    group.clock = Math.max(group.clock, next.start);
    this.#drop(group, next);
    return next;
  }

  /** Removes all that match. */
  remove(fits: (waiting: Waiting<T>) => boolean): Waiting<T>[] {
    const gone: Waiting<T>[] = [];
    for (const group of [...this.#groups.values()]) {
      for (const each of group.items.filter(fits)) {
        gone.push(each);
        this.#drop(group, each);
      }
    }
    return gone;
  }

  /** The smallest number among the items; Infinity if there are none. */
  least(of: (waiting: Waiting<T>) => number): number {
    let least = Infinity;
    for (const { items } of this.#groups.values()) {
      for (const each of items) least = Math.min(least, of(each));
    }
    return least;
  }

  #group(name: string): Group<T> {
    let group = this.#groups.get(name);
    if (group === undefined) {
      this.#forgetSome();
      group = { items: [], flows: new Map(), clock: 0, start: 0 };
      this.#groups.set(name, group);
    }
    if (group.flows.size >= 2 * this.#mostOfGroup) {
      const there = new Set(group.items.map(({ flow }) => flow));
      for (const flow of group.flows.keys()) if (!there.has(flow)) group.flows.delete(flow);
    }
    return group;
  }

  /** Flows without waiting items are remembered only for their share. */
  #forgetSome(): void {
    if (this.#groups.size < 2 * this.#most) return;
    for (const [name, { items }] of this.#groups) if (items.length === 0) this.#groups.delete(name);
  }

  #largest(): Group<T> {
    const groups = [...this.#groups.values()];
    return groups.reduce((most, group) => (group.items.length > most.items.length ? group : most));
  }

  /** The item that finishes last is the last one of its flow. */
  #giveWay(group: Group<T>): Waiting<T> | undefined {
    const last = group.items.at(-1);
    if (last === undefined) return undefined;
    group.flows.set(last.flow, last.start);
    this.#drop(group, last);
    return last;
  }

  #drop(group: Group<T>, item: Timed<T>): void {
    group.items.splice(group.items.indexOf(item), 1);
    this.#size -= 1;
    if (this.#size > 0) return;
    // Nothing waits, so past use no longer reduces anyone's share.
    this.#groups.clear();
    this.#clock = 0;
  }
}
