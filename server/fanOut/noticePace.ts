// Decides when notices about joining and leaving are written: at once after a quiet period, and in a storm rarely enough to
// take a small part of the time, whatever a write to all clients costs.

/** Milliseconds of rest per millisecond that the last write to all clients took. */
const REST = 19;

/** Maximum delay of a notice in milliseconds. */
const LONGEST_MS = 1_000;

export class NoticePace {
  #restsUntil = -Infinity;

  /** Milliseconds until notices may be written. */
  wait(now: number): number {
    return Math.max(0, this.#restsUntil - now);
  }

  /** The notices have been written by other means. */
  written(start: number, end: number): void {
    this.#restsUntil = end + Math.min(REST * (end - start), LONGEST_MS);
  }
}

/** @returns functions that schedule a flush of notices, and cancel it */
export function scheduleNotices(now: () => number): {
  readonly schedule: (flush: () => void) => void;
  readonly cancel: () => void;
} {
  const pace = new NoticePace();
  let timer: NodeJS.Timeout | undefined;
  const schedule = (flush: () => void): void => {
    const write = (): void => {
      const start = now();
      flush();
      pace.written(start, now());
    };
    const wait = pace.wait(now());
    if (wait > 0) timer = setTimeout(write, wait);
    else setImmediate(write);
  };
  return { schedule, cancel: () => clearTimeout(timer) };
}
