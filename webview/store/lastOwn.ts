// The user's last message in a session, which Up in an empty composer edits. Pure.
import type { MessageEntry, SessionNumber } from "../../protocol/webview.ts";
import { isMine } from "./isMine.ts";
import type { PanelModel } from "./panelReducer.ts";
import { isLine } from "./pendingKind.ts";

/** `coming`: it is in flight, and can be edited once it has its number. */
export type LastOwn = "coming" | { readonly index: number; readonly entry: MessageEntry };

/** Null if there is none, or if it cannot be changed. */
export function lastOwn({ state, logs }: PanelModel, session: SessionNumber): LastOwn | null {
  const view = state.sessions.find(({ number }) => number === session);
  if (view?.state !== "open" && view?.state !== "waiting") return null;
  const unconfirmed = view.pending.findLast(isLine);
  if (unconfirmed !== undefined) return unconfirmed.status === "sending" ? "coming" : null;
  for (const chunk of logs.get(session)?.list.toReversed() ?? []) {
    const at = chunk.entries.findLastIndex(
      (entry) => entry.kind === "message" && isMine(entry, state.me ?? "", session),
    );
    const entry = chunk.entries[at];
    if (entry?.kind !== "message") continue;
    const changeable = entry.seq !== undefined && entry.retracted !== true;
    return changeable ? { index: chunk.index + at, entry } : null;
  }
  return null;
}
