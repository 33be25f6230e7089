// Remembers at a message that the user has applied the changes that it brings.
import type { ChangesPart } from "../../../protocol/changesPart.ts";
import type { MessageEntry } from "../../../protocol/webview.ts";
import type { StampedEvent } from "../model/events.ts";
import { amend, entryAt } from "../model/transcript.ts";
import type { Turn } from "../model/turn.ts";

export function applied(turn: Turn, event: Extract<StampedEvent, { type: "changes/applied" }>): void {
  const { sid, index, part, which, at } = event;
  const session = turn.state.sessions.find((each) => each.kind === "peer" && each.sid === sid);
  const entry = session && entryAt(session.transcript, index);
  // It may have been edited, retracted or forgotten meanwhile.
  if (session === undefined || entry?.kind !== "message" || !areSameChanges(entry.part, part)) return;
  const line: MessageEntry = { ...entry };
  delete line.applied;
  if (which !== "none") line.applied = { at, ...(which === "some" ? { partly: true } : {}) };
  turn.setSession(session.number, { transcript: amend(session.transcript, index, line) });
}

/** Whether two messages bring the same, wherever their words end. */
export function areSameChanges(one: MessageEntry["part"], other: MessageEntry["part"]): boolean {
  if (one?.kind !== "changes" || other?.kind !== "changes") return false;
  const textOf = (part: ChangesPart): string => JSON.stringify({ ...part, at: 0 });
  return textOf(one) === textOf(other);
}
