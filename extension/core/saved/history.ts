// Conversations that outlast their sessions: who they are with, and what happens to a session when its earlier lines arrive or
// are cleared.
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

/** Lines of earlier sessions, for one that has just begun: they stand before its own. */
export function loaded(
  turn: Turn,
  event: { readonly session: SessionNumber; readonly entries: readonly Entry[]; readonly seen: Seen | null },
): void {
  const session = turn.session(event.session);
  if (session === undefined) return;
  const { transcript, newFrom } = session;
  const own = slice(transcript, transcript.start, transcript.end).entries;
  const { lastSeen } = turn.state;
  // The server may have begun anew since: its numbers mean other messages now.
  const isPast = event.session === LOBBY && lastSeen !== null && event.seen?.epoch !== lastSeen.epoch;
  const earlier = isPast ? event.entries.map(withoutNumber) : event.entries;
  if (earlier.length > 0) {
    const shift = earlier.length - transcript.start;
    turn.setSession(event.session, {
      transcript: fromEntries([...earlier, ...own.map((entry) => shifted(entry, shift))]),
      newFrom: newFrom === null ? null : newFrom + shift,
    });
  }
  // The server tells what came after it, and nothing twice.
  if (event.session === LOBBY && turn.state.lastSeen === null && event.seen !== null) {
    turn.set({ lastSeen: event.seen });
  }
}

/** A line that has moved, with what it answers. */
function shifted(entry: Entry, by: number): Entry {
  if (entry.kind !== "message" || entry.reply?.index === undefined) return entry;
  return { ...entry, reply: { ...entry.reply, index: entry.reply.index + by } };
}

/** The user has cleared what was said: in one session, or in all of them. */
export function cleared(turn: Turn, number: SessionNumber | null): void {
  for (const session of turn.state.sessions) {
    if (number !== null && session.number !== number) continue;
    turn.setSession(session.number, {
      transcript: clearedTranscript(session.transcript),
      ...{ unread: 0, newFrom: null },
      // What is answered or edited is quoted beside the draft: it goes with the lines, and what was written of an edit stays.
      ...{ draft: draftWithout(session.draft, session.draftAbout), draftAbout: null },
    });
  }
}
