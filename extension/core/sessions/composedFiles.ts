// The files in composers: part of the draft, and saved with it. Their bytes are with the host.
import type { FileId } from "../../../protocol/bulk.ts";
import type { SessionId } from "../../../protocol/fields.ts";
import type { ComposedFile } from "../../../protocol/webview.ts";
import type { Turn } from "../model/turn.ts";

/** Adds a file, or replaces what is known of it. */
export function composed(turn: Turn, sid: SessionId, file: ComposedFile): void {
  const session = turn.state.sessions.find((each) => each.kind === "peer" && each.sid === sid);
  if (session === undefined) return;
  const { number, files } = session;
  const isKnown = files.some(({ id }) => id === file.id);
  turn.setSession(number, {
    files: isKnown ? files.map((each) => (each.id === file.id ? file : each)) : [...files, file],
  });
}

/** It is sent, or the user has removed it. */
export function discarded(turn: Turn, id: FileId): void {
  for (const { number, files } of turn.state.sessions)
    if (files.some((file) => file.id === id))
      turn.setSession(number, { files: files.filter((file) => file.id !== id) });
}
