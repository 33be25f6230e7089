// Messages that a window shows, and answers and edits of them.
import assert from "node:assert/strict";
import { slice } from "../../extension/core/model/transcript.ts";
import type { CoreEvent } from "../../extension/core/model/events.ts";
import { sessionNumber } from "../../extension/core/model/session.ts";
import type { State } from "../../extension/core/model/state.ts";
import type { MessageEntry } from "../../protocol/webview.ts";

export function messages(state: State, session: number): MessageEntry[] {
  const found = state.sessions.find(({ number }) => number === sessionNumber(session));
  const entries = found === undefined ? [] : slice(found.transcript, 0, found.transcript.end).entries;
  return entries.flatMap((entry) => (entry.kind === "message" ? [entry] : []));
}

/** Of the line with this text. */
export const indexOf = (state: State, session: number, text: string): number => {
  const found = state.sessions.find(({ number }) => number === sessionNumber(session));
  assert.ok(found !== undefined);
  const { entries, index } = slice(found.transcript, 0, found.transcript.end);
  return index + entries.findIndex((entry) => entry.text === text);
};

/** An answer or an edit, as the page sends it. */
export const submit = (text: string, session: number, kind: "reply" | "edit", index: number): CoreEvent => ({
  type: "user/submit",
  request: 7,
  session: sessionNumber(session),
  text,
  about: { kind, index },
});
export const thumb = "\u{1f44d}";
