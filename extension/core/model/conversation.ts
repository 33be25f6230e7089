// What identifies a conversation across sessions, and a lobby message's place in it.
import * as v from "valibot";
import { Epoch, Pin } from "../../../protocol/fields.ts";

/** The server, the own identity, and the peer: sessions with equal values share one conversation. */
export const Conversation = v.object({
  server: v.string(),
  identity: v.string(),
  /** Null for the lobby. */
  peer: v.nullable(v.object({ name: v.string(), pin: Pin })),
});

export type Conversation = v.InferOutput<typeof Conversation>;

/** The place of a lobby message in its server's order. */
export const Seen = v.object({ epoch: Epoch, seq: v.pipe(v.number(), v.safeInteger(), v.minValue(0)) });

export type Seen = v.InferOutput<typeof Seen>;
