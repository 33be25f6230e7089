// What waits for a rate that many share, and whose turn it is: fair queueing on two levels, between groups (addresses) and,
// within each, between flows (keys). Who has asked for little is served before those that ask for much, however many these are.
// Bounded: what asks for most gives way, of the group that has most. Pure.
//
// Each item has a start and a finish in virtual time, in which each flow is served as if all were served at once: it starts
// where its flow's last one finished, or now, and takes as long as it costs. The earliest finish is next. Groups compete in
// the same way.

export type Waiting<T> = {
  /** Whose it is. */
  readonly flow: string;
  /** Of those who can make themselves as many flows as they like. */
  readonly group: string;
  readonly cost: number;
  /** When it came. */
  readonly since: number;
  readonly item: T;
};

type Timed<T> = Waiting<T> & { readonly start: number; readonly finish: number };

type Group<T> = {
  /** The earliest finish first. */
  items: Timed<T>[];
  /** Where each flow's last item finishes. */
  flows: Map<string, number>;
  /** Virtual time within the group. */
  clock: number;
  /** Among the groups: where its next item starts. */
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

  /** Flows that are remembered, whether something of theirs waits or not. */
  get flows(): number {
    return [...this.#groups.values()].reduce((count, { flows }) => count + flows.size, 0);
  }

  /** @returns what has to give way, if anything: it may be the new one itself */
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

  /** The one whose turn it is, among those that may go; it is taken out. */
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

  /** Takes out all that fit. */
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

  /** The least of a number that each has; Infinity without any. */
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

  /** Those of which nothing waits are remembered for their share alone. */
  #forgetSome(): void {
    if (this.#groups.size < 2 * this.#most) return;
    for (const [name, { items }] of this.#groups) if (items.length === 0) this.#groups.delete(name);
  }

  #largest(): Group<T> {
    const groups = [...this.#groups.values()];
    return groups.reduce((most, group) => (group.items.length > most.items.length ? group : most));
  }

  /** What finishes last is the last of its flow. */
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
    // Nobody waits: nobody's share is smaller for what they have had.
    this.#groups.clear();
    this.#clock = 0;
  }
}
