// The error for something that this machine lacks. Scripts print it as a plain sentence, without a stack.

/** Its message says what is missing and what to do. */
export class Unavailable extends Error {
  override readonly name = "Unavailable";
}

/** The text for a failure: the sentence, or otherwise the stack. */
export function describeFailure(failure: unknown): string {
  if (failure instanceof Unavailable) return failure.message;
  return failure instanceof Error ? (failure.stack ?? failure.message) : String(failure);
}
