// Whose the lobby's messages are: known for longer than what they say, since a key is short. Pure.
import type { Pin } from "../../protocol/fields.ts";

export class MessageAuthors {
  readonly #capacity: number;
  /** By number, around and around; null for a change and for what was retracted, which nothing can be about. */
  readonly #pins: (Pin | null)[] = [];
  #last = 0;

  /** @param capacity how many of the newest numbers are known */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Numbers follow each other, from 1. */
  add(seq: number, pin: Pin | null): void {
    this.#pins[seq % this.#capacity] = pin;
    this.#last = seq;
  }

  /** It was retracted: nothing can be about it any more. */
  forget(seq: number): void {
    if (this.#isKnown(seq)) this.#pins[seq % this.#capacity] = null;
  }

  /** The key that has said it; undefined for a change, and for what was retracted, is no longer known, or was never said. */
  of(seq: number): Pin | undefined {
    return this.#isKnown(seq) ? (this.#pins[seq % this.#capacity] ?? undefined) : undefined;
  }

  #isKnown(seq: number): boolean {
    return seq <= this.#last && seq > this.#last - this.#capacity;
  }
}
