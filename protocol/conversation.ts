// A conversation as it is shown and stored: its lines, the messages on their way, and the composer's draft.
import * as v from "valibot";
import { EMOJI_UNITS } from "./emoji.ts";
import { LobbyAbout, PeerAbout, Pin, Timestamp } from "./fields.ts";
import { bodyFields, contentFields } from "./messageContent.ts";

/** 0 is the lobby; peer sessions count up from 1 and are never reused while joined. */
export const SessionNumber = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.brand("SessionNumber"));
export type SessionNumber = v.InferOutput<typeof SessionNumber>;

export const Index = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
export const PageText = v.pipe(v.string(), v.maxLength(1_000_000));

/** What people have answered with one emoji. */
/** Kept reactions may be of a version that took more, or of a newer Unicode: only what arrives is checked as an emoji. */
const KeptReaction = v.pipe(v.string(), v.minLength(1), v.maxLength(EMOJI_UNITS));
export const Reactions = v.array(
  v.object({ text: KeptReaction, by: v.array(v.string()), mine: v.boolean() }),
);
export type Reactions = v.InferOutput<typeof Reactions>;

/** The message that another one answers: its author and the beginning of its text (see `excerptOf`); its index while it is
 * kept; and by what its later changes know it: its number, and whether it is one of one's own. */
const Answered = v.object({
  from: v.string(),
  text: v.string(),
  index: v.exactOptional(Index),
  seq: v.exactOptional(Index),
  own: v.exactOptional(v.boolean()),
});

/** Characters of an answered message that its answer shows. */
const EXCERPT = 200;

/** What of a message's text is quoted where it is answered. */
export function excerptOf(text: string): string {
  return text.length <= EXCERPT
    ? text
    : Array.from(text.slice(0, 2 * EXCERPT))
        .slice(0, EXCERPT)
        .join("");
}

/** Rows of a table; a longer answer is shown as its text. */
export const TABLE_ROWS = 2_500;

/** A command's answer in rows: each a term and its description, which may be empty. */
export const Table = v.object({
  of: v.picklist(["commands", "people", "sessions"]),
  /** For screen readers; people's is also shown above them, and is part of the text. */
  name: v.string(),
  rows: v.pipe(v.array(v.strictTuple([v.string(), v.string()])), v.maxLength(TABLE_ROWS)),
});
export type Table = v.InferOutput<typeof Table>;

/** What stands between a row's term and its description in plain text. A session's number is followed by its name. */
export function divider({ of }: Pick<Table, "of">): string {
  return of === "sessions" ? " " : " — ";
}

/** One line of a conversation. It keeps its place; a message can be edited, retracted and reacted to. */
export const Entry = v.variant("kind", [
  v.object({
    kind: v.literal("message"),
    from: v.string(),
    /** The author's key in the lobby, by the server's word. */
    pin: v.exactOptional(Pin),
    own: v.boolean(),
    at: Timestamp,
    /** Empty once it was retracted. */
    text: PageText,
    ...contentFields,
    /** By which it can be answered and changed; none for one that is too old for that. */
    seq: v.exactOptional(Index),
    edited: v.exactOptional(v.literal(true)),
    retracted: v.exactOptional(v.literal(true)),
    reply: v.exactOptional(Answered),
    reactions: v.exactOptional(Reactions),
    /** It names the one who reads it. */
    mentions: v.exactOptional(v.literal(true)),
  }),
  /** `info`: something happened; `error`: something did not work; `output`: a command's answer. */
  v.object({
    kind: v.literal("notice"),
    level: v.picklist(["info", "error", "output"]),
    at: Timestamp,
    text: PageText,
    /** How the answer is shown; `text` says the same in lines. */
    table: v.exactOptional(Table),
    /** Somebody who came or went: the page folds many of them into one line. `more`: the line stands for so many, and this is
     * the last of them. */
    presence: v.exactOptional(
      v.object({ name: v.string(), what: v.picklist(["joined", "left"]), more: v.exactOptional(Index) }),
    ),
  }),
]);
export type Entry = v.InferOutput<typeof Entry>;
export type MessageEntry = Extract<Entry, { kind: "message" }>;

/** What the line in a composer will be to an earlier one. An edit has a text of its own: the draft waits beside it. */
export const DraftAbout = v.variant("kind", [
  v.object({ kind: v.literal("reply"), index: Index, from: v.string(), text: PageText }),
  v.object({ kind: v.literal("edit"), index: Index, former: PageText, text: PageText }),
]);
export type DraftAbout = v.InferOutput<typeof DraftAbout>;

/** What stays of a composer's text when the line is gone that it answers or edits: an edit that was begun is not thrown away. */
export function draftWithout(text: string, about: DraftAbout | null): string {
  return text === "" && about?.kind === "edit" && about.text !== about.former ? about.text : text;
}

const composed = { text: PageText, about: v.nullable(DraftAbout) };

/** What stands in the composer of a session. */
export const Draft = v.object({ session: SessionNumber, ...composed });
export type Draft = v.InferOutput<typeof Draft>;

/** What stands there by another page's doing, or the host's; taken where still stands what the host knows of: `former`. */
export const DraftChange = v.object({ ...Draft.entries, former: v.object(composed) });
export type DraftChange = v.InferOutput<typeof DraftChange>;

/** What an own message is to an earlier one, by that one's index. */
export const PageAbout = v.object({ kind: v.picklist(["reply", "edit"]), index: Index });
export type PageAbout = v.InferOutput<typeof PageAbout>;

/**
 * An own message that is not confirmed yet: on its way (`sending`), held until there is a way (`waiting`), or not sent
 * (`failed`, with the reason). What it is to an earlier one is told as the wire tells it.
 */
export const PendingMessage = v.object({
  id: v.string(),
  at: Timestamp,
  ...bodyFields(PageText, v.union([PeerAbout, LobbyAbout])),
  status: v.picklist(["sending", "waiting", "failed"]),
  reason: v.exactOptional(v.string()),
  /** Waits, and could not be saved: it is lost when the window closes. */
  unsaved: v.exactOptional(v.boolean()),
});
export type PendingMessage = v.InferOutput<typeof PendingMessage>;
