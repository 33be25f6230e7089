// When notices about joining and leaving may be written: at once after a quiet period; in a storm so seldom that they take a
// small part of the time, whatever one write to all clients costs.

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

/** @returns what calls a flush of notices at the right time, and what takes back the one that is due */
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
