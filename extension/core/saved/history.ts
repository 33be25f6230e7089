// Conversations that outlast their sessions: who they are with, and what happens when their earlier lines are loaded or
// cleared.
import { draftWithout, type Entry, type SessionNumber } from "../../../protocol/webview.ts";
import { LOBBY, type Session } from "../model/session.ts";
import type { State } from "../model/state.ts";
import { cleared as clearedTranscript, fromEntries, slice, withoutNumber } from "../model/transcript.ts";
import type { Turn } from "../model/turn.ts";
import type { Conversation, Seen } from "../model/conversation.ts";

export function conversationOf(me: NonNullable<State["me"]>, session: Session): Conversation {
  const { server, identity } = me;
  const peer = session.kind === "lobby" ? null : { name: session.peer, pin: session.pin };
  return { server, identity, peer };
}

/** Inserts lines of earlier sessions before those of a new one. */
export function loaded(
  turn: Turn,
  event: { readonly session: SessionNumber; readonly entries: readonly Entry[]; readonly seen: Seen | null },
): void {
  const session = turn.session(event.session);
  if (session === undefined) return;
  const { transcript, newFrom } = session;
  const own = slice(transcript, transcript.start, transcript.end).entries;
  const { lastSeen } = turn.state;
  // The server may have restarted since then, so its numbers may refer to other messages.
  const isPast = event.session === LOBBY && lastSeen !== null && event.seen?.epoch !== lastSeen.epoch;
  const earlier = isPast ? event.entries.map(withoutNumber) : event.entries;
  if (earlier.length > 0) {
    const shift = earlier.length - transcript.start;
    turn.setSession(event.session, {
      transcript: fromEntries([...earlier, ...own.map((entry) => shifted(entry, shift))]),
      newFrom: newFrom === null ? null : newFrom + shift,
    });
  }
  // The server will send only what came after it.
  if (event.session === LOBBY && turn.state.lastSeen === null && event.seen !== null) {
    turn.set({ lastSeen: event.seen });
  }
}

/** An entry whose index has moved, with its quote's. */
function shifted(entry: Entry, by: number): Entry {
  if (entry.kind !== "message" || entry.reply?.index === undefined) return entry;
  return { ...entry, reply: { ...entry.reply, index: entry.reply.index + by } };
}

/** The user has cleared the history: of one session, or of all. */
export function cleared(turn: Turn, number: SessionNumber | null): void {
  for (const session of turn.state.sessions) {
    if (number !== null && session.number !== number) continue;
    const { attached } = session;
    turn.setSession(session.number, {
      transcript: clearedTranscript(session.transcript),
      ...{ unread: 0, newFrom: null },
      // A reply's or an edit's quoted message disappears with the lines; the text of an edit stays.
      ...{ draft: draftWithout(session.draft, session.draftAbout), draftAbout: null },
      // What was to be sent with changes is deleted, too.
      attached: attached?.part.kind === "changes" ? null : attached,
    });
  }
}
