// Small records of what a change of the state adds to what a window saves, so that each can be on disk before its
// effects happen. A number that was sent is then never reused for other text, and what was acknowledged is kept.
import * as v from "valibot";
import { Timestamp } from "../../../protocol/fields.ts";
import {
  Attachment,
  ComposedFile,
  DraftAbout,
  Entry,
  PendingMessage,
  Reactions,
} from "../../../protocol/webview.ts";
import type { Session } from "../model/session.ts";
import type { State } from "../model/state.ts";
import {
  Count,
  KEPT_CHARACTERS,
  KEPT_ENTRIES,
  SavedFrame,
  saveFrame,
  saveChannel,
  savePeer,
  SavedPeer,
  SavedChannel,
} from "./savedWindow.ts";
import { changesSince, isRetracted, newest } from "../model/transcript.ts";

/** Everything about a private session except its conversation. */
export const PeerFrame = v.omit(SavedPeer, [
  "start",
  "entries",
  "pending",
  "unread",
  "draft",
  "draftAbout",
  "attached",
  "files",
  "muted",
  "newFrom",
]);
export type PeerFrame = v.InferOutput<typeof PeerFrame>;

export const SessionChange = v.object({
  /** 0 is the lobby. */
  number: Count,
  /** For a private session that is new or has changed. */
  peer: v.exactOptional(PeerFrame),
  /** Added lines, or (with `anew`, the index of the first) all lines. */
  entries: v.exactOptional(v.array(Entry)),
  anew: v.exactOptional(Count),
  /** The index of the first added line. */
  from: v.exactOptional(Count),
  /** Amended lines, by index. */
  amended: v.exactOptional(v.array(v.object({ index: Count, entry: Entry }))),
  /** Lines in which only these rows of reactions have changed. */
  reacted: v.exactOptional(
    v.array(v.object({ index: Count, rows: Reactions, at: v.exactOptional(Timestamp) })),
  ),
  /** Pending messages: this many removed from the front, these added at the end; or all of them. */
  gone: v.exactOptional(Count),
  /** The ids of the removed ones: after damage, others may be at the front. */
  goneIds: v.exactOptional(v.array(v.string())),
  pending: v.exactOptional(v.array(PendingMessage)),
  unread: v.exactOptional(Count),
  draft: v.exactOptional(v.string()),
  draftAbout: v.exactOptional(v.nullable(DraftAbout)),
  attached: v.exactOptional(v.nullable(Attachment)),
  files: v.exactOptional(v.array(ComposedFile)),
  muted: v.exactOptional(v.boolean()),
  newFrom: v.exactOptional(v.nullable(Count)),
});
export type SessionChange = v.InferOutput<typeof SessionChange>;

export const SavedChange = v.object({
  /** Changed fields of the window itself. */
  frame: v.exactOptional(v.partial(v.object(SavedFrame))),
  /** New or changed channels, and sids of removed ones. Files of earlier versions call them wires, so the name stays. */
  wires: v.exactOptional(v.array(SavedChannel)),
  wiresGone: v.exactOptional(v.array(v.string())),
  sessions: v.exactOptional(v.array(SessionChange)),
  sessionsGone: v.exactOptional(v.array(Count)),
});
export type SavedChange = v.InferOutput<typeof SavedChange>;

/**
 * Whether a change must be saved before its effects run: numbers, messages, identity, the set of sessions. Drafts,
 * unread counts and the active session can wait.
 */
export function isDurable(before: State, after: State): boolean {
  if (before.me !== after.me || before.resume !== after.resume || before.farewells !== after.farewells)
    return true;
  if (before.channels !== after.channels) return true;
  if (before.sessions === after.sessions) return false;
  return (
    before.sessions.length !== after.sessions.length ||
    after.sessions.some((session, i) => {
      const former = before.sessions[i];
      return former?.transcript !== session.transcript || former.pending !== session.pending;
    })
  );
}

/** The difference between two states of a window that has joined; null if nothing that is saved has changed. */
export function changesBetween(before: State, after: State): SavedChange | null {
  const change: SavedChange = {
    ...frameChange(before, after),
    ...channelChanges(before, after),
    ...sessionChanges(before, after),
  };
  return Object.keys(change).length === 0 ? null : change;
}

/** Whether it contains a retraction, whose text is still in earlier records. */
export function tellsRetraction({ sessions = [] }: SavedChange): boolean {
  return sessions.some(({ amended = [] }) => amended.some(({ entry }) => isRetracted(entry)));
}

