// Time that passes when a test says so, for code that is given its clock and timers and that awaits promises. A process can be
// paused or end, and then its calls wait or never come.

type Timer = { readonly at: number; readonly order: number; readonly call: () => void };

export class FakeTime {
  now = 1_000;
  readonly #timers = new Set<Timer>();
  #orders = 0;

  /** Calls back after so many milliseconds; returns a function that cancels it. */
  later = (ms: number, call: () => void): (() => void) => {
    const timer = { at: this.now + Math.max(0, Math.round(ms)), order: this.#orders++, call };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  /** Lets this many milliseconds pass, and calls what is due in them, in order. @param after called after each call */
  async pass(ms: number, after: () => void = () => undefined): Promise<void> {
    const end = this.now + Math.round(ms);
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#timers.delete(next);
      this.now = Math.max(this.now, next.at);
      next.call();
      await settled();
      after();
    }
    this.now = end;
  }

  #next(end: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.at > end) continue;
      const isEarlier = next === undefined || timer.at < next.at;
      if (isEarlier || (timer.at === next?.at && timer.order < next.order)) next = timer;
    }
    return next;
  }
}

/** Resolves when no promise has anything left to do. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export class FakeProcess {
  readonly #time: FakeTime;
  readonly #waiting: (() => void)[] = [];
  #state: "runs" | "paused" | "ended" = "runs";

  constructor(time: FakeTime) {
    this.#time = time;
  }

  get state(): "runs" | "paused" | "ended" {
    return this.#state;
  }

  /** Something reaches the process. */
  call = (call: () => void): void => {
    if (this.#state === "runs") call();
    else if (this.#state === "paused") this.#waiting.push(call);
  };

  /** A timer of the process. */
  later = (ms: number, call: () => void): (() => void) => {
    let isCanceled = false;
    const cancel = this.#time.later(ms, () =>
      this.call(() => {
        if (!isCanceled) call();
      }),
    );
    return () => {
      isCanceled = true;
      cancel();
    };
  };

  pause(): void {
    if (this.#state === "runs") this.#state = "paused";
  }

  /** What has waited comes in its order, each in a turn of its own. */
  resume(): void {
    if (this.#state !== "paused") return;
    this.#state = "runs";
    for (const call of this.#waiting.splice(0)) this.later(0, call);
  }

  end(): void {
    this.#state = "ended";
    this.#waiting.length = 0;
  }
}
