// Files to be rewritten soon, so that the disk does not keep retracted words. One file at a time, with a pause that is long
// compared with the last rewrite: someone who retracts a thousand messages must not cause a thousand rewrites.

/** Milliseconds that a file waits at least, and that pass between two. */
export const REWRITE_PAUSE_MS = 5_000;
/** Of the window's time, this part may go into rewriting. */
const SHARE = 1 / 50;

export class RewriteQueue<File> {
  readonly #waiting = new Map<File, () => void>();
  #timer: NodeJS.Timeout | null = null;
  #pauseMs = REWRITE_PAUSE_MS;
  readonly #now: () => number;

  /** @param now milliseconds of a clock that never goes back */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Writes a file anew soon, and once, however often it is asked for meanwhile. */
  add(file: File, rewrite: () => void): void {
    if (!this.#waiting.has(file)) this.#waiting.set(file, rewrite);
    this.#timer ??= setTimeout(() => this.#next(), this.#pauseMs);
  }

  /** At once, if it waits: it is about to be let go. */
  flush(file: File): void {
    const rewrite = this.#waiting.get(file);
    this.drop(file);
    if (rewrite === undefined) return;
    const start = this.#now();
    rewrite();
    this.#pauseMs = Math.max(REWRITE_PAUSE_MS, (this.#now() - start) / SHARE);
  }

  /** It is no more, or was written anew already. */
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
