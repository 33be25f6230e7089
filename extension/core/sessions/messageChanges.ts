// How a message affects an earlier one: reply, edit, retraction or reaction. The same for the lobby and for private
// sessions, and for own messages and others'. In the lobby the server checks permissions; in a private session each
// side can only refer to its own numbers.
import * as v from "valibot";
import { linesOfCode, shortForm, wordsOf } from "../../../protocol/codeText.ts";
import { type LobbyAbout, type PeerAbout, type Pin, Reaction } from "../../../protocol/fields.ts";
import { contentOf, type MessageBody, withContent } from "../../../protocol/messageContent.ts";
import { mentions } from "../../../protocol/mentions.ts";
import { nameKey } from "../../../protocol/names.ts";
import { err, ok, type Result } from "../../../protocol/result.ts";
import {
  type DraftAbout,
  excerptOf,
  type MessageEntry,
  type SessionNumber,
} from "../../../protocol/webview.ts";
import { reactedTo } from "../model/reactions.ts";
import type { Session } from "../model/session.ts";
import { failures } from "../texts/texts.ts";
import {
  amend,
  append,
  entryAt,
  type Transcript,
  withoutNumbers,
  withoutOwnNumbersAbove,
} from "../model/transcript.ts";
import type { Turn } from "../model/turn.ts";
import type { Failure } from "../model/outcome.ts";
import { areSameChanges } from "./appliedChanges.ts";

export type About = LobbyAbout | PeerAbout;
type Answered = NonNullable<MessageEntry["reply"]>;

/** A received message, or an acknowledged own one. */
export type Said = MessageBody<About> & {
  readonly from: string;
  /** In the lobby, if the server provides it. */
  readonly pin?: Pin | undefined;
  readonly own: boolean;
  readonly at: number;
  readonly seq: number;
};

/**
 * Adds a message to its session: as a line of its own, or as a change to an earlier one. A change to a message that is
 * no longer kept is not shown.
 * @returns whether there is a new line
 */
export function take(turn: Turn, number: SessionNumber, said: Said): boolean {
  const session = turn.session(number);
  if (session === undefined) return false;
  const { transcript } = session;
  const { about } = said;
  if (about === undefined || about.kind === "reply") {
    const reply = about === undefined ? undefined : quoteOf(session, said, about);
    const mentions = !said.own && isMentioned(turn, wordsOf(said));
    turn.setSession(number, { transcript: append(transcript, lineOf(said, reply, mentions)) });
    return true;
  }
  const index = targetOf(session, said, about);
  const target = index === null ? undefined : entryAt(transcript, index);
  if (index === null || target?.kind !== "message") {
    if (about.kind !== "react") changeForgotten(turn, session, said, about);
    return false;
  }
  const changed = changedBy(turn, session.kind, target, said, about);
  if (changed === null) return false;
  const amended = amend(transcript, index, changed);
  if (about.kind === "react") turn.setSession(number, { transcript: amended });
  else {
    turn.setSession(number, {
      transcript: requoted(amended, index + 1, shortForm(changed), (reply) => reply.index === index),
      draftAbout: stillAbout(session.draftAbout, index, changed),
    });
  }
  return false;
}

/**
 * The changed message is no longer held, or never was: its earlier text may still be in replies to it, and in what is
 * saved beyond what is held.
 */
function changeForgotten(turn: Turn, session: Session, said: Said, about: About): void {
  const { transcript, kind, number } = session;
  const own = kind === "lobby" ? null : isOwnRow(about, said.own);
  const isMeant = (reply: Answered): boolean =>
    reply.seq === about.seq && (own === null || reply.own === own) && isAuthor(kind, reply, said);
  const text = about.kind === "retract" ? "" : shortForm(said);
  turn.setSession(number, { transcript: requoted(transcript, transcript.start, text, isMeant) });
  turn.emit({ type: "trim", session: number });
}

function lineOf(said: Said, reply: MessageEntry["reply"], mentions: boolean): MessageEntry {
  const { from, pin, own, at, seq } = said;
  return {
    ...{ kind: "message", from, own, at, seq },
    ...contentOf(said),
    ...defined({ pin, reply, mentions: mentions ? (true as const) : undefined }),
  };
}

function quoteOf(session: Session, said: Said, about: About): MessageEntry["reply"] {
  const index = targetOf(session, said, about);
  const target = index === null ? undefined : entryAt(session.transcript, index);
  if (index === null || target?.kind !== "message" || target.retracted === true) return undefined;
  return {
    from: target.from,
    text: excerptOf(shortForm(target)),
    index,
    ...defined({ seq: target.seq, range: linesOfCode(target) }),
    own: target.own,
  };
}

/** Replies that an edit also updates: edits can repeat endlessly, and each reply is written to disk. */
const EDITED_QUOTES = 64;

/**
 * Updates the quote of a changed message in its replies: a retraction in all, an edit in the newest. An empty text
 * stands for a retraction.
 */
function requoted(
  transcript: Transcript,
  from: number,
  text: string,
  isMeant: (reply: Answered) => boolean,
): Transcript {
  const excerpt = excerptOf(text);
  let changed = transcript;
  let left = text === "" ? Infinity : EDITED_QUOTES;
  for (let index = transcript.end - 1; index >= from && left > 0; index--) {
    const entry = entryAt(transcript, index);
    if (entry?.kind !== "message" || entry.reply === undefined || !isMeant(entry.reply)) continue;
    left -= 1;
    if (entry.reply.text === excerpt) continue;
    changed = amend(changed, index, { ...entry, reply: { ...entry.reply, text: excerpt } });
  }
  return changed;
}

