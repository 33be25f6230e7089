// One share of a rate, and the shares that it is divided into: fair queueing in virtual time, in which all are served as if at
// once. A share starts where it last finished, or now, and takes as long as its next item costs; the earliest finish is next.
// Pure.
import { Heap } from "./heap.ts";

/** Something that waits, of a known cost. */
type Costly = { readonly cost: number };

export class Share<Item extends Costly> {
  readonly name: string;
  readonly parent: Share<Item> | undefined;
  /** Its own waiting items, in order. Only the smallest shares have any. */
  readonly items: Item[] = [];
  readonly children = new Map<string, Share<Item>>();
  /** Whether it is passed over at present. */
  isPassedOver = false;
  /** When its next item starts, in the virtual time of its parent. */
  #start = 0;
  /** Virtual time among its children. */
  #clock = 0;
  /** Children that have a next item, by its finish. */
  readonly #ready = new Heap<Share<Item>>();
  /** The last finish of each child that has no waiting items. */
  readonly #finished = new Map<string, number>();
  /** How many of those are remembered. */
  readonly #most: number;

  constructor(name: string, parent: Share<Item> | undefined, most: number) {
    this.name = name;
    this.parent = parent;
    this.#most = most;
  }

  /** Shares that are known, this one not counted. */
  get size(): number {
    let size = this.#finished.size;
    for (const child of this.children.values()) size += child.children.size === 0 ? 1 : child.size;
    return size;
  }

  /** The cost of all its waiting items; see `items`. */
  get finish(): number {
    return this.items.reduce((sum, { cost }) => sum + cost, this.#start);
  }

  /** The smallest share whose turn it is. */
  get next(): Share<Item> | undefined {
    if (this.items.length > 0) return this.isPassedOver ? undefined : this;
    return this.#ready.first?.next;
  }

  child(name: string, most: number): Share<Item> {
    let child = this.children.get(name);
    if (child === undefined) {
      child = new Share<Item>(name, this, most);
      child.#start = this.#finished.get(name) ?? 0;
      this.#finished.delete(name);
      this.children.set(name, child);
    }
    return child;
  }

  /** Takes out its next item, and advances its time and that of all above it. */
  serve(): Item | undefined {
    const item = this.items.shift();
    if (item === undefined) return undefined;
    for (const share of pathOf(this)) {
      if (share.parent !== undefined) share.parent.#clock = Math.max(share.parent.#clock, share.#start);
      share.#start += item.cost;
    }
    this.update();
    return item;
  }

  /** Call when its items change, or when it starts or stops being passed over: puts it in its place, and forgets empty shares. */
  update(): void {
    for (const share of pathOf(this)) {
      const { parent } = share;
      if (parent === undefined) return;
      const next = share.next?.items[0];
      if (next === undefined) parent.#ready.delete(share);
      else {
        if (!parent.#ready.has(share)) share.#start = Math.max(share.#start, parent.#clock);
        parent.#ready.set(share, share.#start + next.cost);
      }
      if (share.items.length === 0 && share.children.size === 0) parent.#forget(share);
    }
  }

  /** Call when a child has no items left. */
  #forget(child: Share<Item>): void {
    this.children.delete(child.name);
    if (this.#finished.size >= this.#most) this.#finished.clear();
    this.#finished.set(child.name, child.#start);
  }
}

/** From a share to the one that holds all. */
function* pathOf<Item extends Costly>(share: Share<Item>): Iterable<Share<Item>> {
  for (let next: Share<Item> | undefined = share; next !== undefined; next = next.parent) yield next;
}
