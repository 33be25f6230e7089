// How the benchmark is asked to run. For all parts.
export type Options = {
  /** A look in under two minutes for all parts together, instead of a measurement. */
  readonly short: boolean;
  /** How many scores that count each entrant needs; undefined: as the part thinks right. */
  readonly rounds: number | undefined;
  /** Minutes for which memory is watched. */
  readonly minutes: number;
  /** An earlier commit to attack as well, in the same run; undefined: none. */
  readonly before: string | undefined;
  /** A word in the names of the attacks to measure; undefined: all of them. */
  readonly attack: string | undefined;
};
