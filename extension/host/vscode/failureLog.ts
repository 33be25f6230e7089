// Logs the failures of work whose result nothing waits for. Independent of VS Code.

/** Logs the failure of work that the user has not asked for, or whose failure they see otherwise. */
export function logFailure(work: PromiseLike<unknown>): void {
  work.then(undefined, log);
}

type Target = { error(error: Error): void };

/** VS Code's own logs, while the chat has none. */
let target: Target = console;

/** Sets where failures are logged, until the result is disposed. */
export function logFailuresTo(log: Target): { dispose(): void } {
  target = log;
  return { dispose: () => (target = console) };
}

export function log(error: unknown): void {
  target.error(error instanceof Error ? error : new Error(String(error)));
}
