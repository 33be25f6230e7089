// Every frame between two peers in a private session, inside TLS 1.3. Both ends validate with this schema, and ignore
// a `type` that they do not know.
import * as v from "valibot";
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

/** The path that a peer listener serves, and the protocol that TLS agrees on (ALPN). */
export const PEER_PATH = "/peer";
export const PEER_ALPN = "fork-chat/2";

/** Why a peer ends a connection: `left` and `quit` end the session for good; `closed`: the window goes, and may come back. */
export const ByeReason = v.picklist(["left", "quit", "closed"]);
export type ByeReason = v.InferOutput<typeof ByeReason>;

/** 0 before the first. */
const Received = v.union([v.literal(0), SequenceNumber]);

/** Of any version: looked at before anything else of a `hello`. One without a version, or with no number, is of another. */
export const AnyHello = v.object({ type: v.literal("hello"), v: v.optional(v.unknown()) });

export const PeerMessage = v.variant("type", [
  /** The first frame of each side; the dialler's comes first, and the listener's answers it. */
  v.object({
    type: v.literal("hello"),
    v: v.number(),
    sid: SessionId,
    /** Numbers the connections of a session; chosen by the dialler, above every number that it knows of. */
    n: SequenceNumber,
    /** The sender's own, and the receiver's as the sender knows it; null before the first hello of that side. */
    boot: Boot,
    knows: v.nullable(Boot),
    /** The number of the newest message that this side has received, and has sent. */
    received: Received,
    sent: Received,
  }),
  v.object({
    type: v.literal("message"),
    seq: SequenceNumber,
    at: Timestamp,
    ...bodyFields(Text, PeerAbout),
  }),
  /** All messages up to this number have been received. */
  v.object({ type: v.literal("ack"), received: SequenceNumber }),
  /** The newest message that this side's user has seen; said only where the user lets it. */
  v.object({ type: v.literal("read"), upTo: SequenceNumber }),
  /** Whether the sender's user is writing; whether they are there. Neither is numbered or sent again. */
  v.object({ type: v.literal("typing"), value: v.boolean() }),
  v.object({ type: v.literal("presence"), state: Presence }),
  /** Where the sender can be reached now, instead of all that it has said before. */
  v.object({
    type: v.literal("addresses"),
    items: listOf(Address, limits.addresses),
  }),
  /** Whether the sender's user has compared the number of this session and found it right. */
  v.object({ type: v.literal("verified"), value: v.boolean() }),
  /** The sender introduces somebody with whom it has a session as well; `sid` will be theirs. */
  v.object({
    type: v.literal("introduce"),
    sid: SessionId,
    role: v.picklist(["A", "B"]),
    name: PeerName,
    pin: Pin,
  }),
  /** Answers `introduce`; the card is there when accepted. */
  v.object({
    type: v.literal("consent"),
    sid: SessionId,
    accepted: v.boolean(),
    card: v.exactOptional(Card),
  }),
  /** Both have consented: the other's card. Or one has not, and there is none. */
  v.object({ type: v.literal("introduced"), sid: SessionId, card: v.exactOptional(Card) }),
  v.object({ type: v.literal("bye"), reason: ByeReason }),
  v.object({ type: v.literal("error"), code: v.string(), text: ErrorText }),
]);
export type PeerMessage = v.InferOutput<typeof PeerMessage>;
