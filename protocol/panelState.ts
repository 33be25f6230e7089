// Everything the panel shows except the lines of its conversations.
import * as v from "valibot";
import { FileId } from "./bulk.ts";
import { Index, PendingMessage, SessionNumber } from "./conversation.ts";
import { Presence } from "./fields.ts";
import { LineRange } from "./part.ts";
import { CodePath } from "./partFields.ts";

const attachedFields = {
  id: v.string(),
  /** UTF-8 bytes of the readable form. */
  bytes: Index,
};

/** What a tab and a conversation's header show. */
export const SessionView = v.object({
  number: SessionNumber,
  name: v.string(),
  /** `P->`: the user opened it. `P~>`: the other person did. Null in the lobby. */
  mark: v.exactOptional(v.picklist(["P->", "P~>"])),
  /**
   * `ended`: the session is over and can be read. `waiting`: no link to the peer now; messages wait. `closed`: the
   * lobby without its server.
   */
  state: v.picklist(["open", "closed", "waiting", "ended"]),
  /** For private sessions: how it is connected and whether the peer is verified. */
  peer: v.exactOptional(
    v.object({
      path: v.picklist(["direct", "relayed", "none"]),
      /** Who has compared the safety numbers and confirmed them. */
      verified: v.picklist(["nobody", "me", "peer", "both"]),
      introducedBy: v.exactOptional(v.string()),
      /** Own messages up to this number were read. 0: none, or not reported. */
      readUpTo: v.exactOptional(Index),
      typing: v.exactOptional(v.boolean()),
      presence: v.exactOptional(Presence),
      /** A sentence: how it is connected, or why it is not. */
      text: v.string(),
    }),
  ),
  unread: Index,
  /** The first entry that is new to the user; a line is shown above it. */
  newFrom: v.exactOptional(Index),
  /** Muted: no notifications about this session. */
  muted: v.exactOptional(v.boolean()),
  /** Entries are numbered from 0. Those before `start` are forgotten; `end` is the index of the next one. */
  start: Index,
  end: Index,
  pending: v.array(PendingMessage),
  /** What is attached: the place of lines of code, a test's name, a command, or changes. */
  attached: v.exactOptional(
    v.variant("kind", [
      v.object({
        kind: v.picklist(["code", "problem"]),
        ...attachedFields,
        path: CodePath,
        range: LineRange,
        unsaved: v.exactOptional(v.literal(true)),
      }),
      v.object({ kind: v.literal("test"), ...attachedFields, name: v.string() }),
      v.object({ kind: v.literal("output"), ...attachedFields, command: v.exactOptional(v.string()) }),
      v.object({
        kind: v.literal("changes"),
        ...attachedFields,
        files: Index,
        added: Index,
        removed: Index,
      }),
    ]),
  ),
  /** Files that go out with the next message. */
  files: v.exactOptional(v.array(v.object({ id: FileId, name: v.string(), size: Index }))),
});
export type SessionView = v.InferOutput<typeof SessionView>;

/** An own fork that has no answer yet, or whose peer is being dialed. */
export const ForkView = v.object({
  id: v.string(),
  name: v.string(),
  phase: v.picklist(["asking", "connecting"]),
});
export type ForkView = v.InferOutput<typeof ForkView>;

/**
 * People that a command can be applied to. `forkable`: online, and in no private session with the user. `blockable`:
 * online or known, and not blocked. `asking`: with an open request. `linked`: can be introduced to each other.
 * `connected`: in a private session that has a connection.
 */
export const Target = v.picklist(["forkable", "blockable", "blocked", "asking", "linked", "connected"]);
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

/** The dialog that shows a session's safety number. */
export const VerificationView = v.object({
  session: SessionNumber,
  peer: v.string(),
  /** 60 digits. */
  number: v.string(),
  /** The QR code of the number: rows of `1` (dark) and `0`. */
  picture: v.array(v.string()),
  verified: v.picklist(["nobody", "me", "peer", "both"]),
});
export type VerificationView = v.InferOutput<typeof VerificationView>;

/** Which file of which session is meant. */
const transferFields = {
  session: SessionNumber,
  id: FileId,
  /** The user offers it. */
  own: v.boolean(),
};
export const TransferName = v.object(transferFields);
export type TransferName = v.InferOutput<typeof TransferName>;

/** How far a file is that a message offers, and why it does not go on. The message says whose it is, and its size. */
export const TransferView = v.object({
  ...transferFields,
  state: v.variant("phase", [
    v.object({
      phase: v.picklist([
        "offered",
        "waiting",
        "running",
        "verifying",
        "received",
        "sent",
        "declined",
        "canceled",
      ]),
    }),
    v.object({ phase: v.literal("paused"), by: v.picklist(["me", "them", "link"]) }),
    /** `reason`: a sentence part, without a period. */
    v.object({ phase: v.literal("paused"), by: v.literal("disk"), reason: v.string() }),
    v.object({
      phase: v.literal("failed"),
      why: v.picklist(["changed", "gone", "withdrawn", "damaged", "many"]),
    }),
  ]),
  /** Bytes that are there, bytes per second, and seconds until the end; null while unknown. */
  bytes: Index,
  rate: v.nullable(v.number()),
  secondsLeft: v.nullable(v.number()),
});
export type TransferView = v.InferOutput<typeof TransferView>;

/** Everything the page shows except the entries. */
export const PanelState = v.object({
  me: v.nullable(v.string()),
  /** Do Not Disturb. */
  busy: v.boolean(),
  connection: v.object({
    status: v.picklist(["idle", "connecting", "online", "offline"]),
    /** A sentence: the server's address, or why there is no connection. */
    text: v.string(),
    /**
     * Who could read along on the way to the server: no one; no one, because it is this machine; or anyone on the
     * network path.
     */
    way: v.exactOptional(v.picklist(["encrypted", "local", "plain"])),
  }),
  active: SessionNumber,
  sessions: v.array(SessionView),
  forks: v.array(ForkView),
  /** Names online without the user's own, sorted, for mentions. At most 1,000. */
  users: v.array(v.string()),
  targets: TargetNames,
  /** The number of people online, including the user. */
  online: Index,
  /** Commands that the active session allows now. */
  commands: v.array(CommandView),
  verification: v.nullable(VerificationView),
  /** Of the files that messages offer. */
  transfers: v.array(TransferView),
});
export type PanelState = v.InferOutput<typeof PanelState>;
