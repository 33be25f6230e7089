// Remembers at a message that the user has applied the changes that it brings.
import type { ChangesPart } from "../../../protocol/changesPart.ts";
import type { MessageEntry } from "../../../protocol/webview.ts";
import type { StampedEvent } from "../model/events.ts";
import { amend, entryAt, indexOfPart } from "../model/transcript.ts";
import type { Turn } from "../model/turn.ts";

export function applied(turn: Turn, event: Extract<StampedEvent, { type: "changes/applied" }>): void {
  const session = turn.state.sessions.find((each) => each.kind === "peer" && each.sid === event.sid);
  if (session === undefined) return;
  const index = indexOfPart(session.transcript, "changes", event.id, event.own);
  const entry = index === null ? undefined : entryAt(session.transcript, index);
  if (index === null || entry?.kind !== "message") return;
  const line: MessageEntry = { ...entry };
  delete line.applied;
  if (event.which !== "none")
    line.applied = { at: event.at, ...(event.which === "some" ? { partly: true } : {}) };
  turn.setSession(session.number, { transcript: amend(session.transcript, index, line) });
}

/** Whether an edit has left what the message brings, which says where its words end. */
export function bringsSameChanges(before: MessageEntry, after: MessageEntry): boolean {
  const [former, now] = [before.part, after.part];
  if (former?.kind !== "changes" || now?.kind !== "changes") return false;
  const textOf = (part: ChangesPart): string => JSON.stringify({ ...part, at: 0 });
  return textOf(former) === textOf(now);
}
