// Limits how many unacknowledged own messages a session may hold, in the lobby and in private sessions alike: those in
// flight, and the failed ones that the user has yet to resend or discard.
import { utf8Length } from "../../../protocol/codec.ts";
import { limits } from "../../../protocol/limits.ts";
import { fieldsLength, type MessageContent } from "../../../protocol/messageContent.ts";
import type { PendingMessage } from "../../../protocol/webview.ts";

/** Whether one more message can be in flight. Failed ones are not in flight. */
export function hasRoom(pending: readonly PendingMessage[], added: MessageContent): boolean {
  const waiting = pending.filter(({ status }) => status !== "failed");
  const bytes = waiting.reduce((sum, message) => sum + bytesOf(message), bytesOf(added));
  return waiting.length < limits.unackedMessages && bytes <= limits.unackedBytes;
}

/** The size of a message, counted against the limit. */
export function bytesOf(content: MessageContent): number {
  return utf8Length(content.text) + fieldsLength(content);
}

/** Whether so many messages have failed that no new ones are accepted. */
export function areTooManyFailed(pending: readonly PendingMessage[]): boolean {
  return pending.filter(({ status }) => status === "failed").length >= limits.unackedMessages;
}
