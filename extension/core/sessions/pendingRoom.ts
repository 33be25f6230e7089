// How many own messages a session may hold that are not confirmed, the same in the lobby and in private: those on their way, and
// beside them those that failed, which their author has yet to send again or discard.
import { utf8Length } from "../../../protocol/codec.ts";
import { limits } from "../../../protocol/limits.ts";
import type { PendingMessage } from "../../../protocol/webview.ts";

/** Whether one more message can be on its way. Failed ones are not. */
export function hasRoom(pending: readonly PendingMessage[], text: string): boolean {
  const waiting = pending.filter(({ status }) => status !== "failed");
  const bytes = waiting.reduce((sum, message) => sum + utf8Length(message.text), utf8Length(text));
  return waiting.length < limits.unackedMessages && bytes <= limits.unackedBytes;
}

/** Whether so many have failed that nothing new is taken. */
export function areTooManyFailed(pending: readonly PendingMessage[]): boolean {
  return pending.filter(({ status }) => status === "failed").length >= limits.unackedMessages;
}
