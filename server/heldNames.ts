// Names of people who are away: for a time nobody but their key gets them. Pure; the time is handed in. Used by the
// rendezvous; nameStore.ts keeps them over a restart.
import * as v from "valibot";
import { PeerName, Pin } from "../protocol/fields.ts";
import { nameKey } from "../protocol/names.ts";
import { Counts } from "./counts.ts";

export const HeldName = v.object({
  name: PeerName,
  pin: Pin,
  /** What its owner's address counts as; see addressKey. */
  address: v.string(),
  /** When its owner left; milliseconds since 1970. */
  since: v.number(),
  /** For how long the owner was there; milliseconds. */
  stayed: v.optional(v.number(), 0),
});
export type HeldName = v.InferOutput<typeof HeldName>;

export type HeldNameLimits = {
  readonly heldNames: number;
  readonly heldNamesPerAddress: number;
  readonly heldNameMs: number;
};

export class HeldNames {
  readonly #limits: HeldNameLimits;
  readonly #forgotten: (name: string) => void;
  /** By key, in the order in which their owners left. */
  readonly #names = new Map<string, HeldName>();
  readonly #perAddress = new Counts();

  /** `forgotten` is told of each name that is no longer held. */
  constructor(limits: HeldNameLimits, forgotten: (name: string) => void) {
    this.#limits = limits;
    this.#forgotten = forgotten;
  }

  entries(): HeldName[] {
    return [...this.#names.values()];
  }

  /** Forgets what was held for long enough. */
  expire(now: number): void {
    for (const [key, { since }] of this.#names) {
      if (now - since < this.#limits.heldNameMs) return;
      this.release(key);
    }
  }

  /** Whose a name is; undefined when it is nobody's (any more). */
  owner(key: string, now: number): Pin | undefined {
    this.expire(now);
    return this.#names.get(key)?.pin;
  }

  /**
   * Over the limit of an address the name goes whose owner was there for the shortest time: who comes and goes hundreds of
   * times takes no name of a neighbour. Over the limit of all the one that was left longest ago.
   */
  hold(held: HeldName): void {
    this.release(nameKey(held.name));
    const { heldNames, heldNamesPerAddress } = this.#limits;
    if (this.#perAddress.of(held.address) >= heldNamesPerAddress) {
      const [key, briefest] = [...this.#names]
        .filter(([, { address }]) => address === held.address)
        .reduce((a, b) => (b[1].stayed < a[1].stayed ? b : a));
      if (briefest.stayed > held.stayed) return;
      this.release(key);
    }
    const [oldest] = this.#names.keys();
    if (this.#names.size >= heldNames && oldest !== undefined) this.release(oldest);
    this.#names.set(nameKey(held.name), held);
    this.#perAddress.add(held.address);
  }

  /** Says whether it was held. */
  release(key: string): boolean {
    const held = this.#names.get(key);
    if (held === undefined) return false;
    this.#names.delete(key);
    this.#perAddress.remove(held.address);
    this.#forgotten(held.name);
    return true;
  }
}
