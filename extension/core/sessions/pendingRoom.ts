// How many own messages a session may hold that are not confirmed, the same in the lobby and in private: those on their way, and
// beside them those that failed, which their author has yet to send again or discard.
import { utf8Length } from "../../../protocol/codec.ts";
import { limits } from "../../../protocol/limits.ts";
import { fieldsLength, type MessageContent } from "../../../protocol/messageContent.ts";
import type { PendingMessage } from "../../../protocol/webview.ts";

/** Whether one more message can be on its way. Failed ones are not. */
export function hasRoom(pending: readonly PendingMessage[], added: MessageContent): boolean {
  const waiting = pending.filter(({ status }) => status !== "failed");
  const bytes = waiting.reduce((sum, message) => sum + bytesOf(message), bytesOf(added));
  return waiting.length < limits.unackedMessages && bytes <= limits.unackedBytes;
}

/** What a message takes of what may wait. */
export function bytesOf(content: MessageContent): number {
  return utf8Length(content.text) + fieldsLength(content);
}

/** Whether so many have failed that nothing new is taken. */
export function areTooManyFailed(pending: readonly PendingMessage[]): boolean {
  return pending.filter(({ status }) => status === "failed").length >= limits.unackedMessages;
}
