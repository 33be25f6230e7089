// The delay before the next attempt: growing, bounded, and jittered.

const FIRST_MS = 500;
const GROWTH = 1.6;
/** For the server, which users wait for, and for a peer, who may be away all night. */
const LONGEST_MS = { server: 8_000, peer: 15_000 } as const;

/**
 * Milliseconds until the next attempt: half to all of a delay that grows with each attempt, so that the clients of a
 * restarted server do not all reconnect at once.
 * @param attempt attempts that have failed already, from 0
 * @param random at least 0, below 1
 */
export function backoff(attempt: number, random: number, at: keyof typeof LONGEST_MS = "server"): number {
  const longest = Math.min(LONGEST_MS[at], FIRST_MS * GROWTH ** attempt);
  return Math.round(longest * (0.5 + random / 2));
}

/** Upper limit for the wait that a server requests. Timers of many days would overflow and fire at once. */
export const LONGEST_WAIT_MS = 60_000;
