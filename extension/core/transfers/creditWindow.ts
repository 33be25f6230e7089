// How many bytes a receiver lets come before it has written them. Chat comes first: the window shrinks when the round trip
// of the session's own link grows. Pure: times are passed in.
import { LEAST_CREDIT, MOST_CREDIT } from "../../../protocol/bulk.ts";

/** Milliseconds by which a round trip may always grow: on a fast link, twice its base is less than a timer's jitter. */
const SLACK_MS = 10;

/** Bytes by which the window grows with each good round trip, once it was too large. Until then it doubles. */
const GROWTH = LEAST_CREDIT;

export type CreditWindow = {
  readonly bytes: number;
  /** The shortest round trip of this link in milliseconds; null before the first. */
  readonly base: number | null;
  /** When the window was halved last; null if never. */
  readonly halvedAt: number | null;
  /** The latest round trip was too long. One alone says little: either side may have been busy with something else. */
  readonly isLate: boolean;
};

/** For a new link, whose round trip is not known. */
export const newWindow: CreditWindow = { bytes: LEAST_CREDIT, base: null, halvedAt: null, isLate: false };

/**
 * Takes one round trip of the session's own link.
 * @param at milliseconds of the caller's clock when it ended
 */
export function measured(window: CreditWindow, roundTripMs: number, at: number): CreditWindow {
  if (!(roundTripMs >= 0)) return window;
  const base = Math.min(roundTripMs, window.base ?? roundTripMs);
  if (roundTripMs <= Math.max(2 * base, base + SLACK_MS)) {
    const more = window.halvedAt === null ? window.bytes : GROWTH;
    return { ...window, base, bytes: Math.min(MOST_CREDIT, window.bytes + more), isLate: false };
  }
  if (!window.isLate) return { ...window, base, isLate: true };
  // A round trip that began before the last halving says nothing about the smaller window.
  const sinceHalved = window.halvedAt === null ? Infinity : at - window.halvedAt;
  if (sinceHalved >= 0 && sinceHalved < roundTripMs) return { ...window, base };
  return { base, bytes: Math.max(LEAST_CREDIT, Math.floor(window.bytes / 2)), halvedAt: at, isLate: true };
}
