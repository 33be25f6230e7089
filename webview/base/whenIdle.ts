// Runs work when the page has nothing else to do.

/** Milliseconds after which the work also runs on a busy page. */
const PATIENCE_MS = 1000;

/** Lets the page paint and handle input in a browser without `requestIdleCallback`. */
const PAUSE_MS = 50;

export function whenIdle(act: () => void): void {
  // Safari lacks it.
  if (typeof requestIdleCallback === "function") requestIdleCallback(act, { timeout: PATIENCE_MS });
  else setTimeout(act, PAUSE_MS);
}
