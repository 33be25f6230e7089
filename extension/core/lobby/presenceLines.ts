// Join and quit lines. Many of them must not displace messages: a conversation holds a few lines in a row, and then one
// that stands for the others of the same hour.
import * as l10n from "@vscode/l10n";
import type { Entry } from "../../../protocol/webview.ts";
import { amend, append, entryAt, isPresence, type Transcript } from "../model/transcript.ts";

/** Consecutive lines that are kept separately. */
const IN_A_ROW = 10;

/** A combined line covers no more than this, so that yesterday's line does not report today's events. */
const FOLDED_MS = 3_600_000;

export type PresenceLine = {
  readonly at: number;
  readonly name: string;
  readonly what: "joined" | "left";
  readonly text: string;
};

/** Adds a line, or counts it in a combined one. */
export function appendPresence(transcript: Transcript, { at, name, what, text }: PresenceLine): Transcript {
  const index = transcript.end - 1;
  const last = entryAt(transcript, index);
  const isRecent = last !== undefined && at - last.at < FOLDED_MS;
  if (!isRecent || !isFullRow(transcript)) {
    return append(transcript, { kind: "notice", level: "info", at, text, presence: { name, what } });
  }
  const folded = isPresence(last) ? last.presence.more : undefined;
  return folded === undefined
    ? append(transcript, foldedLine(at, name, what, 1))
    : amend(transcript, index, foldedLine(last.at, name, what, folded + 1));
}

function isFullRow(transcript: Transcript): boolean {
  for (let n = 1; n <= IN_A_ROW; n++) {
    const entry = entryAt(transcript, transcript.end - n);
    if (entry === undefined || !isPresence(entry)) return false;
  }
  return true;
}

function foldedLine(at: number, name: string, what: PresenceLine["what"], more: number): Entry {
  const text =
    what === "joined"
      ? l10n.t("{0} more arrivals and departures. Most recently, {1} joined.", more, name)
      : l10n.t("{0} more arrivals and departures. Most recently, {1} left.", more, name);
  return { kind: "notice", level: "info", at, text, presence: { name, what, more } };
}
