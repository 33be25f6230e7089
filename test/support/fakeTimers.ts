// Replaces `setTimeout`, `setInterval` and `performance.now` in tests of timeouts: time passes when the test says so.

type Waiting = { readonly due: number; readonly run: () => void; readonly every?: number };

export class FakeTimers {
  readonly #real = {
    setTimeout: globalThis.setTimeout,
    clearTimeout: globalThis.clearTimeout,
    setInterval: globalThis.setInterval,
    clearInterval: globalThis.clearInterval,
  };
  readonly #realNow = performance.now.bind(performance);
  readonly #waiting = new Map<object, Waiting>();
  #now = 0;

  /** Runs a test in which time stands still until the test lets it pass. */
  static async during(test: (time: FakeTimers) => Promise<void>): Promise<void> {
    const time = new FakeTimers();
    time.install();
    try {
      await test(time);
    } finally {
      time.uninstall();
    }
  }

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
    const repeat = (run: () => void, every: number): object => {
      const timer = { unref: () => timer };
      this.#waiting.set(timer, { due: this.#now + every, run, every });
      return timer;
    };
    const clear = (timer: object): boolean => this.#waiting.delete(timer);
    Object.assign(globalThis, {
      ...{ setTimeout: set, clearTimeout: clear, setInterval: repeat, clearInterval: clear },
    });
    performance.now = () => this.#now;
  }

  uninstall(): void {
    Object.assign(globalThis, this.#real);
    performance.now = this.#realNow;
  }

  /** Lets this many milliseconds pass, and runs what is due in them, in order. */
  pass(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const [next] = [...this.#waiting].sort(([, a], [, b]) => a.due - b.due);
      if (next === undefined || next[1].due > end) break;
      const [timer, { due, run, every }] = next;
      if (every === undefined) this.#waiting.delete(timer);
      else this.#waiting.set(timer, { due: due + every, run, every });
      this.#now = due;
      run();
    }
    this.#now = end;
  }

  /** The process stands still for so long: what is due meanwhile runs when it goes on, once each. */
  standStill(ms: number): void {
    this.#now += ms;
    for (const [timer, waiting] of this.#waiting)
      if (waiting.due < this.#now) this.#waiting.set(timer, { ...waiting, due: this.#now });
    this.pass(0);
  }
}
