// Stands in for `setTimeout` and `performance.now` in tests of what waits: time passes when the test says so.

type Waiting = { readonly due: number; readonly run: () => void };

export class FakeTimers {
  readonly #real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout };
  readonly #realNow = performance.now.bind(performance);
  readonly #waiting = new Map<object, Waiting>();
  #now = 0;

  /** Milliseconds that have passed. */
  get now(): number {
    return this.#now;
  }

  install(): void {
    this.#waiting.clear();
    const set = (run: () => void, ms = 0): object => {
      const timer = {};
      this.#waiting.set(timer, { due: this.#now + ms, run });
      return timer;
    };
    const clear = (timer: object): boolean => this.#waiting.delete(timer);
    Object.assign(globalThis, { setTimeout: set, clearTimeout: clear });
    performance.now = () => this.#now;
  }

  uninstall(): void {
    Object.assign(globalThis, this.#real);
    performance.now = this.#realNow;
  }

  /** Lets so many milliseconds pass, with what is due in them, in order. */
  pass(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const [next] = [...this.#waiting].sort(([, a], [, b]) => a.due - b.due);
      if (next === undefined || next[1].due > end) break;
      this.#waiting.delete(next[0]);
      this.#now = next[1].due;
      next[1].run();
    }
    this.#now = end;
  }
}
