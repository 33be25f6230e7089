// Why a window cannot save, and what a reload would restore.
import type { SessionId } from "../../../protocol/fields.ts";
import type { PeerChannel } from "./peerChannel.ts";

export type StorageProblem = "full" | "read-only" | "denied" | "other";

/** What a reload would restore. */
export type StorageFailure = {
  readonly problem: StorageProblem;
  /** Each private session's message numbers, by its id. */
  readonly channels: ReadonlyMap<SessionId, Pick<PeerChannel, "sent" | "received">>;
  /** When something was last saved; milliseconds since 1970, 0 for never. */
  readonly savedAt: number;
};
