// Decides where a day begins and which entries share one author's heading. Pure.
import type { Entry, MessageEntry } from "../../protocol/webview.ts";

/** Messages of one author within this time share a heading. */
const GROUP_MS = 5 * 60_000;

/** Whether `entry` starts a day; the first entry of a conversation does. */
export function opensDay(entry: Entry, previous: Entry | undefined): boolean {
  return previous === undefined || !sameDay(previous.at, entry.at);
}

/** Whether a message has its own heading, with author and time. */
export function opensGroup(entry: MessageEntry, previous: Entry | undefined): boolean {
  return (
    previous?.kind !== "message" ||
    previous.from !== entry.from ||
    previous.own !== entry.own ||
    entry.at - previous.at > GROUP_MS ||
    !sameDay(previous.at, entry.at)
  );
}

export function sameDay(a: number, b: number): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}
