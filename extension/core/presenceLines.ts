// The lines of who comes and goes. They are many where many come and go, and take no place from what is said: a conversation
// holds a few of each row of them, and one line that stands for the rest.
import * as l10n from "@vscode/l10n";
import type { Entry } from "../../protocol/webview.ts";
import { amend, append, entryAt, isPresence, type Transcript } from "./transcript.ts";

/** Lines of one row, between two others, that are held each for itself. */
const IN_A_ROW = 10;

export type PresenceLine = {
  readonly at: number;
  readonly name: string;
  readonly what: "joined" | "left";
  readonly text: string;
};

/** Adds a line, or counts it in the one that stands for the rest of its row. */
export function appendPresence(transcript: Transcript, { at, name, what, text }: PresenceLine): Transcript {
  const index = transcript.end - 1;
  const last = entryAt(transcript, index);
  const folded = last !== undefined && isPresence(last) ? last.presence.more : undefined;
  if (last !== undefined && folded !== undefined) {
    return amend(transcript, index, foldedLine(last.at, name, what, folded + 1));
  }
  if (isFullRow(transcript)) return append(transcript, foldedLine(at, name, what, 1));
  return append(transcript, { kind: "notice", level: "info", at, text, presence: { name, what } });
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
