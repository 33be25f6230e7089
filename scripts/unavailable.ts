// The one error that scripts show as a plain sentence, without a stack: something this machine does not have.

/** Its message tells what is missing and what a person can do about it. */
export class Unavailable extends Error {
  override readonly name = "Unavailable";
}

/** What to print for a failure: the sentence alone when it is one, else the stack. */
export function describeFailure(failure: unknown): string {
  if (failure instanceof Unavailable) return failure.message;
  return failure instanceof Error ? (failure.stack ?? failure.message) : String(failure);
}
