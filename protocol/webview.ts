// Every message between the extension host and the panel's page. Both ends validate with these schemas.
//
// The page says `ready` and gets a `snapshot`; then `patch`es whose revisions count up by one. A page that sees
// a gap says `ready` again. Entries of a session bear an index that never changes: the page holds a window of
// them and asks for older ones with `more`.
import * as v from "valibot";
import { EMOJI_UNITS } from "./emoji.ts";
import { LobbyAbout, PeerAbout, Presence, Reaction, Timestamp } from "./fields.ts";

/** 0 is the lobby; peer sessions count up from 1 and are never reused while joined. */
export const SessionNumber = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.brand("SessionNumber"));
export type SessionNumber = v.InferOutput<typeof SessionNumber>;

const Index = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const PageText = v.pipe(v.string(), v.maxLength(1_000_000));

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

/** One line of a conversation. It keeps its place; a message can be edited, retracted and reacted to. */
export const Entry = v.variant("kind", [
  v.object({
    kind: v.literal("message"),
    from: v.string(),
    own: v.boolean(),
    at: Timestamp,
    /** Empty once it was retracted. */
    text: PageText,
    /** By which it can be answered and changed; none for one that is too old for that. */
    seq: v.exactOptional(Index),
    edited: v.exactOptional(v.literal(true)),
    retracted: v.exactOptional(v.literal(true)),
    reply: v.exactOptional(Answered),
    reactions: v.exactOptional(Reactions),
    /** It names the one who reads it. */
    mentions: v.exactOptional(v.literal(true)),
  }),
  /** `info`: something happened; `error`: something did not work; `output`: a command's answer, in fixed columns. */
  v.object({
    kind: v.literal("notice"),
    level: v.picklist(["info", "error", "output"]),
    at: Timestamp,
    text: PageText,
    /** Somebody who came or went: the page folds many of them into one line. */
    presence: v.exactOptional(v.object({ name: v.string(), what: v.picklist(["joined", "left"]) })),
  }),
]);
export type Entry = v.InferOutput<typeof Entry>;

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
const Draft = v.object({ session: SessionNumber, ...composed });
export type Draft = v.InferOutput<typeof Draft>;

/** What stands there by another page's doing, or the host's; taken where still stands what the host knows of: `former`. */
const DraftChange = v.object({ ...Draft.entries, former: v.object(composed) });
export type DraftChange = v.InferOutput<typeof DraftChange>;

/** What an own message is to an earlier one, by that one's index. */
const PageAbout = v.object({ kind: v.picklist(["reply", "edit"]), index: Index });

/**
 * An own message that is not confirmed yet: on its way (`sending`), held until there is a way (`waiting`), or not sent
 * (`failed`, with the reason). What it is to an earlier one is told as the wire tells it.
 */
export const PendingMessage = v.object({
  id: v.string(),
  at: Timestamp,
  text: PageText,
  status: v.picklist(["sending", "waiting", "failed"]),
  reason: v.exactOptional(v.string()),
  /** Waits, and could not be saved: it is lost when the window closes. */
  unsaved: v.exactOptional(v.boolean()),
  about: v.exactOptional(v.union([PeerAbout, LobbyAbout])),
});
export type PendingMessage = v.InferOutput<typeof PendingMessage>;

/** What a tab and the head of a conversation show. */
export const SessionView = v.object({
  number: SessionNumber,
  name: v.string(),
  /** `P->` opened by me, `P~>` opened to me; none in the lobby. */
  mark: v.exactOptional(v.picklist(["P->", "P~>"])),
  /**
   * `ended`: the other side is gone, the text can be read. `away`: no link to the peer now, what is said waits for
   * one. `closed`: the lobby without its server.
   */
  state: v.picklist(["open", "closed", "away", "ended"]),
  /** Of a private session: how it is connected, and how sure it is who is there. */
  peer: v.exactOptional(
    v.object({
      path: v.picklist(["direct", "relayed", "none"]),
      /** Who has compared the numbers and found them right. */
      verified: v.picklist(["nobody", "me", "peer", "both"]),
      introducedBy: v.exactOptional(v.string()),
      /** Own messages up to this number were read; 0: none, or it is not told. */
      readUpTo: v.exactOptional(Index),
      typing: v.exactOptional(v.boolean()),
      presence: v.exactOptional(Presence),
      /** A sentence for people: how it is connected, or why it is not. */
      text: v.string(),
    }),
  ),
  unread: Index,
  /** The first entry that was not seen when its reader looked elsewhere: a line stands above it. */
  newFrom: v.exactOptional(Index),
  /** Nothing is said about what comes here. */
  muted: v.exactOptional(v.boolean()),
  /** Entries are numbered from 0; those before `start` are forgotten, `end` is the next one's index. */
  start: Index,
  end: Index,
  pending: v.array(PendingMessage),
});
export type SessionView = v.InferOutput<typeof SessionView>;

