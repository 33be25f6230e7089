// Whose the lobby's messages are: known for longer than what they say, since a key is short. Pure; used by the lobby.
import type { Pin } from "../protocol/fields.ts";

export class MessageAuthors {
  readonly #capacity: number;
  /** By number, around and around; null for a change, which nothing can be about. */
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

  /** The key that has said it; undefined for a change, and for what is no longer known, or was never said. */
  of(seq: number): Pin | undefined {
    const isKnown = seq <= this.#last && seq > this.#last - this.#capacity;
    return isKnown ? (this.#pins[seq % this.#capacity] ?? undefined) : undefined;
  }
}
