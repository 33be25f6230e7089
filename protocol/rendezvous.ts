// Every message between a client and the rendezvous server. Both ends validate with these schemas.
import * as v from "valibot";
import {
  listOf,
  Card,
  Epoch,
  ErrorText,
  Host,
  LobbyAbout,
  MessageId,
  PeerName,
  Pin,
  Presence,
  PublicKey,
  SequenceNumber,
  SessionId,
  Signature,
  Text,
  Timestamp,
  Token,
} from "./fields.ts";
import { limits } from "./limits.ts";
import { bodyFields } from "./messageContent.ts";

/**
 * The path, below that of the server's URL, at which two clients meet when no address leads from one to the other; the ticket goes in the header
 * `Authorization: Bearer TICKET`. Binary frames of at most `relayFrameBytes`; their bytes are passed on.
 */
export const RELAY_PATH = "/relay";

/** Header of a refused upgrade, with the `Host` that the server saw: shows that a proxy has changed it. */
export const SEEN_HOST_HEADER = "Fork-Chat-Host";

/**
 * What a `join` signs, as UTF-8. The name comes last: it is the only part that may hold a line break.
 * @param host the `Host` header of the upgrade, in lower case: a signature is worth nothing at another server
 * @param nonce of the server's `challenge`
 */
export function joinStatement(host: string, nonce: string, spki: PublicKey, name: string): string {
  return ["fork-chat join 2", host.toLowerCase(), nonce, spki, name].join("\n");
}

/** How a lobby message is known again after a reconnect: the epoch and the last number seen in it. */
const LastSeen = v.object({ epoch: Epoch, seq: v.union([v.literal(0), SequenceNumber]) });

/** `state` is left out for who is here. */
const User = v.object({ name: PeerName, state: v.exactOptional(Presence) });
const Milliseconds = v.pipe(v.number(), v.minValue(0));

/** Why somebody is no longer in the lobby: of free will, with the window, or without a word. */
export const LeaveReason = v.picklist(["quit", "closed", "lost"]);
export type LeaveReason = v.InferOutput<typeof LeaveReason>;

/** Why a callee does not take a fork: there is a session already, it cannot, or does not want to. */
export const DeclineReason = v.picklist(["in-session", "unavailable", "declined"]);
export type DeclineReason = v.InferOutput<typeof DeclineReason>;

/** Of any version: looked at before anything else of a `join`. One without a version, or with no number, is of another. */
export const AnyJoin = v.object({ type: v.literal("join"), v: v.optional(v.unknown()) });

/** From a client to the server. */
export const ClientMessage = v.variant("type", [
  v.object({
    type: v.literal("join"),
    v: v.number(),
    name: v.pipe(v.string(), v.maxLength(1024)),
    spki: PublicKey,
    /** Over `joinStatement`. */
    sig: Signature,
    /** The server's own, where its challenge asks for one. */
    token: v.exactOptional(v.pipe(v.string(), v.maxLength(256))),
    resume: v.exactOptional(Token),
    lastSeen: v.exactOptional(LastSeen),
  }),
  v.object({ type: v.literal("say"), id: MessageId, ...bodyFields(Text, LobbyAbout) }),
  v.object({ type: v.literal("users") }),
  v.object({ type: v.literal("presence"), state: Presence }),
  /** The caller's card reaches the callee only with the introduction, after its consent. */
  v.object({ type: v.literal("fork"), id: MessageId, to: v.pipe(v.string(), v.maxLength(1024)), card: Card }),
  /** Takes back one's own `fork` that has no answer yet. */
  v.object({ type: v.literal("withdraw"), id: MessageId }),
  v.object({ type: v.literal("accept"), sid: SessionId, card: Card }),
  v.object({ type: v.literal("decline"), sid: SessionId, reason: DeclineReason }),
  /** Asks the other side of a session that is there already to meet again: here are my addresses, and tickets. */
  v.object({
    type: v.literal("reach"),
    id: MessageId,
    sid: SessionId,
    to: v.pipe(v.string(), v.maxLength(1024)),
    /** The other's key: whoever else has that name now is not told where we are. */
    pin: v.exactOptional(Pin),
    card: Card,
  }),
]);
export type ClientMessage = v.InferOutput<typeof ClientMessage>;