/** A fork of one's own that is not answered yet, or whose peer is being dialled. */
export const ForkView = v.object({
  id: v.string(),
  name: v.string(),
  phase: v.picklist(["asking", "connecting"]),
});
export type ForkView = v.InferOutput<typeof ForkView>;

/**
 * People that a command can be applied to: `forkable` ones are online and in no private session with this user,
 * `blockable` ones are online or known and not blocked, `asking` ones have an open question, `linked` ones can be
 * introduced to each other.
 */
export const Target = v.picklist(["forkable", "blockable", "blocked", "asking", "linked"]);
export type Target = v.InferOutput<typeof Target>;

const Completes = v.union([Target, v.literal("session")]);
export type Completes = v.InferOutput<typeof Completes>;

/** The names of each kind. At most 1,000. */
const TargetNames = v.object(v.entriesFromList(Target.options, v.array(v.string())));
export type TargetNames = v.InferOutput<typeof TargetNames>;

/** A command as the page completes it. */
export const CommandView = v.object({
  name: v.string(),
  aliases: v.array(v.string()),
  usage: v.string(),
  help: v.string(),
  /** What completes each word of the argument. */
  completes: v.array(Completes),
});
export type CommandView = v.InferOutput<typeof CommandView>;

/** The dialog in which a private session's number is compared. */
export const VerificationView = v.object({
  session: SessionNumber,
  peer: v.string(),
  /** 60 digits. */
  number: v.string(),
  /** A QR picture of the number: rows of `1` (dark) and `0`. */
  picture: v.array(v.string()),
  verified: v.picklist(["nobody", "me", "peer", "both"]),
});
export type VerificationView = v.InferOutput<typeof VerificationView>;

/** Everything the page shows but the entries. */
export const PanelState = v.object({
  me: v.nullable(v.string()),
  /** Whether nothing is to pop up here, as the user has said. */
  busy: v.boolean(),
  connection: v.object({
    status: v.picklist(["idle", "connecting", "online", "offline"]),
    /** A sentence for people: the server's address, or why there is none. */
    text: v.string(),
    /** Who could read along on the way to the server: nobody, nobody as it is this machine, whoever carries it. */
    way: v.exactOptional(v.picklist(["encrypted", "local", "plain"])),
  }),
  active: SessionNumber,
  sessions: v.array(SessionView),
  forks: v.array(ForkView),
  /** Names online, without one's own, sorted: for mentions. At most 1,000. */
  users: v.array(v.string()),
  targets: TargetNames,
  /** The number of people online, oneself included. */
  online: Index,
  /** Commands that can be used in the active session now. */
  commands: v.array(CommandView),
  verification: v.nullable(VerificationView),
});
export type PanelState = v.InferOutput<typeof PanelState>;

/** Consecutive entries of one session; `index` is that of the first. */
const Entries = v.object({ session: SessionNumber, index: Index, entries: v.array(Entry) });
export type Entries = v.InferOutput<typeof Entries>;

/** From the host to the page. */
export const HostMessage = v.variant("type", [
  v.object({
    type: v.literal("snapshot"),
    revision: Index,
    state: PanelState,
    /** The newest entries of each session, at most `ENTRIES_PER_PAGE` of them. */
    entries: v.array(Entries),
    drafts: v.array(Draft),
    /** Kept by the page in its persisted state, so that a reloaded window finds its conversation again. */
    windowId: v.string(),
  }),
  v.object({
    type: v.literal("patch"),
    revision: Index,
    /** The fields that have changed. */
    state: v.exactOptional(v.partial(PanelState)),
    entries: v.array(Entries),
    /** Entries that were there and have changed. */
    amended: v.exactOptional(v.array(v.object({ session: SessionNumber, index: Index, entry: Entry }))),
    drafts: v.exactOptional(v.array(DraftChange)),
  }),
  /** Answers `more`. */
  v.object({ type: v.literal("page"), session: SessionNumber, index: Index, entries: v.array(Entry) }),
  /**
   * Answers `submit`: a message that was not accepted goes back to the composer, and so does what was sent behind a command
   * that was not carried out.
   */
  v.object({
    type: v.literal("submitted"),
    id: Index,
    accepted: v.boolean(),
    /** Where a command has led that leads elsewhere. */
    to: v.exactOptional(SessionNumber),
  }),
  /** Before `submitted`, when a command asks another person: the answer may take a minute. */
  v.object({ type: v.literal("asking"), id: Index }),
  /** Answers `copyText`, once the text is on the clipboard. */
  v.object({ type: v.literal("copied"), id: Index }),
  v.object({ type: v.literal("focus") }),
  /** Scrolls to an entry, which may have to be asked for first. */
  v.object({ type: v.literal("reveal"), session: SessionNumber, index: Index }),
  /** Opens the bar that finds text in the session. */
  v.object({ type: v.literal("find") }),
]);
export type HostMessage = v.InferOutput<typeof HostMessage>;

