import type { Result } from "../../protocol/result.ts";

/** The value of what has to succeed. */
export function succeeded<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(`It failed: ${JSON.stringify(result.error)}`);
  return result.value;
}

/** The error of what has to fail. */
export function failed<E>(result: Result<unknown, E>): E {
  if (result.ok) throw new Error(`It succeeded: ${JSON.stringify(result.value)}`);
  return result.error;
}
