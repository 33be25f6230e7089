// Notifies a user who is not looking about mentions, private messages and forks: several at once in one sentence, once for each
// author in a session while they go on, and never while the user is busy with something.
import { notesText } from "../texts/attentionTexts.ts";
import type { Session } from "../model/session.ts";
import type { Note, State } from "../model/state.ts";
import type { Turn } from "../model/turn.ts";

/** Milliseconds in which events are collected into one notification. */
const GATHER_MS = 1_500;
/**
 * Notify about the same author again after this silence, or once the session was looked at. A talkative peer causes one
 * notification.
 */
const QUIET_MS = 5 * 60_000;
/** Authors remembered per session; one who is dropped causes another notification. */
const TOLD = 32;
/** Notes kept while notifications are held back; they yield counts and names. */
const MAX_NOTES = 256;

const settingOf = { mention: "mentions", message: "messages", fork: "forks" } as const;

/** Records an event. A user who is looking at the panel needs no notification. */
export function note(turn: Turn, note: Note): void {
  const { settings, notes } = turn.state;
  const session = turn.session(note.session);
  if (isWatched(turn.state) || session === undefined) return;
  if (session.muted || !settings.notify[settingOf[note.kind]]) return;
  // Held-back events become one sentence afterwards, whatever was notified before.
  if (!isHeld(turn.state) && isQuiet(turn, session, note.from)) return remember(turn, session, [note.from]);
  turn.set({ notes: [...notes, note].slice(-MAX_NOTES) });
  if (notes.length === 0) turn.emit({ type: "schedule", key: "notify", ms: GATHER_MS });
}

/** A user who looks at the panel sees the counts of all sessions. */
function isWatched({ visible, focused }: State): boolean {
  return visible && focused;
}

/** Whether nothing may pop up now. */
export function isHeld({ occupied, presence }: State): boolean {
  return occupied || presence === "busy";
}

function isQuiet(turn: Turn, { told }: Session, author: string): boolean {
  // The clock may have been set back.
  return told.some(({ from, at }) => from === author && Math.abs(turn.at - at) < QUIET_MS);
}

function remember(turn: Turn, { number, told }: Session, authors: readonly string[]): void {
  const others = told.filter(({ from }) => !authors.includes(from));
  const these = authors.map((from) => ({ from, at: turn.at }));
  turn.setSession(number, { told: [...others, ...these].slice(-TOLD) });
}

/** Shows the collected notification, unless the user must not be disturbed now; then it is shown afterwards. */
export function notify(turn: Turn): void {
  const { notes } = turn.state;
  if (notes.length === 0 || isHeld(turn.state)) return;
  turn.set({ notes: [] });
  if (isWatched(turn.state)) return;
  // Skips what has been looked at, muted or cleared in the meantime.
  const news = notes.filter(({ session, kind }) => {
    const there = turn.session(session);
    return there !== undefined && !there.muted && (there.unread > 0 || kind === "fork");
  });
  const sessions = [...new Set(news.map(({ session }) => session))];
  if (sessions.length === 0) return;
  for (const number of sessions) {
    const session = turn.session(number);
    const authors = news.filter((note) => note.session === number).map(({ from }) => from);
    if (session !== undefined) remember(turn, session, [...new Set(authors)]);
  }
  turn.emit({ type: "notify", text: notesText(news), sessions });
}

export function setVisible(turn: Turn, visible: boolean): void {
  if (!visible) settle(turn);
  turn.set({ visible });
  turn.look();
}

export function setAbove(turn: Turn, above: State["above"]): void {
  turn.set({ above });
  turn.look();
}

export function setFocused(turn: Turn, focused: boolean): void {
  if (turn.state.focused === focused) return;
  if (!focused) settle(turn);
  turn.set({ focused });
  turn.look();
}

export function setOccupied(turn: Turn, occupied: boolean): void {
  turn.set({ occupied });
  release(turn);
}

/**
 * Shows what was held back, once nothing holds it back anymore: the events in one notification, and each question that
 * is still open.
 */
export function release(turn: Turn): void {
  const { unasked } = turn.state;
  if (isHeld(turn.state)) return;
  if (unasked.length > 0) turn.set({ unasked: [] });
  for (const question of unasked) turn.emit({ type: "ask", question });
  notify(turn);
}

/** A user who leaves a session that is read has read what was new in it. */
function settle(turn: Turn): void {
  const session = turn.session(turn.state.active);
  if (session?.unread === 0 && isWatched(turn.state)) {
    turn.setSession(session.number, { newFrom: null });
  }
}
