// Visits a changing set in parts: each item that stays for a whole round is visited once in it. Spreads the heartbeats, because
// thousands at once would delay every message. Pure.

export class Rounds<T> {
  readonly #members: ReadonlySet<T>;
  readonly #meet: (member: T) => void;
  #round = 0;
  #left: Iterator<T>;
  #met = 0;

  constructor(members: ReadonlySet<T>, meet: (member: T) => void) {
    this.#members = members;
    this.#meet = meet;
    this.#left = members.values();
  }

  /** Advances to this number of rounds; 2.5 is the middle of the third. Never goes back. */
  advance(rounds: number): void {
    if (Math.floor(rounds) > this.#round) {
      this.#meetUpTo(Infinity);
      this.#round = Math.floor(rounds);
      this.#left = this.#members.values();
      this.#met = 0;
    }
    this.#meetUpTo(this.#members.size * (rounds - this.#round));
  }

  #meetUpTo(count: number): void {
    while (this.#met < count) {
      const next = this.#left.next();
      if (next.done === true) return;
      this.#met += 1;
      this.#meet(next.value);
    }
  }
}
