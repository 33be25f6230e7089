// Every frame between two peers in a private session. Both ends validate with this schema.
import * as v from "valibot";
import { ErrorText, SequenceNumber, SessionId, Text, Timestamp } from "./fields.ts";

/** The path that a peer listener serves; the token goes in the header `Authorization: Bearer TOKEN`. */
export const PEER_PATH = "/peer";

/** Why a peer ends a session: only this session, everything, or because its window closes. */
export const ByeReason = v.picklist(["left", "quit", "closed"]);
export type ByeReason = v.InferOutput<typeof ByeReason>;

export const PeerMessage = v.variant("type", [
  /** The first frame of each side; the dialler's comes first. */
  v.object({ type: v.literal("hello"), v: v.number(), sid: SessionId }),
  v.object({ type: v.literal("message"), seq: SequenceNumber, at: Timestamp, text: Text }),
  /** All messages up to this number have been received. */
  v.object({ type: v.literal("ack"), received: SequenceNumber }),
  v.object({ type: v.literal("bye"), reason: ByeReason }),
  v.object({ type: v.literal("error"), code: v.string(), text: ErrorText }),
]);
export type PeerMessage = v.InferOutput<typeof PeerMessage>;
