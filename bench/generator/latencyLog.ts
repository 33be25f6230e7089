// Records when each message was sent, and how long it took to reach each reader.

/** The number of latencies kept. Later ones are dropped. */
const MOST = 4_000_000;

export class LatencyLog {
  readonly #sent = new Map<number, number>();
  readonly #latencies = new Float64Array(MOST);
  #count = 0;

  /** Forgets what was before. */
  begin(): void {
    this.#sent.clear();
    this.#count = 0;
  }

  sent(number: number): void {
    this.#sent.set(number, performance.now());
  }

  arrived(number: number): void {
    const sent = this.#sent.get(number);
    if (sent !== undefined && this.#count < MOST) this.#latencies[this.#count++] = performance.now() - sent;
  }

  quantiles(): Quantiles {
    return quantilesOf(this.#latencies.subarray(0, this.#count));
  }
}

export type Quantiles = { readonly median: number; readonly p99: number };

/** Sorts them. */
export function quantilesOf(values: Float64Array): Quantiles {
  values.sort();
  const at = (share: number): number => values[Math.floor(share * (values.length - 1))] ?? Number.NaN;
  return { median: at(0.5), p99: at(0.99) };
}
