// Everything the panel shows but the lines of its conversations.
import * as v from "valibot";
import { Index, PendingMessage, SessionNumber } from "./conversation.ts";
import { Presence } from "./fields.ts";

/** What a tab and the head of a conversation show. */
export const SessionView = v.object({
  number: SessionNumber,
  name: v.string(),
  /** `P->` opened by me, `P~>` opened to me; none in the lobby. */
  mark: v.exactOptional(v.picklist(["P->", "P~>"])),
  /**
   * `ended`: the other side is gone, the text can be read. `waiting`: no link to the peer now, what is said waits for
   * one. `closed`: the lobby without its server.
   */
  state: v.picklist(["open", "closed", "waiting", "ended"]),
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
