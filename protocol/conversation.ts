// A conversation as it is shown and stored: its lines, pending messages and the composer's draft.
import * as v from "valibot";
import { FileId, FileSize } from "./bulk.ts";
import { ChangesPart } from "./changesPart.ts";
import { EMOJI_UNITS } from "./emoji.ts";
import { LobbyAbout, PeerAbout, Pin, Timestamp } from "./fields.ts";
import { bodyFields, contentFields } from "./messageContent.ts";
import { LineNumber, LineRange, QuotingPart } from "./part.ts";

/** 0 is the lobby; peer sessions count up from 1 and are never reused while joined. */
export const SessionNumber = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.brand("SessionNumber"));
export type SessionNumber = v.InferOutput<typeof SessionNumber>;

export const Index = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
export const PageText = v.pipe(v.string(), v.maxLength(1_000_000));

/** Reactions: one emoji each. */
/**
 * Saved reactions may come from a version with other rules or a newer Unicode, so only received ones are checked as
 * emoji.
 */
const KeptReaction = v.pipe(v.string(), v.minLength(1), v.maxLength(EMOJI_UNITS));
export const Reactions = v.array(
  v.object({ text: KeptReaction, by: v.array(v.string()), mine: v.boolean() }),
);
export type Reactions = v.InferOutput<typeof Reactions>;

/**
 * The message that a reply answers: its author and the beginning of its text (see `excerptOf`), its index while it is
 * held, and what later changes to it refer to: its number, and whether it is one of the user's own.
 */
const Answered = v.object({
  from: v.string(),
  text: v.string(),
  index: v.exactOptional(Index),
  seq: v.exactOptional(Index),
  own: v.exactOptional(v.boolean()),
  /** The lines of its code, as its author's file counts them. */
  range: v.exactOptional(LineRange),
});

/** Characters of the original message that a reply shows. */
const EXCERPT = 200;

/** The part of a message's text that a reply quotes. */
export function excerptOf(text: string): string {
  return text.length <= EXCERPT
    ? text
    : Array.from(text.slice(0, 2 * EXCERPT))
        .slice(0, EXCERPT)
        .join("");
}

/** Rows of a table. A longer answer is shown as text. */
export const TABLE_ROWS = 2_500;

/** A command's answer in rows, each with a term and a description, which may be empty. */
export const Table = v.object({
  of: v.picklist(["commands", "people", "sessions"]),
  /** For screen readers. The caption of people is also visible and part of the text. */
  name: v.string(),
  rows: v.pipe(v.array(v.strictTuple([v.string(), v.string()])), v.maxLength(TABLE_ROWS)),
});
export type Table = v.InferOutput<typeof Table>;

/** Separates a row's term from its description in plain text. A session's number is followed by its name. */
export function divider({ of }: Pick<Table, "of">): string {
  return of === "sessions" ? " " : " — ";
}

/** Pixels. A picture with more on one side than a file can say is none. */
const PictureSide = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(40_000_000));

/**
 * What this machine keeps of the file that a message offers: its place below the folder of kept files, and its size if it is
 * a picture that can be shown.
 */
export const KeptFile = v.object({
  path: v.pipe(v.string(), v.regex(/^[\da-f]{32}\/[\da-f]{32}\/(?!\.)[^/\\\p{Cc}]{1,255}$/u)),
  picture: v.exactOptional(
    v.object({ width: PictureSide, height: PictureSide, moves: v.exactOptional(v.literal(true)) }),
  ),
  /** It came without asking, and is in no folder of the user's. */
  unsaved: v.exactOptional(v.literal(true)),
  /** The user did not want it: it is deleted. */
  declined: v.exactOptional(v.literal(true)),
});
export type KeptFile = v.InferOutput<typeof KeptFile>;

/** When the user last applied the changes of a message. They may have undone some of it since. */
export const AppliedChanges = v.object({
  at: Timestamp,
  /** Not all of them. */
  partly: v.exactOptional(v.literal(true)),
});
export type AppliedChanges = v.InferOutput<typeof AppliedChanges>;

