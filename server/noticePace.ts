// When notices of who comes and goes may be written: at once after quiet; in a storm of them so seldom that they take a
// small part of the time, whatever one write to all costs. Pure; used by the server for its outbox.

/** Milliseconds of rest for each millisecond that a write to all has taken. */
const REST = 19;

/** Nobody learns of anybody later than after this many milliseconds. */
const LONGEST_MS = 1_000;

export class NoticePace {
  #restsUntil = -Infinity;

  /** Milliseconds until notices may be written. */
  wait(now: number): number {
    return Math.max(0, this.#restsUntil - now);
  }

  /** They were written meanwhile. */
  written(start: number, end: number): void {
    this.#restsUntil = end + Math.min(REST * (end - start), LONGEST_MS);
  }
}
