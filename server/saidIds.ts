// What was said under which id, so that a message sent again is not told twice: remembered for longer than its words, because
// others can fill the history within seconds. Pure.
import type { MessageId } from "../protocol/fields.ts";
import { Shares, type Owner } from "./shares.ts";

/** The number of a message, and when it was said. */
export type Place = { readonly seq: number; readonly at: number };

export type SaidIdLimits = { readonly saidIds: number; readonly saidIdsPerKey: number };

export class SaidIds {
  readonly #limits: SaidIdLimits;
  readonly #places = new Map<string, Place>();
  readonly #shares = new Shares<string>();

  /** Over the limit of a key its oldest one is forgotten; over the limit of all, see Shares. */
  constructor(limits: SaidIdLimits) {
    this.#limits = limits;
  }

  find(author: string, id: MessageId): Place | undefined {
    return this.#places.get(idKey(author, id));
  }

  add(author: string, id: MessageId, place: Place, owner: Owner): void {
    const key = idKey(author, id);
    const own = this.#shares.of(owner.pin);
    const [oldest] = own;
    if (own.size >= this.#limits.saidIdsPerKey && oldest !== undefined) this.#forget(oldest);
    this.#places.set(key, place);
    this.#shares.add(key, owner);
    const goes = this.#shares.size > this.#limits.saidIds ? this.#shares.toGo() : undefined;
    if (goes !== undefined) this.#forget(goes);
  }

  #forget(key: string): void {
    this.#shares.delete(key);
    this.#places.delete(key);
  }
}

function idKey(author: string, id: MessageId): string {
  // Neither part can hold a blank.
  return `${author} ${id}`;
}
