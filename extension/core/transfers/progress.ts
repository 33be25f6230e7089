// How fast a transfer is, and how long it will take: numbers, smoothed so that they can be read. Pure: times are passed in.

/** Milliseconds over which the rate is smoothed: an older sample counts for about a third after this time. */
const SMOOTHING_MS = 5_000;

/** Milliseconds between samples at least: blocks come in bursts. */
const STEP_MS = 250;

export type Progress = {
  /** Bytes of the file at the newest sample, and when it was. */
  readonly bytes: number;
  readonly at: number;
  /** Bytes per second; null until there are two samples. */
  readonly rate: number | null;
};

/** Starts measuring, also after a pause: the time in between does not count. */
export function startProgress(bytes: number, at: number): Progress {
  return { bytes, at, rate: null };
}

/** Takes the number of bytes of the file that are there now. */
export function sampled(progress: Progress, bytes: number, at: number): Progress {
  const elapsed = at - progress.at;
  // The clock was set back, or blocks were dropped: measure from here.
  if (elapsed < 0 || bytes < progress.bytes) return { ...progress, bytes, at };
  if (elapsed < STEP_MS) return progress;
  const rate = ((bytes - progress.bytes) / elapsed) * 1_000;
  const weight = 1 - Math.exp(-elapsed / SMOOTHING_MS);
  const smooth = progress.rate === null ? rate : progress.rate + (rate - progress.rate) * weight;
  return { bytes, at, rate: smooth };
}

/** Seconds until a file of this size is complete; null while that is unknown. */
export function secondsLeft({ bytes, rate }: Progress, size: number): number | null {
  if (bytes >= size) return 0;
  return rate === null || rate <= 0 ? null : (size - bytes) / rate;
}
