// For work that nobody waits for: its failure is always logged, and shown to the user who has asked for it.
import * as l10n from "@vscode/l10n";
import { showError } from "./notify.ts";

/** Logs the failure of work that the user has not asked for, or whose failure they see otherwise. */
export function logFailure(work: PromiseLike<unknown>): void {
  work.then(undefined, log);
}

/** Shows the user that what they have asked for has failed. */
export function showFailure(work: PromiseLike<unknown>): void {
  work.then(undefined, (error: unknown) => {
    log(error);
    if (isCancellation(error)) return;
    const why = error instanceof Error ? error.message : String(error);
    logFailure(showError(l10n.t("Fork Chat couldn't finish this: {0}", why)));
  });
}

type Target = { error(error: Error): void };

/** VS Code's own logs, while the chat has none. */
let target: Target = console;

/** Where failures are logged, until the result is disposed. */
export function logFailuresTo(log: Target): { dispose(): void } {
  target = log;
  return { dispose: () => (target = console) };
}

export function log(error: unknown): void {
  target.error(error instanceof Error ? error : new Error(String(error)));
}

/** A window that closes cancels what is under way. */
function isCancellation(error: unknown): boolean {
  return error instanceof Error && error.name === "Canceled";
}
