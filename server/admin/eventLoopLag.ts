// How late the event loop is: a timer that should fire every 20 ms measures its own delay. A cumulative histogram, unlike
// quantiles since the last look, loses nothing between two looks and can be added up over servers.
import type { Sample } from "./metricsText.ts";

/** Seconds. */
const BOUNDS = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5] as const;

const EVERY_MS = 20;

export class LagHistogram {
  /** Delays up to each bound and above the one before, and those above all. */
  readonly #counts: number[] = Array.from({ length: BOUNDS.length + 1 }, () => 0);
  #sum = 0;

  record(seconds: number): void {
    const at = BOUNDS.findIndex((bound) => seconds <= bound);
    const index = at < 0 ? BOUNDS.length : at;
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    this.#sum += seconds;
  }

  samples(): Sample[] {
    let count = 0;
    const buckets = [...BOUNDS, Infinity].map((bound, n): Sample => {
      count += this.#counts[n] ?? 0;
      const le = bound === Infinity ? "+Inf" : String(bound);
      return { suffix: "_bucket", labels: { le }, value: count };
    });
    return [...buckets, { suffix: "_sum", value: this.#sum }, { suffix: "_count", value: count }];
  }
}

/** Measures until the process ends. */
export function watchEventLoop(histogram: LagHistogram): void {
  let due = performance.now() + EVERY_MS;
  setInterval(() => {
    const now = performance.now();
    histogram.record(Math.max(0, now - due) / 1_000);
    due = now + EVERY_MS;
  }, EVERY_MS).unref();
}
