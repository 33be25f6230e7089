// Searches, one at a time, whose answers are kept until a file that they come from changes. Authors take turns, and each has a
// budget, so that the cards of one do not keep the window busy or those of others waiting.
import { logFailure } from "../vscode/failureLog.ts";
import { SearchBudgets } from "./searchBudgets.ts";

/** Searches that wait: more than a page shows cards. */
const MOST_WAITING = 100;

/** Answers that are kept. */
const MOST_KEPT = 200;

/** What was found, the files that were read for it, and what it cost: the work of reading so many files. */
export type Searched<Answer> = {
  readonly answer: Answer;
  readonly files: ReadonlySet<string>;
  readonly cost: number;
};

/** Of a search that failed. */
const FAILED_COST = 20;

type Search = {
  readonly key: string;
  /** Whose card it is for. */
  readonly author: string;
  /** The user waits for it, and acts on it: an answer from before any change is not enough. */
  readonly isUrgent: boolean;
};
type Run<Answer> = (signal: AbortSignal) => Promise<Searched<Answer> | null>;
type Waiting<Answer> = Search & {
  readonly run: Run<Answer>;
  readonly done: (answer: Answer | null) => void;
  readonly failed: (error: unknown) => void;
};
type Kept<Answer> = Searched<Answer> & { readonly changes: number };

export class SearchQueue<Answer> {
  readonly #kept = new Map<string, Kept<Answer>>();
  #waiting: Waiting<Answer>[] = [];
  readonly #ending = new AbortController();
  readonly #onStale: (key: string) => void;
  readonly #budgets = new SearchBudgets();
  /** Whose searches ran last, the latest at the end. */
  readonly #served = new Set<string>();
  #isRunning = false;
  #timer: NodeJS.Timeout | undefined;
  #changes = 0;
  /** Files that changed during the search; null for anything. */
  #changed: Set<string> | null = null;

  /** @param onStale a kept answer may no longer hold */
  constructor(onStale: (key: string) => void = () => undefined) {
    this.#onStale = onStale;
  }

  /** Resolves with null when the search was dropped. */
  find(search: Search, run: Run<Answer>): Promise<Answer | null> {
    const known = this.#known(search.key, search.isUrgent);
    if (known !== undefined) return Promise.resolve(known.answer);
    return new Promise((done, failed) => {
      this.#waiting.push({ ...search, run, done, failed });
      if (this.#waiting.length > MOST_WAITING) this.#drop();
      logFailure(this.#work());
    });
  }

  /** Of the author with the most that wait, the oldest; what the user waits for at the last. */
  #drop(): void {
    const counts = new Map<string, number>();
    for (const { author } of this.#waiting) counts.set(author, (counts.get(author) ?? 0) + 1);
    const most = Math.max(...counts.values());
    const isOfMost = ({ author }: Search): boolean => counts.get(author) === most;
    const at = this.#waiting.findIndex((each) => isOfMost(each) && !each.isUrgent);
    this.#waiting.splice(at < 0 ? this.#waiting.findIndex(isOfMost) : at, 1)[0]?.done(null);
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
    clearTimeout(this.#timer);
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
      for (let next = this.#take(); next !== undefined; next = this.#take()) await this.#runOne(next);
    } finally {
      this.#isRunning = false;
    }
  }

  /** What the user waits for comes first. Of the others, authors with a budget take turns; while none has one, all wait. */
  #take(): Waiting<Answer> | undefined {
    clearTimeout(this.#timer);
    const urgent = this.#waiting.findLastIndex(({ isUrgent }) => isUrgent);
    if (urgent >= 0) return this.#waiting.splice(urgent, 1)[0];
    const authors = [...new Set(this.#waiting.map(({ author }) => author))];
    const turns = [...this.#served];
    const next = authors
      .filter((author) => this.#budgets.wait(author) === 0)
      .toSorted((one, other) => turns.indexOf(one) - turns.indexOf(other))[0];
    if (next !== undefined) {
      this.#served.delete(next);
      this.#served.add(next);
      return this.#waiting.splice(
        this.#waiting.findIndex(({ author }) => author === next),
        1,
      )[0];
    }
    if (authors.length > 0) {
      const soonest = Math.min(...authors.map((author) => this.#budgets.wait(author)));
      this.#timer = setTimeout(() => logFailure(this.#work()), soonest);
    } else this.#served.clear();
    return undefined;
  }

  async #runOne({ key, author, run, isUrgent, done, failed }: Waiting<Answer>): Promise<void> {
    const changes = this.#changes;
    this.#changed = new Set();
    try {
      const known = this.#known(key, isUrgent);
      const searched = known ?? (await run(this.#ending.signal));
      if (searched === null || this.#ending.signal.aborted) {
        done(null);
        return;
      }
      if (known === undefined) {
        this.#keep(key, { ...searched, changes });
        if (!isUrgent) this.#budgets.charge(author, searched.cost);
      }
      done(searched.answer);
    } catch (error) {
      this.#budgets.charge(author, FAILED_COST);
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
