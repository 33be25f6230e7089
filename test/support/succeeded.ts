import type { Result } from "../../protocol/result.ts";

/** The value of what has to succeed. */
export function succeeded<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(`It failed: ${JSON.stringify(result.error)}`);
  return result.value;
}

/** Far more attempts than an election of a cluster takes. */
const ATTEMPTS = 10;

/** The value of a call that a busy machine can let fail a few times, for example by an election. */
export async function eventuallySucceeded<T>(call: () => Promise<Result<T, unknown>>): Promise<T> {
  for (let attempts = 1; ; attempts++) {
    const result = await call();
    if (result.ok || attempts === ATTEMPTS) return succeeded(result);
  }
}

/** The error of what has to fail. */
export function failed<E>(result: Result<unknown, E>): E {
  if (result.ok) throw new Error(`It succeeded: ${JSON.stringify(result.value)}`);
  return result.error;
}
