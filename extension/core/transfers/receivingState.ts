// One file on its way to this side: what is known of it, and what a sidecar saves of that.
import * as v from "valibot";
import {
  blockCount,
  BLOCK_BYTES,
  FileId,
  FileSize,
  Sha256,
  Unavailable,
  WRONG_BLOCKS,
  type TransferMessage,
} from "../../../protocol/bulk.ts";

/** Why a transfer fails: what the sender sent wrong, too many offers are open, or why the sender cannot send. */
const Failure = v.union([v.picklist(["hash", "size", "order", "root", "many"]), Unavailable]);
export type Failure = v.InferOutput<typeof Failure>;

const End = v.variant("how", [
  v.object({ how: v.literal("done") }),
  /** By this side: before it had accepted the file, or later. */
  v.object({ how: v.picklist(["declined", "canceled"]) }),
  /** By the sender when `why` is `canceled`. */
  v.object({ how: v.literal("failed"), why: Failure }),
]);
export type End = v.InferOutput<typeof End>;

/** What the sender may send next on this link. */
export type Stream = {
  /** The number after the newest block; null before the first. */
  readonly next: number | null;
  /** Requests that the sender has not visibly followed, and the first block of the lowest one. */
  readonly jumps: number;
  readonly low: number;
  /** This side waits for blocks. */
  readonly wanted: boolean;
};

/** A block that was announced, until it is verified or dropped. */
export type Block = {
  readonly index: number;
  readonly size: number;
  readonly sha256: Sha256;
  readonly received: number;
  /** Bytes that are being written. */
  readonly unwritten: number;
  /** Otherwise its bytes are dropped. */
  readonly keep: boolean;
  /** No more of it will come. */
  readonly closed: boolean;
};

export type Receiving = {
  readonly id: FileId;
  readonly size: number;
  readonly accepted: boolean;
  /** Of the verified blocks, in their order. */
  readonly hashes: readonly Sha256[];
  readonly paused: {
    readonly me: boolean;
    readonly them: boolean;
    /** Why the disk takes no more; null if it does. */
    readonly disk: string | null;
  };
  readonly stream: Stream | null;
  readonly blocks: readonly Block[];
  /** Blocks so far whose hash was wrong. */
  readonly wrong: number;
  /** As announced; null until then. */
  readonly root: Sha256 | null;
  /** The root is being computed. */
  readonly rooting: boolean;
  readonly end: End | null;
};

export type ReceivingEvent =
  /** The user wants the file, or wants it to go on. */
  | { readonly type: "accept" | "pause" }
  /** The user does not want the file, or no more of it. */
  | { readonly type: "decline" }
  /** The message or the session is gone. */
  | { readonly type: "cancel" }
  /** There is a bulk link, with this number, and a place for the transfer (see `mayFetch`). */
  | { readonly type: "fetch"; readonly n: number }
  /** The bulk link is gone. */
  | { readonly type: "cut" }
  /** From the sender. */
  | { readonly type: "peerPaused" }
  | { readonly type: "unavailable"; readonly why: Unavailable }
  | { readonly type: "block"; readonly index: number; readonly size: number; readonly sha256: Sha256 }
  | { readonly type: "chunk"; readonly bytes: number }
  | { readonly type: "end"; readonly root: Sha256 }
  /** The oldest bytes of this block that were to be written are on the disk. With the last ones comes the block's hash. */
  | {
      readonly type: "written";
      readonly index: number;
      readonly bytes: number;
      readonly sha256: Sha256 | null;
    }
  /** The disk takes no more. All bytes that were to be written are lost: no `written` follows for them. */
  | { readonly type: "diskFailed"; readonly reason: string }
  /** Of what was verified, only so many blocks are still on the disk. */
  | { readonly type: "lost"; readonly blocks: number }
  | { readonly type: "rooted"; readonly sha256: Sha256 };

export type ReceivingEffect =
  /** On the session's own link. */
  | { readonly type: "tell"; readonly frame: TransferMessage }
  /** Write these bytes into the block, and add them to its hash, which begins anew `at` 0. Reported as `written`. */
  | {
      readonly type: "write";
      readonly id: FileId;
      readonly index: number;
      readonly at: number;
      readonly bytes: number;
      /** The block's last bytes: its hash is due. */
      readonly last: boolean;
    }
  /** Compute the SHA-256 of these hashes. Reported as `rooted`. */
  | { readonly type: "hashRoot"; readonly id: FileId; readonly hashes: readonly Sha256[] }
  /** Write the snapshot to the sidecar, before the effects that follow. */
  | { readonly type: "save"; readonly id: FileId }
  /** The file is verified: move it to where the user wants it. After a crash, do so for a transfer that is saved as done. */
  | { readonly type: "finish"; readonly id: FileId }
  /** Delete what was received. */
  | { readonly type: "discard"; readonly id: FileId }
  /** The sender breaks the rules: close the bulk link. */
  | { readonly type: "refuse"; readonly why: Refusal };