/** The target of a draft after its message has changed: a reply follows an edit, and ends with a retraction. */
function stillAbout(about: DraftAbout | null, index: number, changed: MessageEntry): DraftAbout | null {
  if (about?.index !== index) return about;
  if (changed.retracted === true) return null;
  return about.kind === "reply" ? { ...about, text: excerptOf(shortForm(changed)) } : about;
}

function changedBy(
  turn: Turn,
  where: Session["kind"],
  target: MessageEntry,
  said: Said,
  about: About,
): MessageEntry | null {
  if (target.retracted === true) return null;
  switch (about.kind) {
    case "edit": {
      if (!isAuthor(where, target, said)) return null;
      const mentions = !said.own && isMentioned(turn, wordsOf(said));
      const line: MessageEntry = { ...withContent(target, said), edited: true };
      delete line.mentions;
      delete line.kept;
      if (!areSameChanges(target.part, line.part)) delete line.applied;
      return mentions ? { ...line, mentions } : line;
    }
    case "retract": {
      if (!isAuthor(where, target, said)) return null;
      const { kind, from, pin, own, at, seq } = target;
      return { kind, from, own, at, text: "", ...defined({ pin, seq }), retracted: true };
    }
    case "react":
      return v.is(Reaction, said.text) ? reactedTo(target, { ...said, on: about.on }) : null;
    case "reply":
      return null;
  }
}

/**
 * In the lobby others know a message's author only by name, and our name may have changed, as in a second window. In a
 * private session each side has its own numbers.
 */
function isAuthor(
  where: Session["kind"],
  target: Pick<Answered, "own" | "from">,
  { own, from }: Pick<Said, "own" | "from">,
): boolean {
  return own === target.own && ((own && where === "peer") || nameKey(from) === nameKey(target.from));
}

/** Removes absent fields, because the wire has no `undefined`. */
function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

/** The index of the message that another one refers to; null if it is no longer kept. */
function targetOf({ kind, transcript }: Session, { own }: Said, about: About): number | null {
  return indexOf(transcript, about.seq, kind === "lobby" ? null : isOwnRow(about, own));
}

/** Each side of a private session numbers its own messages: whether this side's are meant. */
function isOwnRow(about: About, ownSays: boolean): boolean {
  return "of" in about && about.of === "yours" ? !ownSays : ownSays;
}

/** The index of a number, searched from the end, because mostly recent messages are changed. Numbers increase. */
function indexOf(transcript: Transcript, seq: number, own: boolean | null): number | null {
  for (let index = transcript.end - 1; index >= transcript.start; index--) {
    const entry = entryAt(transcript, index);
    if (entry?.kind !== "message" || entry.seq === undefined || (own !== null && entry.own !== own)) continue;
    if (entry.seq <= seq) return entry.seq === seq ? index : null;
  }
  return null;
}

/** Whether others would accept a pending change from someone named `me`, as far as its message is held. */
export function isTakenFrom(session: Session, about: About | undefined, me: string): boolean {
  if (about?.kind !== "edit" && about?.kind !== "retract") return true;
  const index = indexOf(session.transcript, about.seq, session.kind === "lobby" ? null : true);
  const entry = index === null ? undefined : entryAt(session.transcript, index);
  return entry?.kind !== "message" || isAuthor(session.kind, entry, { own: true, from: me });
}

/** What the user, named `me`, wants to do to a message, in the wire's terms. */
export function aboutAt(
  session: Session,
  index: number,
  me: string,
  want: { readonly kind: "reply" | "edit" | "retract" } | { readonly kind: "react"; readonly on: boolean },
): Result<About, Failure> {
  const entry = entryAt(session.transcript, index);
  if (entry?.kind !== "message" || entry.retracted === true || entry.seq === undefined) {
    return err(failures.unknownMessage);
  }
  const { seq, own } = entry;
  const whose = session.kind === "lobby" ? {} : ({ of: own ? "mine" : "yours" } as const);
  switch (want.kind) {
    case "edit":
    case "retract":
      return isAuthor(session.kind, entry, { own: true, from: me })
        ? ok({ kind: want.kind, seq })
        : err(failures.notYours);
    case "reply":
      return ok({ kind: "reply", seq, ...whose });
    case "react":
      return ok({ kind: "react", seq, on: want.on, ...whose });
  }
}

/**
 * The issuer of a session's numbers has started over: earlier lines can no longer be referred to. Pending changes to
 * them are dropped, or they would change other messages; a reply stays one, without its quote.
 */
export function forgetNumbers(turn: Turn, number: SessionNumber): void {
  const session = turn.session(number);
  if (session === undefined) return;
  turn.setSession(number, {
    transcript: withoutNumbers(session.transcript),
    pending: session.pending.flatMap(({ about, ...message }) =>
      about === undefined || about.kind === "reply" ? [message] : [],
    ),
  });
}

/**
 * The peer was restored from an older copy, so our numbers above `last` will be reused. Nothing may refer to the
 * messages that had them.
 */
export function forgetOwnNumbersAbove(turn: Turn, number: SessionNumber, last: number): void {
  const session = turn.session(number);
  if (session === undefined) return;
  const isFree = (about: About): boolean => isOwnRow(about, true) && about.seq > last;
  turn.setSession(number, {
    transcript: withoutOwnNumbersAbove(session.transcript, last),
    pending: session.pending.flatMap(({ about, ...message }) => {
      if (about === undefined) return [message];
      if (!isFree(about)) return [{ ...message, about }];
      return about.kind === "reply" ? [message] : [];
    }),
  });
}

/** Whether a text mentions the user. */
export function isMentioned({ state: { me } }: Turn, text: string): boolean {
  return me !== null && mentions(text, me.name);
}
