// Waits for a condition outside this process that sends no event. For the window driver and the tests that use it.
import { setTimeout as delay } from "node:timers/promises";

const INTERVAL_MS = 50;
/** Nothing takes so long, except on a machine that has much else to do; and that is no failure of what is tested. */
export const PATIENCE_MS = 60_000;

/**
 * Asks until the answer is something else than undefined or false, and resolves with it. Fails after `timeout`
 * milliseconds with `what` was waited for and, when there is one, the last error.
 */
export async function eventually<T>(
  what: string,
  probe: () => Promise<T | undefined | false>,
  timeout = PATIENCE_MS,
): Promise<T> {
  const end = performance.now() + timeout;
  let failure: unknown;
  do {
    try {
      const answer = await probe();
      if (answer !== undefined && answer !== false) return answer;
      failure = undefined;
    } catch (error) {
      failure = error;
    }
    await delay(INTERVAL_MS);
  } while (performance.now() < end);
  // In words as well: the cause of an error does not get from one process to another.
  const last = failure instanceof Error ? `; the last try: ${failure.message}` : "";
  throw new Error(`Not within ${timeout} ms: ${what}${last}`, { cause: failure });
}
