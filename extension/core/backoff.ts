// How long to wait before trying a server again.

const FIRST_MS = 500;
const GROWTH = 1.6;
const LONGEST_MS = 8_000;

/**
 * Milliseconds before the next attempt: growing from half a second to eight, and spread by chance over the
 * upper half of that time, so that the clients of a restarted server do not all come at once.
 * @param attempt attempts that have failed already, from 0
 * @param random at least 0, below 1
 */
export function backoff(attempt: number, random: number): number {
  const longest = Math.min(LONGEST_MS, FIRST_MS * GROWTH ** attempt);
  return Math.round(longest * (0.5 + random / 2));
}
