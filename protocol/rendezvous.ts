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
import { lobbyFields } from "./messageContent.ts";

/**
 * The relay's path, below that of the server's URL. Two clients that cannot connect directly meet there, with a ticket
 * in the header `Authorization: Bearer TICKET`. Binary frames have at most `relayFrameBytes`; their bytes are passed
 * on.
 */
export const RELAY_PATH = "/relay";

/** Header of a refused upgrade with the `Host` that the server saw. Shows whether a proxy has changed it. */
export const SEEN_HOST_HEADER = "Fork-Chat-Host";

/**
 * What a `join` signs, as UTF-8. The name comes last, because only it may contain a line break.
 * @param host the `Host` header of the upgrade, in lower case; makes the signature worthless at another server
 * @param nonce of the server's `challenge`
 */
export function joinStatement(host: string, nonce: string, spki: PublicKey, name: string): string {
  return ["fork-chat join 2", host.toLowerCase(), nonce, spki, name].join("\n");
}

/** Identifies a lobby message across reconnects: the epoch, and the last number seen in it. */
const LastSeen = v.object({ epoch: Epoch, seq: v.union([v.literal(0), SequenceNumber]) });

/** `state` is omitted for people who are `here`. */
const User = v.object({ name: PeerName, state: v.exactOptional(Presence) });
const Milliseconds = v.pipe(v.number(), v.minValue(0));

/** Why someone left the lobby: they quit, closed the window, or were lost. */
export const LeaveReason = v.picklist(["quit", "closed", "lost"]);
export type LeaveReason = v.InferOutput<typeof LeaveReason>;

/** Why a callee declines a fork: there is a session already, it cannot, or it does not want to. */
export const DeclineReason = v.picklist(["in-session", "unavailable", "declined"]);
export type DeclineReason = v.InferOutput<typeof DeclineReason>;

/**
 * Accepts any version; checked before anything else of a `join`. A missing version or one that is not a number counts
 * as another version.
 */
export const AnyJoin = v.object({ type: v.literal("join"), v: v.optional(v.unknown()) });

/** A message to the lobby. */
export const Say = v.object({
  type: v.literal("say"),
  id: MessageId,
  ...lobbyFields(Text, LobbyAbout),
});

/** From a client to the server. */
export const ClientMessage = v.variant("type", [
  v.object({
    type: v.literal("join"),
    v: v.number(),
    name: v.pipe(v.string(), v.maxLength(1024)),
    spki: PublicKey,
    /** Over `joinStatement`. */
    sig: Signature,
    /** The server's token, if its challenge requires one. */
    token: v.exactOptional(v.pipe(v.string(), v.maxLength(256))),
    resume: v.exactOptional(Token),
    lastSeen: v.exactOptional(LastSeen),
  }),
  Say,
  v.object({ type: v.literal("users") }),
  v.object({ type: v.literal("presence"), state: Presence }),
  /** The callee gets the caller's card only with the introduction, after accepting. */
  v.object({ type: v.literal("fork"), id: MessageId, to: v.pipe(v.string(), v.maxLength(1024)), card: Card }),
  /** Cancels the sender's `fork` that has no answer yet. */
  v.object({ type: v.literal("withdraw"), id: MessageId }),
  v.object({ type: v.literal("accept"), sid: SessionId, card: Card }),
  v.object({ type: v.literal("decline"), sid: SessionId, reason: DeclineReason }),
  /**
   * Asks the other side of an existing session to meet again, with the sender's addresses and, if needed, relay
   * tickets.
   */
  v.object({
    type: v.literal("reach"),
    id: MessageId,
    sid: SessionId,
    to: v.pipe(v.string(), v.maxLength(1024)),
    /** The other's key, so that someone else who has the name now does not learn the addresses. */
    pin: v.exactOptional(Pin),
    card: Card,
  }),
  /**
   * Asks for a pair of relay tickets for a second connection beside the link of an existing session. Unlike `reach`, it
   * leaves that link alone. Only for servers that `can` do so.
   */
  v.object({
    type: v.literal("tunnel"),
    id: MessageId,
    sid: SessionId,
    to: v.pipe(v.string(), v.maxLength(1024)),
    pin: Pin,
  }),
]);
export type ClientMessage = v.InferOutput<typeof ClientMessage>;

/** The other side of a session wants to meet again. Clients that do not know `sid` with this `pin` ignore it. */
export const Reach = v.object({
  type: v.literal("reach"),
  sid: SessionId,
  from: PeerName,
  pin: Pin,
  card: Card,
  /** As in `introduction`. */
  near: v.exactOptional(v.boolean()),
  ticket: v.exactOptional(Token),
});

