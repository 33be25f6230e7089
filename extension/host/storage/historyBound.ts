// How much history is kept, as set by the user.
import type { Bound } from "./historyFile.ts";
import type { Agreed } from "./startTimes.ts";

const DAY_MS = 24 * 3_600_000;

export type HistorySettings = {
  /** Lines per conversation. */
  readonly messages: number;
  /** 0: nothing is saved beyond what the window needs to reconnect. */
  readonly days: number;
  readonly forgetOnLeave: boolean;
};

/** @param time the current time, from which ages are counted */
export function boundOf({ messages, days }: HistorySettings, { time, gaps }: Agreed): Bound {
  return { oldest: time - days * DAY_MS, gaps, count: messages };
}
