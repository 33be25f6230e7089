// Costly work for many, a few pieces in each turn of the event loop: whatever waits, everything else is done in between.
// Those who wait are served by groups in rotation, so that a group with much work delays no other. Pure.

export class FairTurns {
  readonly #perTurn: number;
  readonly #schedule: (turn: () => void) => void;
  /** What waits, by group. The group whose turn it is comes first. */
  readonly #waiting = new Map<string, (() => void)[]>();
  /** Pieces that may still be done in this turn. */
  #left: number;
  #scheduled = false;

  /** `schedule` calls back once, in the next turn of the event loop (`setImmediate`). */
  constructor(perTurn: number, schedule: (turn: () => void) => void) {
    this.#perTurn = perTurn;
    this.#schedule = schedule;
    this.#left = perTurn;
  }

  /** Does this piece now, or in a later turn when this one has had its share. */
  run(group: string, piece: () => void): void {
    this.#wake();
    if (this.#left > 0 && this.#waiting.size === 0) {
      this.#left -= 1;
      piece();
      return;
    }
    const pieces = this.#waiting.get(group);
    if (pieces === undefined) this.#waiting.set(group, [piece]);
    else pieces.push(piece);
  }

  #turn(): void {
    this.#scheduled = false;
    this.#left = this.#perTurn;
    while (this.#left > 0) {
      const next = this.#waiting.entries().next();
      if (next.done === true) return;
      const [group, pieces] = next.value;
      const piece = pieces.shift();
      this.#waiting.delete(group);
      if (pieces.length > 0) this.#waiting.set(group, pieces);
      this.#left -= 1;
      this.#wake();
      piece?.();
    }
  }

  #wake(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#schedule(() => this.#turn());
  }
}
