// Remembers the authors of lobby messages for longer than the messages, because a key is short. Pure.
import type { Pin } from "../../protocol/fields.ts";

export class MessageAuthors {
  readonly #capacity: number;
  /** A ring by number. Null for changes and retracted messages, which nothing can refer to. */
  readonly #pins: (Pin | null)[] = [];
  #last = 0;

  /**
   * @param capacity number of newest messages known
   * @param last the number of the newest of `pins`, which come from the oldest to the newest
   */
  constructor(capacity: number, pins: readonly (Pin | null)[] = [], last = pins.length) {
    this.#capacity = capacity;
    for (const [n, pin] of pins.entries()) this.add(last - pins.length + 1 + n, pin);
  }

  /** The known ones, from the oldest to the newest. */
  entries(): (Pin | null)[] {
    const count = Math.min(this.#last, this.#capacity, this.#pins.length);
    return Array.from({ length: count }, (_, n) => {
      const seq = this.#last - count + 1 + n;
      return this.#pins[seq % this.#capacity] ?? null;
    });
  }

  /** Numbers must be consecutive, from 1. */
  add(seq: number, pin: Pin | null): void {
    this.#pins[seq % this.#capacity] = pin;
    this.#last = seq;
  }

  /** The message was retracted, so nothing can refer to it any more. */
  forget(seq: number): void {
    if (this.#isKnown(seq)) this.#pins[seq % this.#capacity] = null;
  }

  /** The author's key. Undefined for changes, and for messages that were retracted, forgotten or never sent. */
  of(seq: number): Pin | undefined {
    return this.#isKnown(seq) ? (this.#pins[seq % this.#capacity] ?? undefined) : undefined;
  }

  #isKnown(seq: number): boolean {
    return seq <= this.#last && seq > this.#last - this.#capacity;
  }
}
