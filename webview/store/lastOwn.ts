// The last message that this window's user sent to a session, as Up in an empty composer edits it. Pure.
import type { MessageEntry, SessionNumber } from "../../protocol/webview.ts";
import { isMine } from "./isMine.ts";
import type { PanelModel } from "./panelReducer.ts";
import { isLine } from "./pendingKind.ts";

/** `coming`: it is on its way, and can be edited once it has its number. */
export type LastOwn = "coming" | { readonly index: number; readonly entry: MessageEntry };

/** Null when there is none, or when it cannot be changed. */
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
