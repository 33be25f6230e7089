// Every frame between two peers in a private session, inside TLS 1.3. Both ends validate with this schema and ignore
// unknown types.
import * as v from "valibot";
import { TransferMessage } from "./bulk.ts";
import {
  listOf,
  Address,
  Boot,
  Card,
  ErrorText,
  PeerAbout,
  PeerName,
  Pin,
  Presence,
  SequenceNumber,
  SessionId,
  Text,
  Timestamp,
} from "./fields.ts";
import { limits } from "./limits.ts";
import { bodyFields } from "./messageContent.ts";

/** The path of a peer listener, and the protocol name for TLS (ALPN). */
export const PEER_PATH = "/peer";
export const PEER_ALPN = "fork-chat/2";

/**
 * Why a peer ends a connection. `left` and `quit` end the session for good; `closed`: the window closes and may
 * reconnect.
 */
export const ByeReason = v.picklist(["left", "quit", "closed"]);
export type ByeReason = v.InferOutput<typeof ByeReason>;

/** 0 before the first. */
const Received = v.union([v.literal(0), SequenceNumber]);

/**
 * Accepts any version; checked before anything else of a `hello`. A missing version or one that is not a number counts
 * as another version.
 */
export const AnyHello = v.object({ type: v.literal("hello"), v: v.optional(v.unknown()) });

export const PeerMessage = v.variant("type", [
  /** The first frame of each side. The dialer sends it first, and the listener answers. */
  v.object({
    type: v.literal("hello"),
    v: v.number(),
    sid: SessionId,
    /** Numbers the connections of a session. Chosen by the dialer, above every number it knows. */
    n: SequenceNumber,
    /** The sender's value, and the receiver's as the sender knows it; null before the receiver's first hello. */
    boot: Boot,
    knows: v.nullable(Boot),
    /** The numbers of the newest message that the sender has received and sent. */
    received: Received,
    sent: Received,
    /** Optional features that the sender supports: `part` (the parts of messages), `where` (it answers that), `files`. */
    can: v.exactOptional(listOf(v.pipe(v.string(), v.maxLength(32)), limits.capabilities)),
  }),
  v.object({
    type: v.literal("message"),
    seq: SequenceNumber,
    at: Timestamp,
    ...bodyFields(Text, PeerAbout),
  }),
  /** All messages up to this number have been received. */
  v.object({ type: v.literal("ack"), received: SequenceNumber }),
  /** The newest message that the sender's user has read. Sent only if the user allows it. */
  v.object({ type: v.literal("read"), upTo: SequenceNumber }),
  /** Whether the sender's user is typing, and their presence. Not numbered and never resent. */
  v.object({ type: v.literal("typing"), value: v.boolean() }),
  v.object({ type: v.literal("presence"), state: Presence }),
  /** Where the sender can be reached now. Replaces all earlier addresses. */
  v.object({
    type: v.literal("addresses"),
    items: listOf(Address, limits.addresses),
  }),
  /**
   * Asks where the receiver's user is: in which file, at which line. The answer is a message with those lines, or nothing.
   * Only for peers that `can` answer it.
   */
  v.object({ type: v.literal("where") }),
  /** Whether the sender's user has compared this session's safety number and confirmed it. */
  v.object({ type: v.literal("verified"), value: v.boolean() }),
  /** The sender introduces someone with whom it also has a session. `sid` will identify the new session. */
  v.object({
    type: v.literal("introduce"),
    sid: SessionId,
    role: v.picklist(["A", "B"]),
    name: PeerName,
    pin: Pin,
  }),
  /** Answers `introduce`, with a card if accepted. */
  v.object({
    type: v.literal("consent"),
    sid: SessionId,
    accepted: v.boolean(),
    card: v.exactOptional(Card),
  }),
  /** Both have accepted: contains the other's card. Or one has not, and there is none. */
  v.object({ type: v.literal("introduced"), sid: SessionId, card: v.exactOptional(Card) }),
  ...TransferMessage.options,
  v.object({ type: v.literal("bye"), reason: ByeReason }),
  v.object({ type: v.literal("error"), code: v.string(), text: ErrorText }),
]);
export type PeerMessage = v.InferOutput<typeof PeerMessage>;
