// Options of the benchmark.
export type Options = {
  /** A quick look in under two minutes for all parts together. */
  readonly short: boolean;
  /** Valid scores per entrant; undefined: the part's default. */
  readonly rounds: number | undefined;
  /** Minutes to watch the memory. */
  readonly minutes: number;
  /** An earlier commit to attack in the same run; undefined: none. */
  readonly before: string | undefined;
  /** A word in the names of the attacks to measure; undefined: all of them. */
  readonly attack: string | undefined;
  /** The size of a file; undefined: the part's default. */
  readonly mebibytes: number | undefined;
};
