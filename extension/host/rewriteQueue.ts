// Files that are to be written anew soon, so that the disk does not keep words that were taken back. A rewriting takes long
// enough that who takes back a thousand messages must not command a thousand: one file at a time, with a pause before each.
// Used by history.ts and windowMemory.ts.

/** Milliseconds that a file waits, and that pass between two: a rewriting takes some hundredths of that. */
export const REWRITE_PAUSE_MS = 5_000;

export class RewriteQueue<File> {
  readonly #waiting = new Map<File, () => void>();
  #timer: NodeJS.Timeout | null = null;

  /** Writes a file anew soon, and once, however often it is asked for meanwhile. */
  add(file: File, rewrite: () => void): void {
    if (!this.#waiting.has(file)) this.#waiting.set(file, rewrite);
    this.#timer ??= setTimeout(() => this.#next(), REWRITE_PAUSE_MS);
  }

  /** At once, if it waits: it is about to be let go. */
  flush(file: File): void {
    const rewrite = this.#waiting.get(file);
    this.drop(file);
    rewrite?.();
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
    if (this.#waiting.size > 0) this.#timer ??= setTimeout(() => this.#next(), REWRITE_PAUSE_MS);
  }
}
