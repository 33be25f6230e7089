// Everything that servers with one lobby write for each other: the entries of their log, who they are, and what a new one goes
// on from. All servers validate with these schemas.
import * as v from "valibot";
import { Card, Epoch, MessageId, Pin, Presence, SessionId, Timestamp, Token } from "./fields.ts";
import { limits } from "./limits.ts";
import { DeclineReason, LeaveReason, Reach, Say, Tunnel } from "./rendezvous.ts";

/** The form of all that is written here. A server with another one cannot take part. */
export const CLUSTER_FORMAT = 1;

/** SHA-256 of a resume token, in base64url. It is not enough to resume. */
export const TokenDigest = v.pipe(v.string(), v.regex(/^[\w-]{43}$/), v.brand("TokenDigest"));
export type TokenDigest = v.InferOutput<typeof TokenDigest>;

/** One life of a server in the cluster, counted from 1. */
export const Life = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(2 ** 21 - 1));

/** A connection's number, which is never used again: each life of a server has a range of its own. */
const Connection = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

/** What a name is compared by. */
const NameKey = v.pipe(v.string(), v.minLength(1), v.maxLength(8 * limits.nameLength), v.regex(/^\S+$/));

/** What an address counts as; see addressKey. */
const AddressKey = v.pipe(v.string(), v.maxLength(64));

/** The member who asks: the key of its name, and its connection. Commands from a replaced connection are ignored. */
const sender = { key: NameKey, connection: Connection };

/** What changes the lobby. */
export const Command = v.variant("type", [
  /** `token` and `shown`: of the resume token that the client gets, and of the one that it has shown. */
  v.object({
    type: v.literal("enter"),
    connection: Connection,
    name: v.pipe(v.string(), v.minLength(1), v.maxLength(1024)),
    pin: Pin,
    address: AddressKey,
    lineage: v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/)),
    token: TokenDigest,
    shown: v.exactOptional(TokenDigest),
  }),
  v.object({ type: v.literal("leave"), ...sender, reason: LeaveReason }),
  v.object({ type: v.literal("attend"), ...sender, state: Presence }),
  v.object({ type: v.literal("say"), ...sender, message: Say }),
  /** `sid`: of the session, if there will be one. `callee`: the key of a name, and `pin` the key of the person meant. */
  v.object({
    type: v.literal("fork"),
    ...sender,
    id: MessageId,
    sid: SessionId,
    callee: NameKey,
    pin: Pin,
  }),
  v.object({ type: v.literal("accept"), ...sender, sid: SessionId }),
  v.object({ type: v.literal("decline"), ...sender, sid: SessionId, reason: DeclineReason }),
  v.object({ type: v.literal("withdraw"), ...sender, id: MessageId }),
  /** The invitation has expired. */
  v.object({ type: v.literal("expire"), sid: SessionId }),
  /** A server's life is over, and so are its connections. */
  v.object({ type: v.literal("lost"), life: Life }),
]);
export type Command = v.InferOutput<typeof Command>;

/** Commands in one entry. */
export const ENTRY_COMMANDS = 1024;

/** What must be the same on all servers, by name; see `docs/CLUSTER.md`. */
export const Settings = v.record(v.string(), v.union([v.number(), v.string()]));
export type Settings = v.InferOutput<typeof Settings>;

/** Begins the life of a log. */
export const Genesis = v.object({ format: v.literal(CLUSTER_FORMAT), epoch: Epoch, settings: Settings });
export type Genesis = v.InferOutput<typeof Genesis>;

/** What one server puts into the log: the `n`th entry of its life. `time`: milliseconds since 1970, by its own clock. */
export const Entry = v.object({
  life: Life,
  n: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  time: Timestamp,
  commands: v.pipe(v.array(Command), v.minLength(1), v.maxLength(ENTRY_COMMANDS)),
});
export type Entry = v.InferOutput<typeof Entry>;

/** A revision of the engine. */
const Revision = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

/** SHA-256 in base64url, over everything that was applied so far. */
export const LogHash = v.pipe(v.string(), v.regex(/^[\w-]{43}$/));

/**
 * A server's heartbeat: when it joins, and then every second. `sent`: by a clock of its own. `applied` and `hash`: the last entry
 * that it has applied, and the hash with it. `at`: milliseconds since 1970. `link`: where other servers reach it. `access`: what
 * clients find there, which must be the same at all servers that are alive.
 */
export const Beat = v.object({
  life: Life,
  sent: v.number(),
  at: Timestamp,
  applied: v.union([v.literal(0), Revision]),
  hash: LogHash,
  link: v.pipe(v.string(), v.maxLength(300)),
  access: v.pipe(v.string(), v.maxLength(64)),
});
export type Beat = v.InferOutput<typeof Beat>;

/**
 * Where to find the saved state of the lobby after `revision`: so many parts in one of two places, which are used in turn, and
 * the SHA-256 of all of them.
 */
export const SnapshotHead = v.object({
  epoch: Epoch,
  revision: Revision,
  place: v.picklist(["a", "b"]),
  parts: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(1024)),
  hash: LogHash,
});
export type SnapshotHead = v.InferOutput<typeof SnapshotHead>;

/** A client of the server that this goes to: the key of its name, and its connection. */
const receiver = { key: NameKey, connection: Connection };

/** What one server asks another one to tell one of that server's clients. */
export const Errand = v.variant("type", [
  /** The two want to meet again, or want a tunnel. */
  v.object({ type: v.literal("tell"), ...receiver, message: v.variant("type", [Reach, Tunnel]) }),
  /** One half of an introduction: where the other person is, and the client's relay ticket. */
  v.object({
    type: v.literal("introduce"),
    ...receiver,
    sid: SessionId,
    card: Card,
    ticket: v.exactOptional(Token),
  }),
]);
export type Errand = v.InferOutput<typeof Errand>;

/** Bytes of an errand. */
export const ERRAND_BYTES = 16 * 1024;
