// Searches, one at a time, whose answers are kept. Bounded: of many that wait, the oldest that nobody has asked for is dropped.
import { logFailure } from "../vscode/failureLog.ts";

/** Searches that wait: more than a page shows cards. */
const MOST_WAITING = 100;

/** Answers that are kept. */
const MOST_KEPT = 200;

type Run<Answer> = (signal: AbortSignal) => Promise<Answer | null>;
type Waiting<Answer> = {
  readonly key: string;
  readonly run: Run<Answer>;
  readonly done: (answer: Answer | null) => void;
  readonly failed: (error: unknown) => void;
};

export class SearchQueue<Answer> {
  readonly #kept = new Map<string, Answer>();
  #waiting: Waiting<Answer>[] = [];
  readonly #ending = new AbortController();
  #isRunning = false;
  /** Counts changes: an answer from before one is not kept. */
  #changes = 0;

  /** The answer that was given last, if nothing has changed since. */
  known(key: string): Answer | undefined {
    return this.#kept.get(key);
  }

  /** Resolves with null when the search was dropped. @param isUrgent the user waits for it */
  find(key: string, isUrgent: boolean, run: Run<Answer>): Promise<Answer | null> {
    const known = this.#kept.get(key);
    if (known !== undefined) return Promise.resolve(known);
    return new Promise((done, failed) => {
      const waiting = { key, run, done, failed };
      if (isUrgent) this.#waiting.unshift(waiting);
      else this.#waiting.push(waiting);
      while (this.#waiting.length > MOST_WAITING) this.#waiting.splice(isUrgent ? 1 : 0, 1)[0]?.done(null);
      logFailure(this.#work());
    });
  }

  /** A file has changed. */
  forget(): void {
    this.#changes += 1;
    this.#kept.clear();
  }

  dispose(): void {
    this.#ending.abort();
    for (const { done } of this.#waiting) done(null);
    this.#waiting = [];
    this.#kept.clear();
  }

  async #work(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift())
        await this.#runOne(next);
    } finally {
      this.#isRunning = false;
    }
  }

  async #runOne({ key, run, done, failed }: Waiting<Answer>): Promise<void> {
    const changes = this.#changes;
    try {
      const answer = this.#kept.get(key) ?? (await run(this.#ending.signal));
      if (answer !== null && changes === this.#changes && !this.#ending.signal.aborted)
        this.#keep(key, answer);
      done(answer);
    } catch (error) {
      failed(error);
    }
  }

  #keep(key: string, answer: Answer): void {
    this.#kept.delete(key);
    this.#kept.set(key, answer);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest);
  }
}
