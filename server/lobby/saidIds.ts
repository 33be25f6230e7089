// Remembers the message IDs of each author, for longer than the messages, so that a resent message is not told twice. A full
// table forgets the oldest ID of the key with the most IDs, at the busiest address: the newest message is always known, and a
// flood displaces its own IDs. Pure.
import type { MessageId, Pin } from "../../protocol/fields.ts";
import { networkKey } from "../../protocol/ipAddress.ts";
import { getOrMake } from "../budgets/getOrMake.ts";
import { Ranking } from "../budgets/ranking.ts";
import type { Owner } from "../budgets/shares.ts";

/** Number and time of a message. */
export type Place = { readonly seq: number; readonly at: number };

export type SaidIdLimits = { readonly saidIds: number; readonly saidIdsPerKey: number };

type Author = Pick<Owner, "pin" | "address">;
type Entry = Author & { readonly place: Place };

export class SaidIds {
  readonly #limits: SaidIdLimits;
  readonly #entries = new Map<string, Entry>();
  /** IDs of each key, oldest first. */
  readonly #byPin = new Map<Pin, Set<string>>();
  readonly #networks = new Ranking();
  /** By network. */
  readonly #addresses = new Map<string, Ranking>();
  /** By address. */
  readonly #pins = new Map<string, Ranking<Pin>>();

  constructor(limits: SaidIdLimits) {
    this.#limits = limits;
  }

  find(author: string, id: MessageId): Place | undefined {
    return this.#entries.get(idKey(author, id))?.place;
  }

  /** Adds an ID that is not known yet. */
  add(author: string, id: MessageId, place: Place, { pin, address }: Author): void {
    const key = idKey(author, id);
    const own = getOrMake(this.#byPin, pin, () => new Set<string>());
    own.add(key);
    this.#entries.set(key, { place, pin, address });
    const network = networkKey(address);
    this.#networks.add(network);
    getOrMake(this.#addresses, network, () => new Ranking()).add(address);
    getOrMake(this.#pins, address, () => new Ranking<Pin>()).add(pin);
    if (own.size > this.#limits.saidIdsPerKey) this.#forgetOldest(pin);
    if (this.#entries.size > this.#limits.saidIds) this.#forgetOldest(this.#heaviest());
  }

  #heaviest(): Pin | undefined {
    const address = this.#addresses.get(this.#networks.heaviest ?? "")?.heaviest;
    return this.#pins.get(address ?? "")?.heaviest;
  }

  #forgetOldest(pin: Pin | undefined): void {
    const own = pin === undefined ? undefined : this.#byPin.get(pin);
    const [key] = own ?? [];
    const entry = key === undefined ? undefined : this.#entries.get(key);
    if (own === undefined || key === undefined || entry === undefined) return;
    own.delete(key);
    if (own.size === 0) this.#byPin.delete(entry.pin);
    this.#entries.delete(key);
    const network = networkKey(entry.address);
    this.#networks.remove(network);
    if (this.#addresses.get(network)?.remove(entry.address) === 0) this.#addresses.delete(network);
    if (this.#pins.get(entry.address)?.remove(entry.pin) === 0) this.#pins.delete(entry.address);
  }
}

function idKey(author: string, id: MessageId): string {
  // Neither part contains a blank.
  return `${author} ${id}`;
}
