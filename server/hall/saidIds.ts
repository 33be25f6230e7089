// Remembers the message IDs of each author, for longer than the messages, so that a resent message is not sent out twice. A full
// table forgets the oldest ID of the key with the most IDs, at the busiest address: the newest message is always known, and a
// flood displaces its own IDs. Pure.
import type { MessageId, Pin } from "../../protocol/fields.ts";
import { getOrMake } from "../budgets/getOrMake.ts";
import { KeyWeights, type Keeper, type KeyCounts } from "../budgets/weights.ts";

/** Number and time of a message. */
export type Place = { readonly seq: number; readonly at: number };

export type SaidIdLimits = { readonly saidIds: number; readonly saidIdsPerKey: number };

type Entry = Keeper & { readonly place: Place };

/** Everything, as plain data: entries from the oldest to the newest. */
export type SaidIdsSnapshot = {
  readonly entries: readonly (readonly [key: string, pin: Pin, address: string, seq: number, at: number])[];
  readonly counts: KeyCounts;
};

export class SaidIds {
  readonly #limits: SaidIdLimits;
  readonly #entries = new Map<string, Entry>();
  /** IDs of each key, oldest first. */
  readonly #byPin = new Map<Pin, Set<string>>();
  readonly #weights: KeyWeights;

  constructor(limits: SaidIdLimits, snapshot?: SaidIdsSnapshot) {
    this.#limits = limits;
    this.#weights = new KeyWeights(snapshot?.counts);
    for (const [key, pin, address, seq, at] of snapshot?.entries ?? []) {
      this.#keep(key, { place: { seq, at }, pin, address });
    }
  }

  snapshot(): SaidIdsSnapshot {
    const entries = [...this.#entries].map(
      ([key, { pin, address, place }]) => [key, pin, address, place.seq, place.at] as const,
    );
    return { entries, counts: this.#weights.counts() };
  }

  find(author: string, id: MessageId): Place | undefined {
    return this.#entries.get(idKey(author, id))?.place;
  }

  /** Adds an ID that is not known yet. */
  add(author: string, id: MessageId, place: Place, { pin, address }: Keeper): void {
    const own = this.#keep(idKey(author, id), { place, pin, address });
    this.#weights.add({ pin, address });
    if (own.size > this.#limits.saidIdsPerKey) this.#forgetOldest(pin);
    if (this.#entries.size > this.#limits.saidIds) {
      this.#forgetOldest(this.#weights.heaviestPin(this.#weights.heaviestAddress));
    }
  }

  /** Returns the key's IDs. */
  #keep(key: string, entry: Entry): ReadonlySet<string> {
    const own = getOrMake(this.#byPin, entry.pin, () => new Set<string>());
    own.add(key);
    this.#entries.set(key, entry);
    return own;
  }

  #forgetOldest(pin: Pin | undefined): void {
    const own = pin === undefined ? undefined : this.#byPin.get(pin);
    const [key] = own ?? [];
    const entry = key === undefined ? undefined : this.#entries.get(key);
    if (own === undefined || key === undefined || entry === undefined) return;
    own.delete(key);
    if (own.size === 0) this.#byPin.delete(entry.pin);
    this.#entries.delete(key);
    this.#weights.remove(entry);
  }
}

function idKey(author: string, id: MessageId): string {
  // Neither part contains a blank.
  return `${author} ${id}`;
}