/** One line of a conversation. It never moves. A message can be edited, retracted and reacted to. */
export const Entry = v.variant("kind", [
  v.object({
    kind: v.literal("message"),
    from: v.string(),
    /** The author's key in the lobby, as the server claims. */
    pin: v.exactOptional(Pin),
    own: v.boolean(),
    at: Timestamp,
    /** Empty after a retraction. */
    text: PageText,
    ...contentFields,
    /** Identifies the message for replies and changes. Absent when it is too old for that. */
    seq: v.exactOptional(Index),
    edited: v.exactOptional(v.literal(true)),
    retracted: v.exactOptional(v.literal(true)),
    reply: v.exactOptional(Answered),
    reactions: v.exactOptional(Reactions),
    kept: v.exactOptional(KeptFile),
    applied: v.exactOptional(AppliedChanges),
    /** It mentions the user. */
    mentions: v.exactOptional(v.literal(true)),
  }),
  /** `info`: an event. `error`: a failure. `output`: a command's answer. */
  v.object({
    kind: v.literal("notice"),
    level: v.picklist(["info", "error", "output"]),
    at: Timestamp,
    text: PageText,
    /** The answer as a table. `text` says the same in lines. */
    table: v.exactOptional(Table),
    /**
     * An arrival or departure. The page folds many into one line. `more`: the number of changes that this line stands
     * for; this is the last of them.
     */
    presence: v.exactOptional(
      v.object({ name: v.string(), what: v.picklist(["joined", "left"]), more: v.exactOptional(Index) }),
    ),
  }),
]);
export type Entry = v.InferOutput<typeof Entry>;
export type MessageEntry = Extract<Entry, { kind: "message" }>;

/** What the composed line will be to an earlier one. An edit has a text of its own; the draft waits beside it. */
export const DraftAbout = v.variant("kind", [
  v.object({
    ...{ kind: v.literal("reply"), index: Index, from: v.string(), text: PageText },
    /** The line of code that it is about: counted from 1, and as its author's file counts it. */
    line: v.exactOptional(v.object({ line: LineNumber, number: LineNumber })),
  }),
  v.object({
    ...{ kind: v.literal("edit"), index: Index, former: PageText, text: PageText },
    /** The line of code that the message is about. */
    note: v.exactOptional(LineNumber),
  }),
]);
export type DraftAbout = v.InferOutput<typeof DraftAbout>;

/** What remains in the composer when the line that it answers or edits is gone. An edit in progress is kept. */
export function draftWithout(text: string, about: DraftAbout | null): string {
  return text === "" && about?.kind === "edit" && about.text !== about.former ? about.text : text;
}

const composed = { text: PageText, about: v.nullable(DraftAbout) };

const quote = { part: QuotingPart, heading: PageText, code: PageText };

/**
 * Lines of code, a problem, a failed test, an output or changes in a composer, sent with what is typed there. Each has a new `id`.
 */
export const Attachment = v.union([
  v.object({ id: v.string(), ...quote }),
  v.object({ id: v.string(), part: ChangesPart }),
]);
export type Attachment = v.InferOutput<typeof Attachment>;
/** A file in a composer, offered with what is typed there. */
export const ComposedFile = v.object({
  id: FileId,
  name: v.string(),
  size: FileSize,
  /** Where its bytes are, on this disk. */
  path: v.string(),
  /** Where the user has it. */
  shownPath: v.string(),
  /** The bytes are a copy of its own: the file was pasted, or is not on this disk. */
  copied: v.exactOptional(v.literal(true)),
});
export type ComposedFile = v.InferOutput<typeof ComposedFile>;
export type NewAttachment = v.InferOutput<v.ObjectSchema<typeof quote, undefined>>;
export type NewChanges = { readonly part: ChangesPart };

/** The content of a session's composer. */
export const Draft = v.object({ session: SessionNumber, ...composed });
export type Draft = v.InferOutput<typeof Draft>;

/**
 * A change of the composer by another page or the host. Applied only if the composer still has what the host knows:
 * `former`.
 */
export const DraftChange = v.object({ ...Draft.entries, former: v.object(composed) });
export type DraftChange = v.InferOutput<typeof DraftChange>;

/** What an own message is to an earlier one, by that one's index. */
export const PageAbout = v.object({ kind: v.picklist(["reply", "edit"]), index: Index });
export type PageAbout = v.InferOutput<typeof PageAbout>;

/**
 * An own message that is not confirmed yet: being sent (`sending`), held until there is a connection (`waiting`), or
 * not sent (`failed`, with the reason). Its relation to an earlier message has the form of the protocol.
 */
export const PendingMessage = v.object({
  id: v.string(),
  at: Timestamp,
  ...bodyFields(PageText, v.union([PeerAbout, LobbyAbout])),
  status: v.picklist(["sending", "waiting", "failed"]),
  reason: v.exactOptional(v.string()),
  /** Waits and could not be saved: it is lost when the window closes. */
  unsaved: v.exactOptional(v.boolean()),
});
export type PendingMessage = v.InferOutput<typeof PendingMessage>;
