// The server's time. It stands still while the process does: after a pause, timers run before sockets are read, and what a client
// has sent meanwhile must count before its silence does.

/** Milliseconds between two looks at the time. */
const STEP_MS = 1_000;

/** Whole milliseconds, because V8 stores each fractional number that a client keeps as an object. They never go back. */
export function startClock(): { readonly now: () => number; readonly stop: () => void } {
  let lookedAt = performance.now();
  let awayMs = 0;
  const now = (): number => {
    const time = performance.now();
    const lateMs = time - lookedAt - STEP_MS;
    if (lateMs > STEP_MS) awayMs += lateMs;
    lookedAt = time;
    return Math.floor(time - awayMs);
  };
  const timer = setInterval(now, STEP_MS);
  return { now, stop: () => clearInterval(timer) };
}
