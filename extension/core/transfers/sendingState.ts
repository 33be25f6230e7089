// The files that this side offers to one peer: what is known of each, and what a sidecar saves of that.
import * as v from "valibot";
import {
  blockCount,
  CancelReason,
  FileId,
  FileSize,
  Sha256,
  Unavailable,
  type BulkFrame,
  type TransferMessage,
} from "../../../protocol/bulk.ts";

/** A file as it was when it was offered. If either differs, it is another file. */
export const Source = v.object({ size: FileSize, mtime: v.pipe(v.number(), v.finite()) });
export type Source = v.InferOutput<typeof Source>;

const Over = v.union([v.picklist(["sent", "declined"]), CancelReason, Unavailable]);
/** How it ended: the receiver has it, does not want it (any more) or cannot take it, or why this side cannot send it. */
export type Over = v.InferOutput<typeof Over>;

export type Offer = {
  readonly id: FileId;
  readonly source: Source;
  /** Of the first blocks: they are not read again for the root. */
  readonly hashes: readonly Sha256[];
  /** The block that is due; behind the last one, the end. Null while the receiver asks for nothing. */
  readonly next: number | null;
  /** A request for a bulk link that is not open here yet. */
  readonly early: { readonly n: number; readonly from: number } | null;
  readonly paused: { readonly me: boolean; readonly them: boolean };
  /** The end was sent: the receiver may say that it has the file. */
  readonly ended: boolean;
  readonly over: Over | null;
};

/** What is being done, with one block at a time. */
export type Work =
  | { readonly step: "reading"; readonly id: FileId; readonly index: number; readonly abandoned: boolean }
  | { readonly step: "rooting"; readonly id: FileId; readonly abandoned: boolean }
  | {
      readonly step: "sending";
      readonly id: FileId;
      readonly index: number;
      readonly size: number;
      readonly sent: number;
    };

export type Sending = {
  readonly offers: readonly Offer[];
  /** Those that take turns, the next one first, and those that wait for a place among them. */
  readonly running: readonly FileId[];
  readonly waiting: readonly FileId[];
  /** The number of the bulk link; null without one. */
  readonly link: number | null;
  /** Bytes that may be sent. */
  readonly credit: number;
  /** What was sent waits on this side: nothing is added. */
  readonly full: boolean;
  readonly work: Work | null;
};

export type SendingEffect =
  /** On the session's own link, and on the bulk link. */
  | { readonly type: "tell"; readonly frame: TransferMessage }
  | { readonly type: "bulk"; readonly frame: BulkFrame }
  /** Send these bytes of the block that was read last, as one binary frame. */
  | {
      readonly type: "chunk";
      readonly id: FileId;
      readonly index: number;
      readonly at: number;
      readonly bytes: number;
    }
  /** Read and hash this block; look at the file before and after. Reported as `read`. */
  | {
      readonly type: "read";
      readonly id: FileId;
      readonly index: number;
      readonly at: number;
      readonly bytes: number;
    }
  /** Compute the SHA-256 of these hashes. Reported as `rooted`. */
  | { readonly type: "hashRoot"; readonly id: FileId; readonly hashes: readonly Sha256[] }
  /** Write the snapshot to the sidecar, before the frames that follow, blocks excepted. */
  | { readonly type: "save"; readonly id: FileId }
  /** Too many offers are open. */
  | { readonly type: "tooMany"; readonly id: FileId }
  /** The receiver breaks the rules: close the bulk link. */
  | { readonly type: "refuse"; readonly why: "credit" };

export function newOffer(id: FileId, source: Source): Offer {
  return {
    ...{ id, source, hashes: [], next: null, early: null, ended: false, over: null },
    paused: { me: false, them: false },
  };
}

/** @param offers those that sidecars hold */
export function newSending(offers: readonly Offer[]): Sending {
  return { offers, running: [], waiting: [], link: null, credit: 0, full: false, work: null };
}

export const OfferSnapshot = v.pipe(
  v.object({
    version: v.literal(1),
    id: FileId,
    source: Source,
    hashes: v.array(Sha256),
    paused: v.boolean(),
    ended: v.boolean(),
    over: v.nullable(Over),
  }),
  v.check(({ hashes, source }) => hashes.length <= blockCount(source.size)),
  v.check(({ hashes, source, ended }) => !ended || hashes.length === blockCount(source.size)),
  v.check(({ ended, over }) => ended || over !== "sent"),
);
export type OfferSnapshot = v.InferOutput<typeof OfferSnapshot>;

export function saveOffer({ id, source, hashes, paused, ended, over }: Offer): OfferSnapshot {
  return { version: 1, id, source, hashes: [...hashes], paused: paused.me, ended, over };
}

/** The offer of a sidecar; undefined if that is damaged. */
export function restoreOffer(saved: unknown): Offer | undefined {
  const result = v.safeParse(OfferSnapshot, saved);
  if (!result.success) return undefined;
  const { id, source, hashes, paused, ended, over } = result.output;
  return { ...newOffer(id, source), hashes, paused: { me: paused, them: false }, ended, over };
}
