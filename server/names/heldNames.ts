// Keeps names of people who are away for their keys, for a time. Pure; the time is passed in.
import * as v from "valibot";
import { PeerName, Pin } from "../../protocol/fields.ts";
import { nameKey } from "../../protocol/names.ts";
import { Shares, type Owner } from "../budgets/shares.ts";
import type { AddressCounts } from "../budgets/weights.ts";

export const HeldName = v.object({
  name: PeerName,
  pin: Pin,
  /** What its owner's address counts as; see addressKey. */
  address: v.string(),
  /** When its owner left; milliseconds since 1970. */
  since: v.number(),
  /** When its owner's key was first seen; milliseconds since 1970. */
  first: v.number(),
});
export type HeldName = v.InferOutput<typeof HeldName>;

export type HeldNameLimits = {
  readonly heldNames: number;
  readonly heldNamesPerKey: number;
  readonly heldNameMs: number;
};

/** Everything, as plain data: names in the order in which owners left. */
export type HeldNamesSnapshot = { readonly names: readonly HeldName[]; readonly counts: AddressCounts };

export class HeldNames {
  readonly #limits: HeldNameLimits;
  readonly #forgotten: (name: HeldName) => void;
  /** By key, in the order in which owners left. */
  readonly #names: Map<string, HeldName>;
  readonly #shares: Shares<string>;

  /** `forgotten` gets each name that is no longer kept. */
  constructor(limits: HeldNameLimits, forgotten: (name: HeldName) => void, snapshot?: HeldNamesSnapshot) {
    this.#limits = limits;
    this.#forgotten = forgotten;
    const { names = [], counts } = snapshot ?? {};
    this.#names = new Map(names.map((held) => [nameKey(held.name), held]));
    this.#shares = new Shares(
      [...this.#names].map(([key, held]) => [key, ownerOf(held)]),
      counts,
    );
  }

  entries(): HeldName[] {
    return [...this.#names.values()];
  }

  snapshot(): HeldNamesSnapshot {
    return { names: this.entries(), counts: this.#shares.counts() };
  }

  /** Forgets expired names. */
  expire(now: number): void {
    for (const [key, { since }] of this.#names) {
      if (now - since < this.#limits.heldNameMs) return;
      this.release(key);
    }
  }

  /** The owner's key; undefined if the name has no owner (any more). */
  owner(key: string, now: number): Pin | undefined {
    this.expire(now);
    return this.#names.get(key)?.pin;
  }

  /** When a key with kept names was first seen; undefined if it has none. */
  firstOf(pin: Pin): number | undefined {
    const [...keys] = this.#shares.of(pin);
    const times = keys.map((key) => this.#names.get(key)?.first ?? Infinity);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** Beyond the limit of a key, the name left longest ago goes. Beyond the total limit, see Shares. */
  hold(held: HeldName): void {
    const key = nameKey(held.name);
    const { heldNames, heldNamesPerKey } = this.#limits;
    this.release(key);
    const own = this.#shares.of(held.pin);
    const [oldest] = own;
    if (own.size >= heldNamesPerKey && oldest !== undefined) this.release(oldest);
    this.#names.set(key, held);
    this.#shares.add(key, ownerOf(held));
    const goes = this.#names.size > heldNames ? this.#shares.toGo() : undefined;
    if (goes !== undefined) this.release(goes);
  }

  /** Returns whether it was kept. */
  release(key: string): boolean {
    const held = this.#names.get(key);
    if (held === undefined) return false;
    this.#names.delete(key);
    this.#shares.delete(key);
    this.#forgotten(held);
    return true;
  }
}

function ownerOf({ pin, address, first }: HeldName): Owner {
  return { pin, address, since: first };
}
