// Notes at lines of code: the messages of a session that bring code, each with the replies to it. Pure.
import { type CodeText, readCode } from "../../../protocol/codeText.ts";
import type { CodePart, LineRange } from "../../../protocol/part.ts";
import type { MessageEntry, PendingMessage, SessionNumber } from "../../../protocol/webview.ts";
import type { Session } from "../model/session.ts";
import { sessionState } from "../model/sessionState.ts";
import type { State } from "../model/state.ts";
import { authorKey } from "./conversations.ts";

/** Notes of a session that are shown in editors: the newest. */
const MOST_NOTES = 100;
/** Replies of one note that are shown: the newest. */
const MOST_REPLIES = 100;
/** Characters of one message that an editor shows. The conversation has the rest. */
const MOST_CHARACTERS = 2_000;

export type NoteComment = {
  readonly from: string;
  readonly own: boolean;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly text: string;
  /** The line of the code that it is about, counted from 1. */
  readonly line: number | null;
  readonly edited: boolean;
  /** Of an own reply that is not confirmed yet, and, in a private session, of the latest own one. */
  readonly status: NoteStatus | null;
};

export type NoteStatus = PendingMessage["status"] | "received" | "read";

/** With the number of its message. */
type Numbered = NoteComment & { readonly seq: number | undefined };

export type Note = {
  readonly session: SessionNumber;
  /** Index of the message that brought the code. */
  readonly index: number;
  readonly entry: MessageEntry;
  readonly author: string;
  readonly part: CodePart;
  readonly code: CodeText;
  /** The author's words if there are any, then the replies. */
  readonly comments: readonly NoteComment[];
};

/** The notes of sessions, each read again only after a change. */
export class SessionNotes {
  readonly #known = new Map<SessionNumber, { readonly from: readonly unknown[]; readonly notes: Note[] }>();

  of(state: State, session: Session): readonly Note[] {
    const readUpTo = session.kind === "peer" ? session.readUpTo : 0;
    const from = [session.transcript, session.pending, sessionState(state, session), readUpTo];
    const known = this.#known.get(session.number);
    if (known?.from.every((each, i) => each === from[i]) === true) return known.notes;
    const notes = notesOf(state, session);
    this.#known.set(session.number, { from, notes });
    return notes;
  }
}

/** The notes of a session, oldest first. */
export function notesOf(state: State, session: Session): Note[] {
  const isOpen = sessionState(state, session) === "open";
  const cards: { index: number; entry: MessageEntry; part: CodePart; code: CodeText }[] = [];
  const replies = new Map<number, Numbered[]>();
  const { start, chunks } = session.transcript;
  let index = start;
  for (const entry of chunks.flat()) {
    if (entry.kind === "message" && entry.retracted !== true) {
      const card = cardOf(entry);
      if (card !== null) cards.push({ index, entry, ...card });
      const about = entry.reply?.index;
      if (about !== undefined) push(replies, about, commentOf(entry, entry.text));
    }
    index += 1;
  }
  for (const message of session.pending) {
    const card = cards.find(({ entry }) => isAbout(session, message, entry));
    if (card !== undefined) push(replies, card.index, pendingComment(message, isOpen));
  }
  return cards.slice(-MOST_NOTES).map((card): Note => {
    const { index, entry, code } = card;
    const words = code.words === "" && code.heading === "" ? [] : [commentOf(entry, wordsOf(code))];
    const lines = code.code.split("\n").length;
    const answers = (replies.get(index) ?? [])
      .slice(-MOST_REPLIES)
      .map((answer) => ((answer.line ?? 0) > lines ? { ...answer, line: null } : answer));
    return {
      session: session.number,
      author: authorKey(session, card.entry),
      ...card,
      comments: withDelivery([...words, ...answers], session),
    };
  });
}

export function areEqual(some: readonly NoteComment[], others: readonly NoteComment[]): boolean {
  return (
    some.length === others.length &&
    some.every((one, at) => {
      const other = others[at];
      return Object.entries(one).every(([name, value]) => other?.[name as keyof NoteComment] === value);
    })
  );
}

function wordsOf({ words, heading }: CodeText): string {
  return [heading, words].filter((text) => text !== "").join("\n\n");
}

function cardOf(entry: MessageEntry): { part: CodePart; code: CodeText } | null {
  const { part, text } = entry;
  if (part?.kind !== "code" && part?.kind !== "problem") return null;
  const code = readCode(text, part);
  return code === null ? null : { part, code };
}

/** A reply with code of its own says in its text where that is from. */
function commentOf(entry: MessageEntry, text: string): Numbered {
  const { from, own, at, part, edited, seq } = entry;
  return {
    ...{ from, own, at, text: beginningOf(text), status: null, seq },
    line: lineOf(part),
    edited: edited === true,
  };
}

function pendingComment({ at, text, part, status }: PendingMessage, isOpen: boolean): Numbered {
  return {
    ...{
      from: "",
      own: true,
      at,
      text: beginningOf(text),
      line: lineOf(part),
      edited: false,
      seq: undefined,
    },
    status: status === "sending" && !isOpen ? "waiting" : status,
  };
}

/** As in the conversation, only the latest own message says that it has arrived. */
function withDelivery(comments: readonly Numbered[], session: Session): NoteComment[] {
  const latest = comments.findLastIndex(({ own }) => own);
  return comments.map(({ seq, ...comment }, i) => {
    if (session.kind === "lobby" || i !== latest || comment.status !== null || seq === undefined)
      return comment;
    return { ...comment, status: seq <= session.readUpTo ? "read" : "received" };
  });
}

function beginningOf(text: string): string {
  if (text.length <= MOST_CHARACTERS) return text;
  return `${text.slice(0, MOST_CHARACTERS).replace(/[\ud800-\udbff]$/, "")}…`;
}

function lineOf(part: MessageEntry["part"]): number | null {
  return part?.kind === "note" ? part.line : null;
}

function isAbout(session: Session, { about }: PendingMessage, entry: MessageEntry): boolean {
  if (about?.kind !== "reply" || about.seq !== entry.seq) return false;
  return session.kind === "lobby" || !("of" in about) || (about.of === "mine") === entry.own;
}

function push<K, T>(lists: Map<K, T[]>, key: K, item: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}

/** One change of a document: lines `from` to `to` (counted from 0, both included) became `lines` lines. */
export type LineEdit = { readonly from: number; readonly to: number; readonly lines: number };

/**
 * Where lines are after an edit, both counted from 0. An edit above moves them, and one within makes them more or fewer.
 * Null if the edit removed all of them.
 */
export function followEdit({ from, to }: LineRange, edit: LineEdit): LineRange | null {
  const grown = edit.lines - (edit.to - edit.from + 1);
  if (edit.from > to) return { from, to };
  if (edit.to < from) return { from: from + grown, to: to + grown };
  const isSwallowed = edit.from <= from && edit.to >= to;
  if (isSwallowed && edit.lines < to - from + 1 && edit.lines <= 1) return null;
  const first = Math.min(from, edit.from);
  const start = edit.from < from ? edit.from + Math.min(edit.lines - 1, from - edit.from) : first;
  return { from: start, to: Math.max(start, Math.max(to, edit.to) + grown) };
}
