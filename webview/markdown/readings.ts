// Reads texts within a budget of time. The rest is read later, one text at a time, when the page is idle, so that texts that
// are slow to read take no more of the page's time.

/** Milliseconds of reading that may be done at once. */
const BUDGET_MS = 24;

/** The share of time that refills it. */
const SHARE = 0.25;

/** How long a text waits whose reader has to be left alone. */
const RETRY_MS = 500;

type Surroundings<T> = {
  readonly now: () => number;
  /** Calls back when there is nothing else to do. */
  readonly whenIdle: (act: () => void) => void;
  readonly after: (ms: number, act: () => void) => void;
  /** What is known of a text without any work, null for one that is shown as it was written; undefined when it has to be read. */
  readonly known: (text: string) => T | null | undefined;
  readonly read: (text: string) => T | null;
  /** Milliseconds that showing it takes, about. */
  readonly showMs: (reading: T) => number;
};

/** `show` takes what was read, or says that it cannot be shown yet by false. */
type Waiting<T> = { readonly text: string; readonly show: (reading: T | null) => boolean; isWanted: boolean };

export class Readings<T> {
  readonly #surroundings: Surroundings<T>;
  readonly #waiting: Waiting<T>[] = [];
  /** What there was time for, and is about to be shown. */
  readonly #admitted = new Set<string>();
  #isAsked = false;
  #spent = 0;
  #at = 0;

  constructor(surroundings: Surroundings<T>) {
    this.#surroundings = surroundings;
  }

  /** What a text means, if there is time to find that out and to show it now; undefined when it has to wait. */
  get(text: string): T | null | undefined {
    const { now, known, read, showMs } = this.#surroundings;
    const before = known(text);
    if (before === null || (this.#admitted.delete(text) && before !== undefined)) return before;
    const start = now();
    this.#spent = Math.max(0, this.#spent - (start - this.#at) * SHARE);
    this.#at = start;
    if (this.#spent >= BUDGET_MS) return undefined;
    const reading = before ?? read(text);
    this.#spent += now() - start + (reading === null ? 0 : showMs(reading));
    return reading;
  }

  /** Spends the time on these, in this order, before they are shown in another one. */
  ahead(texts: readonly string[]): void {
    this.#admitted.clear();
    for (const text of texts) {
      const reading = this.get(text);
      if (reading === undefined) return;
      if (reading !== null) this.#admitted.add(text);
    }
  }

  /** Has it read when there is time, the last one that asked first. Returns what gives that up. */
  later(text: string, show: (reading: T | null) => boolean): () => void {
    const waiting = { text, show, isWanted: true };
    this.#waiting.push(waiting);
    this.#ask();
    return () => {
      waiting.isWanted = false;
    };
  }

  #ask(): void {
    if (this.#isAsked || this.#waiting.length === 0) return;
    this.#isAsked = true;
    this.#surroundings.whenIdle(() => this.#next());
  }

  /** Rests after each as long as it took, so that half of the time at least is for everything else. */
  #next(): void {
    const { now, after } = this.#surroundings;
    const start = now();
    let waiting = this.#waiting.pop();
    while (waiting?.isWanted === false) waiting = this.#waiting.pop();
    if (waiting !== undefined && !waiting.show(this.#surroundings.read(waiting.text))) {
      const again = waiting;
      after(RETRY_MS, () => {
        this.#waiting.push(again);
        this.#ask();
      });
    }
    after(now() - start, () => {
      this.#isAsked = false;
      this.#ask();
    });
  }
}