/** Entries in a snapshot's window or in an answer to `more`: some screens full. */
export const ENTRIES_PER_PAGE = 100;

/** From the page to the host. */
export const PageMessage = v.variant("type", [
  /** `above`: where its reader is not at the end, on a page that has lost a patch. */
  v.object({
    type: v.literal("ready"),
    above: v.exactOptional(v.pipe(v.array(SessionNumber), v.maxLength(1000))),
  }),
  /** The reader of a session's log has come to its end, or has left it; at first they are there. */
  v.object({ type: v.literal("reading"), session: SessionNumber, atEnd: v.boolean() }),
  /** A line as typed, a command or a message; `id` counts up and is answered by `submitted`. */
  v.object({
    type: v.literal("submit"),
    id: Index,
    session: SessionNumber,
    text: PageText,
    about: v.exactOptional(PageAbout),
  }),
  v.object({ type: v.literal("retract"), session: SessionNumber, index: Index }),
  v.object({
    type: v.literal("react"),
    session: SessionNumber,
    index: Index,
    text: Reaction,
    on: v.boolean(),
  }),
  /** The user has begun to write, or has stopped. */
  v.object({ type: v.literal("typing"), session: SessionNumber, value: v.boolean() }),
  /** A link of a message: the host asks, and opens it. */
  v.object({ type: v.literal("openLink"), url: v.pipe(v.string(), v.maxLength(2048)) }),
  /** What a block of code offers: to the clipboard, answered by `copied`, or into the editor that was used last. */
  v.object({ type: v.literal("copyText"), id: Index, text: PageText }),
  v.object({ type: v.literal("insertCode"), text: PageText }),
  v.object({ type: v.literal("activate"), session: SessionNumber }),
  /** Closes a peer session, as `\leave` in it. */
  v.object({ type: v.literal("leave"), session: SessionNumber }),
  v.object({ type: v.literal("cancelFork"), id: v.string() }),
  /** Asks for entries before an index. */
  v.object({ type: v.literal("more"), session: SessionNumber, before: Index }),
  v.object({ type: v.literal("draft"), ...Draft.entries }),
  /** Sends a failed message again, or gives it up. */
  v.object({ type: v.literal("retry"), session: SessionNumber, id: v.string() }),
  v.object({ type: v.literal("discard"), session: SessionNumber, id: v.string() }),
  /** Opens or closes the dialog with a session's number; and what came out of comparing it. */
  v.object({ type: v.literal("verify"), session: SessionNumber, open: v.boolean() }),
  v.object({ type: v.literal("verified"), session: SessionNumber, value: v.boolean() }),
  /** A button of the empty state, or of what says how the connection is. */
  v.object({ type: v.literal("run"), command: v.picklist(["join", "startServer", "diagnose"]) }),
]);
export type PageMessage = v.InferOutput<typeof PageMessage>;

/** Long texts that are shown whole, by their indices. */
const UnfoldedTexts = v.array(v.object({ session: SessionNumber, indices: v.array(Index) }));
export type UnfoldedTexts = v.InferOutput<typeof UnfoldedTexts>;

/** What the page keeps with the window, through VS Code's webview state. */
export const PersistedPage = v.object({
  windowId: v.pipe(v.string(), v.regex(/^[0-9a-f]{16,64}$/)),
  /** What is wrong in it loses the window nothing else. */
  unfolded: v.fallback(v.optional(UnfoldedTexts, []), []),
});
export type PersistedPage = v.InferOutput<typeof PersistedPage>;

/**
 * Characters that can be typed or pasted into the composer: two of the longest messages, so that a text that is too long can
 * still be shortened or sent in parts. The work for each key grows with the text.
 */
export const COMPOSER_CHARACTERS = 32 * 1024;

/** Whether a typed text is a command: a backslash begins one, two of them a message with a literal backslash. */
export function isCommandLine(text: string): boolean {
  return text.startsWith("\\") && !text.startsWith("\\\\");
}
