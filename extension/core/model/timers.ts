// The names of the core's timers.

/** Names a timer; scheduling a key again replaces its timer. */
export type TimerKey =
  | "reconnect"
  | "pace"
  /** Say what has come while nobody looked. */
  | "notify"
  | `fork:${string}`
  | `invite:${string}`
  /** Dial the peer of a session (again). */
  | `redial:${string}`
  /** Use a relay's ticket, if nothing else has come. */
  | `relay:${string}`
  /** Try to get from the relay to a direct link. */
  | `direct:${string}`
  /** Somebody who was writing has not said so for a while. */
  | `typing:${string}`
  /** Our own user has not gone on writing for a while. */
  | `writing:${string}`
  /** An introduction by a peer that was never completed. */
  | `introduce:${string}`;
