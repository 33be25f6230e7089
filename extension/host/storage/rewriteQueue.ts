// Files to rewrite soon, so that retracted text leaves the disk. One file at a time, with a pause that is long compared
// with the last rewrite: someone who retracts a thousand messages must not cause a thousand rewrites.

/** Minimum milliseconds before a file is rewritten, and between two rewrites. */
export const REWRITE_PAUSE_MS = 5_000;
/** The share of time that may be spent on rewriting. */
const SHARE = 1 / 50;

export class RewriteQueue<File> {
  readonly #waiting = new Map<File, () => void>();
  #timer: NodeJS.Timeout | null = null;
  #pauseMs = REWRITE_PAUSE_MS;
  readonly #now: () => number;

  /** @param now milliseconds of a monotonic clock */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Rewrites a file soon, and once, however often it is requested in the meantime. */
  add(file: File, rewrite: () => void): void {
    if (!this.#waiting.has(file)) this.#waiting.set(file, rewrite);
    this.#timer ??= setTimeout(() => this.#next(), this.#pauseMs);
  }

  /** Rewrites it at once if it is queued, because it is about to be released. */
  flush(file: File): void {
    const rewrite = this.#waiting.get(file);
    this.drop(file);
    if (rewrite === undefined) return;
    const start = this.#now();
    rewrite();
    this.#pauseMs = Math.max(REWRITE_PAUSE_MS, (this.#now() - start) / SHARE);
  }

  /** The file was deleted, or has been rewritten. */
  drop(file: File): void {
    this.#waiting.delete(file);
    if (this.#waiting.size > 0 || this.#timer === null) return;
    clearTimeout(this.#timer);
    this.#timer = null;
  }

  #next(): void {
    this.#timer = null;
    const [file] = this.#waiting.keys();
    if (file !== undefined) this.flush(file);
    if (this.#waiting.size > 0) this.#timer ??= setTimeout(() => this.#next(), this.#pauseMs);
  }
}
