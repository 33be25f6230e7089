// Runs effects one after the other: what follows a save happens only when it is saved.
export class EffectQueue<Effect> {
  readonly #run: (effect: Effect) => void | Promise<void>;
  readonly #report: (error: unknown) => void;
  readonly #waiting: Effect[] = [];
  #isBusy = false;
  #idle: Promise<void> = Promise.resolve();

  /** @param report gets the errors: a failed effect keeps no other from its turn */
  constructor(run: (effect: Effect) => void | Promise<void>, report: (error: unknown) => void) {
    this.#run = run;
    this.#report = report;
  }

  add(effects: readonly Effect[]): void {
    this.#waiting.push(...effects);
    if (this.#isBusy) return;
    this.#isBusy = true;
    this.#idle = this.#drain();
  }

  /** Resolves when there is nothing to do. */
  async idle(): Promise<void> {
    while (this.#isBusy) await this.#idle;
  }

  async #drain(): Promise<void> {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      try {
        const running = this.#run(next);
        // Effects that take no time run at once: a chunk does not wait for a turn of the event loop.
        if (running !== undefined) await running;
      } catch (error) {
        this.#report(error);
      }
    }
    this.#isBusy = false;
  }
}
