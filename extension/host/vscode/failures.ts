// For work whose result nothing waits for: a failure is always logged, and shown to the user who asked for the work.
import * as l10n from "@vscode/l10n";
import { log, logFailure } from "./failureLog.ts";
import { showError } from "./notify.ts";

/** Shows the user that what they have asked for has failed. */
export function showFailure(work: PromiseLike<unknown>): void {
  work.then(undefined, (error: unknown) => {
    log(error);
    if (isCancellation(error)) return;
    const why = error instanceof Error ? error.message : String(error);
    logFailure(showError(l10n.t("Fork Chat couldn't finish this: {0}", why)));
  });
}

/** A window that closes cancels what is under way. */
function isCancellation(error: unknown): boolean {
  return error instanceof Error && error.name === "Canceled";
}
