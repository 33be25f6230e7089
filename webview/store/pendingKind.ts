// Distinguishes own messages in flight from changes of earlier ones. Pure.
import { type Chunks, entryAt } from "./chunks.ts";
import { linesOfCode, shortForm } from "../../protocol/codeText.ts";
import { contentOf } from "../../protocol/messageContent.ts";
import { excerptOf, type MessageEntry, type PendingMessage } from "../../protocol/webview.ts";

/** Whether it will be a line of its own; others change an earlier message. */
export function isLine({ about }: PendingMessage): boolean {
  return about === undefined || about.kind === "reply";
}

/** A message as it will be in the log, with its quoted message if that is held. */
export function asEntry(message: PendingMessage, me: string, chunks: Chunks): MessageEntry {
  const { at, about } = message;
  const entry: MessageEntry = { kind: "message", from: me, own: true, at, ...contentOf(message) };
  if (about?.kind !== "reply") return entry;
  const { seq } = about;
  const own = "of" in about ? about.of === "mine" : null;
  for (const chunk of chunks.list.toReversed()) {
    const within = chunk.entries.findLastIndex(
      (one) => one.kind === "message" && one.seq === seq && (own === null || one.own === own),
    );
    const index = chunk.index + within;
    const answered = within < 0 ? undefined : entryAt(chunks, index);
    if (answered?.kind !== "message") continue;
    const range = linesOfCode(answered);
    const reply = { from: answered.from, text: excerptOf(shortForm(answered)), index };
    return { ...entry, reply: { ...reply, ...(range === undefined ? {} : { range }) } };
  }
  return entry;
}
