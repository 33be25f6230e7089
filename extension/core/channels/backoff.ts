// How long to wait before the next attempt: growing, bounded, and spread at random.

const FIRST_MS = 500;
const GROWTH = 1.6;
/** At the server, which one waits for; and at a peer, who may be away for a night. */
const LONGEST_MS = { server: 8_000, peer: 15_000 } as const;

/**
 * Milliseconds to wait before the next attempt: half to all of a time that grows with each attempt, so that the clients
 * of a restarted server do not all come at once.
 * @param attempt attempts that have failed already, from 0
 * @param random at least 0, below 1
 */
export function backoff(attempt: number, random: number, at: keyof typeof LONGEST_MS = "server"): number {
  const longest = Math.min(LONGEST_MS[at], FIRST_MS * GROWTH ** attempt);
  return Math.round(longest * (0.5 + random / 2));
}

/** However long a server says to wait, nobody waits longer; timers of days would end at once. */
export const LONGEST_WAIT_MS = 60_000;