/** From the server to a client. A client ignores a `type` which it does not know. */
export const ServerMessage = v.variant("type", [
  v.object({
    type: v.literal("challenge"),
    v: v.number(),
    /** To be signed in `join`; new for each connection. */
    nonce: Token,
    epoch: Epoch,
    /** Whether the server listens on loopback only, or can be reached from other machines. */
    reach: v.picklist(["loopback", "network"]),
    /** Whether there is a relay. */
    relay: v.boolean(),
    /** Whether `join` needs the server's token. */
    token: v.boolean(),
    limits: v.object({ frameBytes: v.number(), textBytes: v.number(), framesPerSecond: v.number() }),
    /** The server's clock, in milliseconds since 1970. */
    at: v.exactOptional(Milliseconds),
  }),
  v.object({
    type: v.literal("joined"),
    name: PeerName,
    /** Shown in a later `join` with the same key, gives this name back although its old connection seems alive. */
    resume: Token,
    epoch: Epoch,
    /** The number of the newest lobby message; `missed` messages up to it follow as `said`. */
    seq: v.union([v.literal(0), SequenceNumber]),
    missed: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
    /** True when there were more messages since `lastSeen` than the server still has. */
    gap: v.boolean(),
    /** Whence the server sees this client. */
    you: v.object({ address: v.string() }),
    users: listOf(User, limits.clients),
  }),
  v.object({
    type: v.literal("refused"),
    code: v.string(),
    text: ErrorText,
    retryMs: v.exactOptional(Milliseconds),
    /** With `signature`: the `Host` that the server saw. A proxy may have put another one there. */
    host: v.exactOptional(Host),
  }),
  v.object({
    type: v.literal("said"),
    seq: SequenceNumber,
    at: Timestamp,
    from: PeerName,
    /** The author's key, by the server's word. Names change; blocks follow keys. */
    pin: v.exactOptional(Pin),
    id: MessageId,
    ...bodyFields(Text, LobbyAbout),
  }),
  v.object({ type: v.literal("ack"), id: MessageId, seq: SequenceNumber, at: Timestamp }),
  v.object({ type: v.literal("users"), items: listOf(User, limits.clients) }),
  v.object({ type: v.literal("arrived"), name: PeerName }),
  v.object({ type: v.literal("presence"), name: PeerName, state: Presence }),
  v.object({ type: v.literal("left"), name: PeerName, reason: LeaveReason }),
  v.object({
    type: v.literal("invite"),
    sid: SessionId,
    from: PeerName,
    pin: Pin,
    expiresMs: Milliseconds,
  }),
  /** The caller has taken the invitation back. */
  v.object({ type: v.literal("withdrawn"), sid: SessionId }),
  /**
   * Both have consented: to each, who the other is and where. `role` A dials at once and is the TLS client at the
   * relay; B dials, too, when nothing has come after a moment. With `ticket` both can meet at the relay.
   */
  v.object({
    type: v.literal("introduction"),
    sid: SessionId,
    role: v.picklist(["A", "B"]),
    peer: v.object({ name: PeerName, pin: Pin, card: Card }),
    /** The `fork` of the one who gets this, if it has sent one. */
    id: v.exactOptional(MessageId),
    /** The server sees both at one address: their private addresses may lead from one to the other. */
    near: v.exactOptional(v.boolean()),
    ticket: v.exactOptional(Token),
  }),
  v.object({
    type: v.literal("declined"),
    id: MessageId,
    to: PeerName,
    reason: v.picklist(["in-session", "unavailable", "declined", "gone", "timeout", "withdrawn"]),
  }),
  /** The other side of a session wants to meet again. Whoever does not know `sid` with this `pin` ignores it. */
  v.object({
    type: v.literal("reach"),
    sid: SessionId,
    from: PeerName,
    pin: Pin,
    card: Card,
    /** As in `introduction`. */
    near: v.exactOptional(v.boolean()),
    ticket: v.exactOptional(Token),
  }),
  /** Answers one's own `reach`: the other has been told. Its sender is the TLS client at the relay. */
  v.object({ type: v.literal("reaching"), id: MessageId, sid: SessionId, ticket: v.exactOptional(Token) }),
  v.object({
    type: v.literal("error"),
    code: v.string(),
    text: ErrorText,
    /** The id of the `say`, `fork` or `reach` that failed. */
    id: v.exactOptional(MessageId),
    /** With `rate-limited`: milliseconds after which there is room again. */
    retryMs: v.exactOptional(Milliseconds),
  }),
]);
export type ServerMessage = v.InferOutput<typeof ServerMessage>;
