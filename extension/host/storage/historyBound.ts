// How much is kept of conversations, as the user has set it.
import type { Bound } from "./historyFile.ts";
import type { Agreed } from "./startTimes.ts";

const DAY_MS = 24 * 3_600_000;

export type HistorySettings = {
  /** Lines of one conversation. */
  readonly messages: number;
  /** 0: nothing is kept beyond what the window needs to come back. */
  readonly days: number;
  readonly forgetOnLeave: boolean;
};

/** @param time up to which lines age */
export function boundOf({ messages, days }: HistorySettings, { time, gaps }: Agreed): Bound {
  return { oldest: time - days * DAY_MS, gaps, count: messages };
}
