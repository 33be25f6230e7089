// Whose a name is: of somebody online, or kept for somebody who is away. Used by the rendezvous.
import type { Pin } from "../protocol/fields.ts";
import { Directory, type Entry } from "./directory.ts";
import { HeldNames, type HeldName, type HeldNameLimits } from "./heldNames.ts";
import { Lookalikes } from "./lookalikes.ts";

/** What the registry needs to know of somebody online. */
export type Holder = {
  readonly pin: Pin;
  readonly addressKey: string;
  /** When it came; milliseconds since 1970. */
  readonly cameAt: number;
};

export class Registry<T extends Holder> {
  readonly #directory = new Directory<T>();
  readonly #lookalikes = new Lookalikes();
  readonly #held: HeldNames;
  readonly #changed: (names: () => HeldName[]) => void;
  readonly #wallTime: () => number;

  /**
   * `changed` is told when it is other people's names that have to be kept, should the server end now: of those who are
   * away, and of those who are here. `wallTime`: milliseconds since 1970.
   */
  constructor(
    limits: HeldNameLimits,
    held: readonly HeldName[],
    changed: (names: () => HeldName[]) => void,
    wallTime: () => number,
  ) {
    this.#changed = changed;
    this.#wallTime = wallTime;
    this.#held = new HeldNames(limits, (name) => this.#lookalikes.remove(name));
    for (const name of held) this.#hold(name);
  }

  get size(): number {
    return this.#directory.size;
  }

  /** Somebody online, by a name as it was typed, or by its key. */
  find(name: string): Entry<T> | undefined {
    return this.#directory.find(name);
  }

  get(key: string): Entry<T> | undefined {
    return this.#directory.get(key);
  }

  /** In order of arrival. */
  entries(): IterableIterator<Entry<T>> {
    return this.#directory.entries();
  }

  /** Whether another name, in use or kept, looks like this one. */
  hasLookalike(name: string): boolean {
    this.#held.expire(this.#wallTime());
    return this.#lookalikes.has(name);
  }

  /** Enters somebody under the name asked for, or the first numbered one that is free for this key. */
  enter(name: string, value: T): Entry<T> {
    const now = this.#wallTime();
    const entry = this.#directory.enter(name, value, (key) => {
      const owner = this.#held.owner(key, now);
      return owner === undefined || owner === value.pin;
    });
    this.#held.release(entry.key);
    this.#lookalikes.add(entry.name);
    this.#changed(() => this.#toKeep());
    return entry;
  }

  /** Somebody has left; the name is kept for them, unless they have given it up. */
  leave({ name, key, value }: Entry<T>, gaveUp: boolean): void {
    this.#directory.remove(key);
    this.#lookalikes.remove(name);
    if (!gaveUp) this.#hold(heldName(name, value, this.#wallTime()));
    this.#changed(() => this.#toKeep());
  }

  #toKeep(): HeldName[] {
    const now = this.#wallTime();
    const present = [...this.#directory.entries()].map(({ name, value }) => heldName(name, value, now));
    return [...this.#held.entries(), ...present];
  }

  #hold(held: HeldName): void {
    this.#held.hold(held);
    this.#lookalikes.add(held.name);
  }
}

function heldName(name: string, { pin, addressKey: address, cameAt }: Holder, since: number): HeldName {
  return { name, pin, address, since, stayed: Math.max(0, since - cameAt) };
}
