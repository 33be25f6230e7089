// The names of the core's timers.

/** Identifies a timer; scheduling the same key again replaces it. */
export type TimerKey =
  | "reconnect"
  /** The server has been away for so long that this is shown. */
  | "grace"
  | "pace"
  /** Notify about what happened while the chat was not visible. */
  | "notify"
  | `fork:${string}`
  | `invite:${string}`
  /** Dial the peer of a session (again). */
  | `redial:${string}`
  /** Use a relay ticket if nothing else has connected. */
  | `relay:${string}`
  /** Try to move from the relay to a direct link. */
  | `direct:${string}`
  /** A person who was typing has not reported it for a while. */
  | `typing:${string}`
  /** The user has not typed for a while. */
  | `writing:${string}`
  /** A peer's question where the user is, and the user's own to a peer: not answered in time. */
  | `where:${string}`
  | `asked:${string}`
  /** An introduction by a peer that was never completed. */
  | `introduce:${string}`;
