// Sends a message over a session's link, in the form that this peer understands.
import { changesTextWithoutFiles } from "../../../protocol/changesText.ts";
import type { PeerAbout } from "../../../protocol/fields.ts";
import { offerTextWithoutFiles } from "../../../protocol/fileText.ts";
import { contentOf, withoutPart, type MessageContent } from "../../../protocol/messageContent.ts";
import type { PendingMessage } from "../../../protocol/webview.ts";
import { network } from "../model/effects.ts";
import type { PeerChannel } from "../model/peerChannel.ts";
import type { Turn } from "../model/turn.ts";
import type { About } from "./messageChanges.ts";

type Link = NonNullable<PeerChannel["link"]>;

/** In a private session a pending message's id contains its number. */
export function sendMessage(turn: Turn, link: Link, message: PendingMessage): void {
  const { id, at, about } = message;
  const frame = { type: "message", seq: Number(id), at, ...contentFor(link, message) } as const;
  turn.emit(network("sendLink", link.id, isPeerAbout(about) ? { ...frame, about } : frame));
}

/** A peer that cannot take files and changes is told what it misses. */
function contentFor({ showsParts, takesFiles }: Link, message: PendingMessage): MessageContent {
  const content = contentOf(message);
  if (content.part?.kind === "file" && !takesFiles) return { text: offerTextWithoutFiles(content.part) };
  if (content.part?.kind === "changes" && !takesFiles) return { text: changesTextWithoutFiles(content) };
  return showsParts ? content : withoutPart(content);
}

/** Both sides number their own messages, so a reference has to say whose is meant. */
function isPeerAbout(about: About | undefined): about is PeerAbout {
  return about !== undefined && (about.kind === "edit" || about.kind === "retract" || "of" in about);
}
