// The changes that the messages of a session bring.
import type { ChangesPart } from "../../../protocol/changesPart.ts";
import type { MessageContent } from "../../../protocol/messageContent.ts";
import type { PeerSession } from "../../core/model/session.ts";
import { changesSince, entryAt, slice } from "../../core/model/transcript.ts";

type SentPart = { readonly part: ChangesPart; readonly own: boolean };

/** The newest first. */
export function changesIn(session: PeerSession): SentPart[] {
  const { transcript } = session;
  const said = slice(transcript, transcript.start, transcript.end).entries.toReversed();
  return [
    ...unsaidIn(session),
    ...said.flatMap((entry) => (entry.kind === "message" ? partIn(entry, entry.own) : [])),
  ];
}

/** Changes that a message or the composer had, and that nothing in the session has any more. */
export function goneChanges(before: PeerSession, after: PeerSession): SentPart[] {
  const amended =
    before.transcript === after.transcript ? null : changesSince(before.transcript, after.transcript);
  const former = [
    ...unsaidIn(before),
    ...(amended?.amended ?? []).flatMap(({ index }) => {
      const entry = entryAt(before.transcript, index);
      return entry?.kind === "message" ? partIn(entry, entry.own) : [];
    }),
  ];
  const isSame = (one: SentPart, other: SentPart): boolean =>
    one.own === other.own && one.part.id === other.part.id;
  const there = unsaidIn(after);
  const missing = former.filter((each) => !there.some((other) => isSame(each, other)));
  if (missing.length === 0) return [];
  const all = changesIn(after);
  return missing.filter((each) => !all.some((other) => isSame(each, other)));
}

/** In the composer, and in messages that the peer has not confirmed. */
function unsaidIn({ attached, pending }: PeerSession): SentPart[] {
  return [...(attached === null ? [] : [attached]), ...pending].flatMap((each) => partIn(each, true));
}

function partIn({ part }: Pick<MessageContent, "part">, own: boolean): SentPart[] {
  return part?.kind === "changes" ? [{ part, own }] : [];
}
