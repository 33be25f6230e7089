// Work in steps, each short, so that its caller can do other things in between, or stop.

/** Yields between its steps. */
export type Steps<Result> = Generator<undefined, Result>;

/** Runs all steps at once. */
export function finished<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}
