// Spreads costly work over turns of the event loop, a few pieces each, with everything else in between. Groups take turns, so
// that a group with much work delays no other. Pure.

export class FairTurns {
  readonly #perTurn: number;
  readonly #schedule: (turn: () => void) => void;
  /** Waiting pieces by group. The next group comes first. */
  readonly #waiting = new Map<string, (() => void)[]>();
  /** Pieces still allowed in this turn. */
  #left: number;
  #scheduled = false;

  /** `schedule` calls back once, in the next turn of the event loop (`setImmediate`). */
  constructor(perTurn: number, schedule: (turn: () => void) => void) {
    this.#perTurn = perTurn;
    this.#schedule = schedule;
    this.#left = perTurn;
  }

  /** Runs this piece now, or in a later turn if this one is used up. */
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
