// Parses texts within a time budget. The rest is parsed later, one text at a time, when the page is idle, so that slow
// texts take no more of the page's time.

/** Milliseconds of parsing that may be done at once. */
const BUDGET_MS = 24;

/** The share of time that refills it. */
const SHARE = 0.25;

/** Milliseconds before another try at a text whose reader must not be disturbed. */
const RETRY_MS = 500;

type Surroundings<T> = {
  readonly now: () => number;
  /** Calls back when the page is idle. */
  readonly whenIdle: (act: () => void) => void;
  readonly after: (ms: number, act: () => void) => void;
  /** The known result for a text without any work, null for plain text; undefined if it has to be parsed. */
  readonly known: (text: string) => T | null | undefined;
  readonly read: (text: string) => T | null;
  /** Estimated milliseconds for rendering it. */
  readonly showMs: (reading: T) => number;
};

/** `show` gets the result, or returns false if it cannot be shown yet. */
type Waiting<T> = { readonly text: string; readonly show: (reading: T | null) => boolean; isWanted: boolean };

export class Readings<T> {
  readonly #surroundings: Surroundings<T>;
  readonly #waiting: Waiting<T>[] = [];
  /** Texts that were within the budget, and are about to be rendered. */
  readonly #admitted = new Set<string>();
  #isAsked = false;
  #spent = 0;
  #at = 0;

  constructor(surroundings: Surroundings<T>) {
    this.#surroundings = surroundings;
  }

  /** The result for a text, if there is time to parse and render it now; undefined if it has to wait. */
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

  /** Spends the budget on these texts, in this order, before they are rendered in another. */
  ahead(texts: readonly string[]): void {
    this.#admitted.clear();
    for (const text of texts) {
      const reading = this.get(text);
      if (reading === undefined) return;
      if (reading !== null) this.#admitted.add(text);
    }
  }

  /** Parses a text when there is time, the latest request first. Returns a function that cancels it. */
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

  /** Pauses after each text as long as it took, so that at least half of the time is left for everything else. */
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
