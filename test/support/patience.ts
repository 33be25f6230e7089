// How long a test waits for what has to happen.

/** Just below what a layer gives each test (scripts/layers.ts), so that a failure still says what was awaited. */
export const PATIENCE_MS = 55_000;
