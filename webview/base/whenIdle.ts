// Runs work when the page has nothing else to do.

/** A page that is always busy runs it nevertheless. */
const PATIENCE_MS = 1000;

/** Lets the page paint and take input, in a browser that does not say when it is idle. */
const PAUSE_MS = 50;

export function whenIdle(act: () => void): void {
  // Safari lacks it.
  if (typeof requestIdleCallback === "function") requestIdleCallback(act, { timeout: PATIENCE_MS });
  else setTimeout(act, PAUSE_MS);
}
