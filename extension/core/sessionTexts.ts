// What the user reads about the way of a private session: away, back, over.
import type { PeerSession } from "./state.ts";

export const sessionTexts = {
  away: (peer: string, why: string | null): string =>
    `${peer} cannot be reached now${why === null ? "" : `: ${why}`}. The session stays; what you write waits for ${peer}.`,
  back: (peer: string): string => `${peer} is back; nothing was lost.`,
  forgot: (peer: string, doubtful: number): string =>
    `${peer}’s window has lost its memory of this session and begins anew.` +
    (doubtful === 0
      ? ""
      : doubtful === 1
        ? " Your last message was never confirmed."
        : ` Your last ${doubtful} messages were never confirmed.`),
  memoriesDiffer: (peer: string): string =>
    `This window and ${peer}’s do not agree on what was said here, so that going on could lose something: the session ` +
    `has ended. \\fork ${peer} in the lobby opens a new one.`,
  unknown: (peer: string): string =>
    `${peer}’s window does not know this session any more; it has ended. \\fork ${peer} in the lobby opens a new one.`,
  ended: ({ peer, number }: PeerSession, reason: "left" | "quit"): string =>
    reason === "left"
      ? `${peer} has left private session ${number}; it is over.`
      : `${peer} has quit; private session ${number} is over.`,
  left: ({ peer, number }: PeerSession, wasAway: boolean): string =>
    `You have left private session ${number} with ${peer}.` +
    (wasAway ? ` ${peer} is told when their window calls.` : ""),
} as const;
