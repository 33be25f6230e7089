// The files that this process writes to. Their dates are refreshed, because other machines and containers that share
// the folder have no other sign that this process is running.
import { utimesSync } from "node:fs";

const BEAT_MS = 30_000;
/** Milliseconds without a refresh after which other machines consider a file abandoned. */
export const FRESH_MS = 4 * BEAT_MS;

class HeldFiles {
  readonly #paths = new Set<string>();
  #timer: NodeJS.Timeout | null = null;

  has(path: string): boolean {
    return this.#paths.has(path);
  }

  add(path: string): void {
    this.#paths.add(path);
    this.#timer ??= setInterval(() => this.#beat(), BEAT_MS).unref();
  }

  delete(path: string): void {
    this.#paths.delete(path);
    if (this.#paths.size > 0 || this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }

  #beat(): void {
    const now = new Date();
    for (const path of this.#paths) {
      try {
        utimesSync(path, now, now);
      } catch {
        // It was moved or deleted; its writer notices with the next line.
      }
    }
  }
}

/** The token of this process: its id alone could belong to a dead one. */
export const held = new HeldFiles();
