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

/** `oldest` gives the IDs in order. It goes on where it was: a new iterator would first pass all that were deleted. */
type OwnIds = { readonly ids: Set<string>; readonly oldest: Iterator<string> };

/** Everything, as plain data: entries from the oldest to the newest. */
export type SaidIdsSnapshot = {
  readonly entries: readonly (readonly [key: string, pin: Pin, address: string, seq: number, at: number])[];
  readonly counts: KeyCounts;
};

export class SaidIds {
  readonly #limits: SaidIdLimits;
  readonly #entries = new Map<string, Entry>();
  readonly #byPin = new Map<Pin, OwnIds>();
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
    const ids = this.#keep(idKey(author, id), { place, pin, address });
    this.#weights.add({ pin, address });
    if (ids.size > this.#limits.saidIdsPerKey) this.#forgetOldest(pin);
    if (this.#entries.size > this.#limits.saidIds) {
      this.#forgetOldest(this.#weights.heaviestPin(this.#weights.heaviestAddress));
    }
  }

  /** Returns the key's IDs. */
  #keep(key: string, entry: Entry): ReadonlySet<string> {
    const { ids } = getOrMake(this.#byPin, entry.pin, newIds);
    ids.add(key);
    this.#entries.set(key, entry);
    return ids;
  }

  #forgetOldest(pin: Pin | undefined): void {
    const own = pin === undefined ? undefined : this.#byPin.get(pin);
    const oldest = own?.oldest.next();
    if (own === undefined || oldest === undefined || oldest.done === true) return;
    const key = oldest.value;
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    own.ids.delete(key);
    if (own.ids.size === 0) this.#byPin.delete(entry.pin);
    this.#entries.delete(key);
    this.#weights.remove(entry);
  }
}

function newIds(): OwnIds {
  const ids = new Set<string>();
  return { ids, oldest: ids.values() };
}

function idKey(author: string, id: MessageId): string {
  // Neither part contains a blank.
  return `${author} ${id}`;
}
