// Decides where a day begins and which entries stand under one author's head. Pure.
import type { Entry, MessageEntry } from "../../protocol/webview.ts";

/** Messages of one author within this time stand under one head. */
const GROUP_MS = 5 * 60_000;

/** Whether `entry` opens a day; the first entry of a conversation does. */
export function opensDay(entry: Entry, previous: Entry | undefined): boolean {
  return previous === undefined || !sameDay(previous.at, entry.at);
}

/** Whether a message stands under a head of its own, with its author and time. */
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