/** Whether it contains something the user wrote, or its delivery: no one else could restore it. */
export function isIrreplaceable({ sessions = [], sessionsGone, wiresGone }: SavedChange): boolean {
  const isDraft = ({ draft, draftAbout, attached, files = [] }: SessionChange): boolean =>
    (draft ?? "") !== "" || draftAbout != null || attached != null || files.length > 0;
  const isOwn = (session: SessionChange): boolean =>
    (session.gone ?? 0) > 0 || (session.pending ?? []).length > 0 || isDraft(session);
  return sessionsGone !== undefined || wiresGone !== undefined || sessions.some(isOwn);
}

function frameChange(before: State, after: State): Pick<SavedChange, "frame"> {
  const [old, now] = [saveFrame(before), saveFrame(after)];
  if (now === null) return {};
  const frame = Object.fromEntries(
    Object.entries(now).filter(([name, value]) => {
      const former = old?.[name as keyof typeof now];
      return former !== value && JSON.stringify(former) !== JSON.stringify(value);
    }),
  );
  return Object.keys(frame).length === 0 ? {} : { frame };
}

function channelChanges(before: State, after: State): Pick<SavedChange, "wires" | "wiresGone"> {
  if (before.channels === after.channels) return {};
  const former = new Map(before.channels.map((channel) => [channel.sid, channel]));
  const changed = after.channels.filter(
    (channel) => channel.peerBoot !== null && former.get(channel.sid) !== channel,
  );
  const left = new Set(after.channels.map(({ sid }) => sid));
  const gone = before.channels.filter(({ sid }) => !left.has(sid)).map(({ sid }) => sid);
  return {
    ...(changed.length === 0 ? {} : { wires: changed.map(saveChannel) }),
    ...(gone.length === 0 ? {} : { wiresGone: gone }),
  };
}

function sessionChanges(before: State, after: State): Pick<SavedChange, "sessions" | "sessionsGone"> {
  if (before.sessions === after.sessions) return {};
  const former = new Map<number, Session>(before.sessions.map((session) => [session.number, session]));
  const sessions = after.sessions.flatMap((session) => {
    const change = sessionChange(former.get(session.number), session);
    return change === null ? [] : [change];
  });
  const left = new Set<number>(after.sessions.map(({ number }) => number));
  const gone = before.sessions.filter(({ number }) => !left.has(number)).map(({ number }) => number);
  return {
    ...(sessions.length === 0 ? {} : { sessions }),
    ...(gone.length === 0 ? {} : { sessionsGone: gone }),
  };
}

function sessionChange(former: Session | undefined, session: Session): SessionChange | null {
  if (former === session) return null;
  return {
    number: session.number,
    ...(session.kind === "peer" ? { peer: savePeer(session) } : {}),
    ...entriesChange(former, session),
    ...pendingChange(former, session),
    ...(former?.unread === session.unread ? {} : { unread: session.unread }),
    ...(former?.draft === session.draft ? {} : { draft: session.draft }),
    ...(former?.draftAbout === session.draftAbout ? {} : { draftAbout: session.draftAbout }),
    ...(former?.attached === session.attached ? {} : { attached: session.attached }),
    ...(former?.files === session.files ? {} : { files: [...session.files] }),
    ...(former?.muted === session.muted ? {} : { muted: session.muted }),
    ...(former?.newFrom === session.newFrom ? {} : { newFrom: session.newFrom }),
  };
}

function entriesChange(former: Session | undefined, { transcript }: Session): Partial<SessionChange> {
  if (former?.transcript === transcript) return {};
  const changes = former === undefined ? null : changesSince(former.transcript, transcript);
  if (changes === null) {
    const { index, entries } = newest(transcript, KEPT_ENTRIES, KEPT_CHARACTERS);
    return { entries, anew: index };
  }
  const { added } = changes;
  const amended = changes.amended.flatMap(({ index, entry, rows }) =>
    rows === null ? [{ index, entry }] : [],
  );
  const reacted = changes.amended.flatMap(({ index, entry, rows }) =>
    rows === null ? [] : [{ index, rows, at: entry.at }],
  );
  return {
    ...(added.length === 0 ? {} : { from: changes.index, entries: added }),
    ...(amended.length === 0 ? {} : { amended }),
    ...(reacted.length === 0 ? {} : { reacted }),
  };
}

function pendingChange(former: Session | undefined, { pending }: Session): Partial<SessionChange> {
  const old = former?.pending ?? [];
  if (old === pending) return {};
  const [first] = pending;
  const gone = first === undefined ? old.length : old.indexOf(first);
  const kept = old.length - gone;
  const continues = gone >= 0 && old.slice(gone).every((message, i) => pending[i] === message);
  if (!continues) return { gone: old.length, goneIds: old.map(({ id }) => id), pending: [...pending] };
  return { gone, goneIds: old.slice(0, gone).map(({ id }) => id), pending: pending.slice(kept) };
}