/** The other side of a session wants to open a second connection through the relay, as its TLS client. */
export const Tunnel = v.object({
  type: v.literal("tunnel"),
  sid: SessionId,
  from: PeerName,
  pin: Pin,
  ticket: Token,
});

/** From the server to a client. Clients ignore unknown types. */
export const ServerMessage = v.variant("type", [
  v.object({
    type: v.literal("challenge"),
    v: v.number(),
    /** Signed in `join`. New for each connection. */
    nonce: Token,
    epoch: Epoch,
    /** Whether the server listens on loopback only, or can be reached from other machines. */
    reach: v.picklist(["loopback", "network"]),
    /** Whether there is a relay. */
    relay: v.boolean(),
    /** Whether `join` requires a token. */
    token: v.boolean(),
    limits: v.object({
      frameBytes: v.number(),
      textBytes: v.number(),
      framesPerSecond: v.number(),
      /** Bytes of a message's `part`. Missing if the server does not pass on parts. */
      partBytes: v.exactOptional(v.number()),
    }),
    /** The server's clock, in milliseconds since 1970. */
    at: v.exactOptional(Milliseconds),
    /** Optional features that the server supports: `tunnel` (it answers that message). */
    can: v.exactOptional(listOf(v.pipe(v.string(), v.maxLength(32)), limits.capabilities)),
  }),
  v.object({
    type: v.literal("joined"),
    name: PeerName,
    /** A later `join` with this token and the same key gets the name back, even if the old connection seems alive. */
    resume: Token,
    epoch: Epoch,
    /** The number of the newest lobby message. `missed` messages up to it follow as `said`. */
    seq: v.union([v.literal(0), SequenceNumber]),
    missed: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
    /** True if the server no longer has all messages since `lastSeen`. */
    gap: v.boolean(),
    /** The address at which the server sees this client. */
    you: v.object({ address: v.string() }),
    users: listOf(User, limits.clients),
  }),
  v.object({
    type: v.literal("refused"),
    code: v.string(),
    text: ErrorText,
    retryMs: v.exactOptional(Milliseconds),
    /** With `signature`: the `Host` that the server saw. A proxy may have changed it. */
    host: v.exactOptional(Host),
  }),
  v.object({
    type: v.literal("said"),
    seq: SequenceNumber,
    at: Timestamp,
    from: PeerName,
    /** The author's key, as the server claims. Names change; blocks follow keys. */
    pin: v.exactOptional(Pin),
    id: MessageId,
    ...lobbyFields(Text, LobbyAbout),
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
  /** The caller has canceled the invitation. */
  v.object({ type: v.literal("withdrawn"), sid: SessionId }),
  /**
   * Both have accepted. Tells each who and where the other is. Role A dials at once and is the TLS client at the relay.
   * Role B dials too if nothing arrives after a moment. With `ticket`, both can meet at the relay.
   */
  v.object({
    type: v.literal("introduction"),
    sid: SessionId,
    role: v.picklist(["A", "B"]),
    peer: v.object({ name: PeerName, pin: Pin, card: Card }),
    /** The ID of the receiver's own `fork`, if it sent one. */
    id: v.exactOptional(MessageId),
    /** The server sees both at one address, so their private addresses may work. */
    near: v.exactOptional(v.boolean()),
    ticket: v.exactOptional(Token),
  }),
  v.object({
    type: v.literal("declined"),
    id: MessageId,
    to: PeerName,
    reason: v.picklist(["in-session", "unavailable", "declined", "gone", "timeout", "withdrawn"]),
  }),
  Reach,
  /**
   * Answers the client's `reach`: the other side has been notified. The client that sent it is the TLS client at the
   * relay.
   */
  v.object({ type: v.literal("reaching"), id: MessageId, sid: SessionId, ticket: v.exactOptional(Token) }),
  Tunnel,
  /** Answers the client's `tunnel`: the other side has its ticket. */
  v.object({ type: v.literal("tunneling"), id: MessageId, sid: SessionId, ticket: Token }),
  v.object({
    type: v.literal("error"),
    code: v.string(),
    text: ErrorText,
    /** The id of the `say`, `fork`, `reach` or `tunnel` that failed. */
    id: v.exactOptional(MessageId),
    /** With `rate-limited`: milliseconds until a retry can succeed. */
    retryMs: v.exactOptional(Milliseconds),
  }),
]);
export type ServerMessage = v.InferOutput<typeof ServerMessage>;
