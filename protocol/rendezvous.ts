// Every message between a client and the rendezvous server. Both ends validate with these schemas.
import * as v from "valibot";
import {
  Card,
  Epoch,
  ErrorText,
  MessageId,
  PeerName,
  SequenceNumber,
  SessionId,
  Text,
  Timestamp,
  Token,
} from "./fields.ts";
import { limits } from "./limits.ts";

/** How a lobby message is known again after a reconnect: the epoch and the last number seen in it. */
const LastSeen = v.object({ epoch: Epoch, seq: v.union([v.literal(0), SequenceNumber]) });

const User = v.object({ name: PeerName });

/** Why somebody is no longer in the lobby: of free will, with the window, or without a word. */
export const LeaveReason = v.picklist(["quit", "closed", "lost"]);
export type LeaveReason = v.InferOutput<typeof LeaveReason>;

/** Why a callee does not take a fork. */
export const DeclineReason = v.picklist(["in-session", "unavailable"]);
export type DeclineReason = v.InferOutput<typeof DeclineReason>;

/** From a client to the server. */
export const ClientMessage = v.variant("type", [
  v.object({
    type: v.literal("join"),
    v: v.number(),
    name: v.pipe(v.string(), v.maxLength(1024)),
    resume: v.exactOptional(Token),
    lastSeen: v.exactOptional(LastSeen),
  }),
  v.object({ type: v.literal("say"), id: MessageId, text: Text }),
  v.object({ type: v.literal("users") }),
  v.object({ type: v.literal("fork"), id: MessageId, to: v.pipe(v.string(), v.maxLength(1024)) }),
  v.object({ type: v.literal("accept"), sid: SessionId, card: Card }),
  v.object({ type: v.literal("decline"), sid: SessionId, reason: DeclineReason }),
]);
export type ClientMessage = v.InferOutput<typeof ClientMessage>;

/** From the server to a client. A client ignores a `type` which it does not know. */
export const ServerMessage = v.variant("type", [
  v.object({
    type: v.literal("challenge"),
    v: v.number(),
    epoch: Epoch,
    /** Whether the server listens on loopback only, or can be reached from other machines. */
    reach: v.picklist(["loopback", "network"]),
    limits: v.object({ frameBytes: v.number(), textBytes: v.number(), framesPerSecond: v.number() }),
  }),
  v.object({
    type: v.literal("joined"),
    name: PeerName,
    /** Shown in a later `join`, gives this name back although its old connection still seems alive. */
    resume: Token,
    epoch: Epoch,
    /** The number of the newest lobby message; `missed` messages up to it follow as `said`. */
    seq: v.union([v.literal(0), SequenceNumber]),
    missed: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
    /** True when there were more messages since `lastSeen` than the server still has. */
    gap: v.boolean(),
    /** Whence the server sees this client. */
    you: v.object({ address: v.string() }),
    users: v.pipe(v.array(User), v.maxLength(limits.clients)),
  }),
  v.object({ type: v.literal("refused"), code: v.string(), text: ErrorText }),
  v.object({
    type: v.literal("said"),
    seq: SequenceNumber,
    at: Timestamp,
    from: PeerName,
    id: MessageId,
    text: Text,
  }),
  v.object({ type: v.literal("ack"), id: MessageId, seq: SequenceNumber, at: Timestamp }),
  v.object({ type: v.literal("users"), items: v.pipe(v.array(User), v.maxLength(limits.clients)) }),
  v.object({ type: v.literal("arrived"), name: PeerName }),
  v.object({ type: v.literal("left"), name: PeerName, reason: LeaveReason }),
  v.object({
    type: v.literal("invite"),
    sid: SessionId,
    from: PeerName,
    expiresMs: v.pipe(v.number(), v.minValue(0)),
  }),
  v.object({ type: v.literal("introduction"), id: MessageId, sid: SessionId, to: PeerName, card: Card }),
  v.object({ type: v.literal("crossed"), id: MessageId, sid: SessionId, to: PeerName }),
  v.object({
    type: v.literal("declined"),
    id: MessageId,
    to: PeerName,
    reason: v.picklist(["in-session", "unavailable", "gone", "timeout"]),
  }),
  v.object({
    type: v.literal("error"),
    code: v.string(),
    text: ErrorText,
    /** The id of the `say` or `fork` that failed. */
    id: v.exactOptional(MessageId),
    /** With `rate-limited`: milliseconds after which there is room again. */
    retryMs: v.exactOptional(v.pipe(v.number(), v.minValue(0))),
  }),
]);
export type ServerMessage = v.InferOutput<typeof ServerMessage>;
