// The owner of each name: someone online, or someone away for whom it is kept. Times are passed in, in milliseconds since 1970.
import type { Pin } from "../../protocol/fields.ts";
import { nameKey } from "../../protocol/names.ts";
import { Directory, type Entry } from "./directory.ts";
import { HeldNames, type HeldName, type HeldNameLimits, type HeldNamesSnapshot } from "./heldNames.ts";
import { Lookalikes } from "./lookalikes.ts";
import { nameForm } from "./nameForms.ts";
import type { KeptName } from "./namesFile.ts";
import type { NamesChanged } from "./nameStore.ts";

/** Someone online, as the registry sees them. */
export type Holder = {
  readonly pin: Pin;
  /** What its address counts as; see addressKey. */
  readonly address: string;
  /**
   * When its key was first seen, as far as known; milliseconds since 1970. The registry sets it to an earlier time that it
   * knows.
   */
  since: number;
};

/** Everything, as plain data if the values are: those online in order of arrival. */
export type RegistrySnapshot<T> = {
  readonly here: readonly (readonly [name: string, value: T])[];
  readonly held: HeldNamesSnapshot;
};

export class Registry<T extends Holder> {
  readonly #directory = new Directory<T>();
  readonly #lookalikes = new Lookalikes();
  readonly #held: HeldNames;
  readonly #changed: NamesChanged;

  /**
   * @param held names from before the start
   * @param changed called when the names to save have changed: those of people who are away or online
   * @param snapshot the saved state to continue from
   */
  constructor(
    limits: HeldNameLimits,
    held: readonly HeldName[],
    changed: NamesChanged,
    snapshot?: RegistrySnapshot<T>,
  ) {
    this.#changed = changed;
    const forgotten = ({ name }: HeldName): void => {
      this.#lookalikes.remove(name);
      this.#tellGone(nameKey(name));
    };
    this.#held = new HeldNames(limits, forgotten, snapshot?.held);
    for (const { name } of this.#held.entries()) this.#lookalikes.add(name);
    for (const [name, value] of snapshot?.here ?? []) {
      this.#directory.put(name, value);
      this.#lookalikes.add(name);
    }
    for (const name of held) this.#hold(name);
  }

  snapshot(): RegistrySnapshot<T> {
    const here = [...this.entries()].map(({ name, value }) => [name, value] as const);
    return { here, held: this.#held.snapshot() };
  }

  get size(): number {
    return this.#directory.size;
  }

  /** Finds someone online by a name as typed, or by its key. */
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

  /**
   * Whether another name, in use or kept, looks like this one. False if this one is taken: the client then gets a numbered name
   * that looks like no other.
   */
  hasLookalike(name: string, pin: Pin, at: number): boolean {
    const form = nameForm(name);
    const isFree = this.#directory.get(form.key) === undefined && this.#mayHave(form.key, pin, at);
    return isFree && this.#lookalikes.has(form);
  }

  /**
   * Adds someone under the requested name, or under the first numbered one that is free for this key and looks like no other.
   */
  enter(name: string, value: T, at: number): Entry<T> {
    value.since = Math.min(value.since, this.#held.firstOf(value.pin) ?? Infinity);
    const entry = this.#directory.enter(
      name,
      value,
      (form) => this.#mayHave(form.key, value.pin, at) && !this.#lookalikes.has(form),
    );
    this.#held.release(entry.key);
    this.#lookalikes.add(entry.name);
    this.#tellKept(heldName(entry.name, value, at), true);
    return entry;
  }

  /** Someone has left. Their name is kept, unless they gave it up. */
  leave({ name, key, value }: Entry<T>, gaveUp: boolean, at: number): void {
    this.#directory.remove(key);
    if (gaveUp) {
      this.#lookalikes.remove(name);
      this.#tellGone(key);
      return;
    }
    const held = heldName(name, value, at);
    this.#tellKept(held, false);
    // It stays among the look-alikes, from which it goes when it is forgotten.
    this.#held.hold(held);
  }

  #mayHave(key: string, pin: Pin, at: number): boolean {
    const owner = this.#held.owner(key, at);
    return owner === undefined || owner === pin;
  }

  #tellKept(name: HeldName, here: boolean): void {
    this.#changed({ name, here }, (now) => this.#toKeep(now));
  }

  #tellGone(key: string): void {
    if (this.#directory.get(key) === undefined) this.#changed({ gone: key }, (now) => this.#toKeep(now));
  }

  #toKeep(now: number): KeptName[] {
    const present = [...this.#directory.entries()].map(({ name, value }) => ({
      name: heldName(name, value, now),
      here: true,
    }));
    return [...this.#held.entries().map((name) => ({ name, here: false })), ...present];
  }

  /** Added to the look-alikes first, because it may be forgotten at once. */
  #hold(held: HeldName): void {
    this.#lookalikes.add(held.name);
    this.#held.hold(held);
  }
}

function heldName(name: string, { pin, address, since: first }: Holder, since: number): HeldName {
  return { name, pin, address, since, first: Math.min(first, since) };
}
