// Searches, one at a time, whose answers are kept until a file that they come from changes. Bounded: of many that wait, the
// oldest that no one has asked for is dropped.
import { logFailure } from "../vscode/failureLog.ts";

/** Searches that wait: more than a page shows cards. */
const MOST_WAITING = 100;

/** Answers that are kept. */
const MOST_KEPT = 200;

/** What was found, and the files that were read for it. */
export type Searched<Answer> = { readonly answer: Answer; readonly files: ReadonlySet<string> };

type Run<Answer> = (signal: AbortSignal) => Promise<Searched<Answer> | null>;
type Waiting<Answer> = {
  readonly key: string;
  readonly run: Run<Answer>;
  readonly isUrgent: boolean;
  readonly done: (answer: Answer | null) => void;
  readonly failed: (error: unknown) => void;
};
type Kept<Answer> = Searched<Answer> & { readonly changes: number };

export class SearchQueue<Answer> {
  readonly #kept = new Map<string, Kept<Answer>>();
  #waiting: Waiting<Answer>[] = [];
  readonly #ending = new AbortController();
  readonly #onStale: (key: string) => void;
  #isRunning = false;
  #changes = 0;
  /** Files that changed during the search; null for anything. */
  #changed: Set<string> | null = null;

  /** @param onStale a kept answer may no longer hold */
  constructor(onStale: (key: string) => void = () => undefined) {
    this.#onStale = onStale;
  }

  /**
   * Resolves with null when the search was dropped.
   * @param isUrgent the user waits for it, and acts on it: an answer from before any change is not enough
   */
  find(key: string, isUrgent: boolean, run: Run<Answer>): Promise<Answer | null> {
    const known = this.#known(key, isUrgent);
    if (known !== undefined) return Promise.resolve(known.answer);
    return new Promise((done, failed) => {
      const waiting = { key, run, isUrgent, done, failed };
      if (isUrgent) this.#waiting.unshift(waiting);
      else this.#waiting.push(waiting);
      while (this.#waiting.length > MOST_WAITING) this.#waiting.splice(isUrgent ? 1 : 0, 1)[0]?.done(null);
      logFailure(this.#work());
    });
  }

  /** A file has changed, or, without one, anything may have. */
  forget(file?: string): void {
    this.#changes += 1;
    if (file === undefined) this.#changed = null;
    else this.#changed?.add(file);
    for (const [key, { files }] of this.#kept) {
      if (file !== undefined && !files.has(file)) continue;
      this.#kept.delete(key);
      this.#onStale(key);
    }
  }

  dispose(): void {
    this.#ending.abort();
    for (const { done } of this.#waiting) done(null);
    this.#waiting = [];
    this.#kept.clear();
  }

  #known(key: string, isUrgent: boolean): Kept<Answer> | undefined {
    const kept = this.#kept.get(key);
    return isUrgent && kept?.changes !== this.#changes ? undefined : kept;
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

  async #runOne({ key, run, isUrgent, done, failed }: Waiting<Answer>): Promise<void> {
    const changes = this.#changes;
    this.#changed = new Set();
    try {
      const known = this.#known(key, isUrgent);
      const searched = known ?? (await run(this.#ending.signal));
      if (searched === null || this.#ending.signal.aborted) {
        done(null);
        return;
      }
      if (known === undefined) this.#keep(key, { ...searched, changes });
      done(searched.answer);
    } catch (error) {
      failed(error);
    }
  }

  #keep(key: string, kept: Kept<Answer>): void {
    const changed = this.#changed;
    if (changed === null || [...kept.files].some((file) => changed.has(file))) return this.#onStale(key);
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest);
  }
}