/** What a sender did that no correct one does. */
export type Refusal = "unknown" | "order" | "size" | "chunk" | "credit";

export function offered(id: FileId, size: number): Receiving {
  return {
    ...{ id, size, accepted: false, hashes: [], wrong: 0 },
    paused: { me: false, them: false, disk: null },
    ...{ stream: null, blocks: [], root: null, rooting: false, end: null },
  };
}

/** Bytes of the file that are verified. */
export function verifiedBytes({ hashes, size }: Receiving): number {
  return Math.min(size, hashes.length * BLOCK_BYTES);
}

export function isComplete({ hashes, size }: Receiving): boolean {
  return hashes.length === blockCount(size);
}

/** The block whose bytes come next. */
export function openBlock({ blocks }: Receiving): Block | undefined {
  const last = blocks.at(-1);
  return last?.closed === false ? last : undefined;
}

/** Blocks that are verified or will be. */
export function keptBlocks({ hashes, blocks }: Receiving): number {
  return hashes.length + blocks.filter(({ keep }) => keep).length;
}

/** Whether to request what is missing. Blocks that are complete but not yet verified are waited for: they need not come again. */
export function mayFetch({ accepted, end, paused, stream, blocks, root, rooting }: Receiving): boolean {
  if (!accepted || end !== null || paused.me || paused.disk !== null) return false;
  if (stream?.wanted === true || rooting) return false;
  return root === null && !blocks.some(({ keep }) => keep);
}

/** For a sender that may not have heard how this ended. */
export function announce({ id, end }: Receiving): ReceivingEffect[] {
  if (end === null || (end.how === "failed" && v.is(Unavailable, end.why))) return [];
  return [{ type: "tell", frame: end.how === "done" ? { type: "received", id } : cancelOf(id, end) }];
}

/** @param end how a transfer ended before the file was there */
export function cancelOf(id: FileId, end: End): TransferMessage {
  if (end.how !== "failed") return { type: "cancel", id };
  return { type: "cancel", id, why: end.why === "many" ? "many" : "damaged" };
}

/** What the user is told of a transfer. A pause has one reason: the one that has to go first. */
export type Phase =
  | { readonly phase: "offered" | "accepted" | "fetching" | "verifying" | "done" | "declined" | "canceled" }
  | { readonly phase: "paused"; readonly by: "me" | "them" }
  | { readonly phase: "paused"; readonly by: "disk"; readonly reason: string }
  | { readonly phase: "paused"; readonly by: "link" }
  | { readonly phase: "failed"; readonly why: Failure };

/** @param linked whether there is a bulk link */
export function phaseOf(receiving: Receiving, linked: boolean): Phase {
  const { accepted, end, paused, stream } = receiving;
  if (end !== null) return endPhase(end, accepted);
  if (!accepted) return { phase: "offered" };
  if (receiving.root !== null && isComplete(receiving)) return { phase: "verifying" };
  if (paused.disk !== null) return { phase: "paused", by: "disk", reason: paused.disk };
  if (paused.me) return { phase: "paused", by: "me" };
  if (!linked) return { phase: "paused", by: "link" };
  if (paused.them) return { phase: "paused", by: "them" };
  return { phase: stream?.wanted === true ? "fetching" : "accepted" };
}

/** The sender can withdraw an offer, or cancel a file that was accepted. */
function endPhase(end: End, accepted: boolean): Phase {
  if (end.how !== "failed") return { phase: end.how };
  return accepted && end.why === "canceled" ? { phase: "canceled" } : { phase: "failed", why: end.why };
}

export const ReceivingSnapshot = v.pipe(
  v.object({
    version: v.literal(1),
    id: FileId,
    size: FileSize,
    accepted: v.boolean(),
    hashes: v.array(Sha256),
    paused: v.boolean(),
    disk: v.nullable(v.string()),
    wrong: v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(WRONG_BLOCKS)),
    end: v.nullable(End),
  }),
  v.check(({ hashes, size }) => hashes.length <= blockCount(size)),
  v.check(({ hashes, size, end }) => end?.how !== "done" || hashes.length === blockCount(size)),
);
export type ReceivingSnapshot = v.InferOutput<typeof ReceivingSnapshot>;

export function saveReceiving(receiving: Receiving): ReceivingSnapshot {
  const { id, size, accepted, hashes, paused, wrong, end } = receiving;
  return {
    ...{ version: 1, id, size, accepted, hashes: [...hashes], wrong, end },
    ...{ paused: paused.me, disk: paused.disk },
  };
}

/** The transfer of a sidecar; undefined if that is damaged. */
export function restoreReceiving(saved: unknown): Receiving | undefined {
  const result = v.safeParse(ReceivingSnapshot, saved);
  if (!result.success) return undefined;
  const { id, size, accepted, hashes, paused, disk, wrong, end } = result.output;
  const start = offered(id, size);
  return { ...start, accepted, hashes, wrong, end, paused: { me: paused, them: false, disk } };
}
