// Files between two peers: what is offered, the frames on the session's own link, and those on the bulk link, a second TLS
// connection with the same keys that carries nothing but blocks. Chat never waits behind a file.
import * as v from "valibot";
import { Boot, SequenceNumber, SessionId, Token } from "./fields.ts";

/** The path of the bulk link on a peer's listener. */
export const BULK_PATH = "/bulk";

/** Bytes of a file at most. */
export const FILE_BYTES = 2 * 1024 * 1024 * 1024;

/** Bytes of each block except a file's last, which may have less: what a cut costs, and what one hash covers. */
export const BLOCK_BYTES = 1024 * 1024;

/** Bytes of one binary frame at most. */
export const CHUNK_BYTES = 64 * 1024;

/** Bytes that a receiver of blocks lets come before it has written them, at least and at most. */
export const LEAST_CREDIT = 256 * 1024;
export const MOST_CREDIT = 8 * 1024 * 1024;

/** Offers of one peer that are open at once, and transfers that run at once. */
export const OPEN_OFFERS = 64;
export const RUNNING_TRANSFERS = 4;

/** Blocks with a wrong hash after which a transfer fails. Until then each is requested again. */
export const WRONG_BLOCKS = 3;

/** Blocks of a file. An empty file has none. */
export function blockCount(size: number): number {
  return Math.ceil(size / BLOCK_BYTES);
}

/** Bytes of one block of a file. */
export function blockSize(size: number, index: number): number {
  return Math.min(BLOCK_BYTES, size - index * BLOCK_BYTES);
}

/** Identifies an offer: 16 random bytes. The last character has four spare bits, which must be zero. */
export const FileId = v.pipe(Token, v.regex(/^[\w-]{21}[AQgw]$/), v.brand("FileId"));
export type FileId = v.InferOutput<typeof FileId>;

/** A SHA-256, base64url without padding. The last character has two spare bits, which must be zero. */
export const Sha256 = v.pipe(v.string(), v.regex(/^[\w-]{42}[AEIMQUYcgkosw048]$/), v.brand("Sha256"));
export type Sha256 = v.InferOutput<typeof Sha256>;

const count = (least: number, most: number) =>
  v.pipe(v.number(), v.safeInteger(), v.minValue(least), v.maxValue(most));

export const FileSize = count(0, FILE_BYTES);

/** A block's number, from 0. As the start of a request, it may be the number behind the last block. */
export const BlockIndex = count(0, blockCount(FILE_BYTES));

/** The part of a message that offers a file. */
export const FilePart = v.object({
  kind: v.literal("file"),
  id: FileId,
  /** As the sender has it. The receiver decides what to call the file on its own disk. */
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(255), v.regex(/^[^/\\\p{Cc}\p{Zl}\p{Zp}\p{Cs}]+$/u)),
  size: FileSize,
  /** The media type, as the sender sees it. */
  type: v.exactOptional(v.pipe(v.string(), v.maxLength(128), v.regex(/^[\w.+-]+\/[\w.+-]+$/))),
});
export type FilePart = v.InferOutput<typeof FilePart>;

/** Why a sender cannot go on: the file is not what was offered, it is not there, or the sender took the offer back. */
export const Unavailable = v.picklist(["changed", "gone", "canceled"]);
export type Unavailable = v.InferOutput<typeof Unavailable>;

/** Why a receiver ends a transfer that no one has declined: too many offers of this peer are open, or what came was damaged. */
export const CancelReason = v.picklist(["many", "damaged"]);
export type CancelReason = v.InferOutput<typeof CancelReason>;

/** The capability of a peer that takes files (see `can` in its `hello`). Nothing below is sent to another one. */
export const FILES = "files";

/** Frames on the session's own link. */
export const TransferMessage = v.variant("type", [
  /** To the side that dialed the session's link: open a bulk link. Only the dialer knows an address that works. */
  v.object({ type: v.literal("bulk") }),
  /**
   * From the receiver: send all blocks from this one on, over the bulk link with this number. Also resumes. The latest one
   * counts. It may come before the bulk link is open at the sender, or when that is gone: then it means nothing.
   */
  v.object({ type: v.literal("fetch"), id: FileId, from: BlockIndex, n: SequenceNumber }),
  /** From either side. The sender completes the block it has begun. Goes on with `fetch`, or with the sender's next block. */
  v.object({ type: v.literal("pause"), id: FileId }),
  /** From the receiver: it does not want the file, or wants no more of it. */
  v.object({ type: v.literal("cancel"), id: FileId, why: v.exactOptional(CancelReason) }),
  /** From the receiver: the whole file is verified. Repeated on each new link. */
  v.object({ type: v.literal("received"), id: FileId }),
  v.object({ type: v.literal("unavailable"), id: FileId, why: Unavailable }),
]);
export type TransferMessage = v.InferOutput<typeof TransferMessage>;

/** Text frames on the bulk link. */
export const BulkMessage = v.variant("type", [
  /**
   * The first frame of each side: from the dialer, then the answer with the same number. Names the session and the sender's
   * memory of it. `n` numbers the bulk links of a session: the dialer chooses one above every number it knows.
   */
  v.object({ type: v.literal("open"), v: v.number(), sid: SessionId, boot: Boot, n: SequenceNumber }),
  /** From the receiver of blocks: so many more bytes may come. Counts the bytes of binary frames only. */
  v.object({ type: v.literal("credit"), bytes: count(CHUNK_BYTES, MOST_CREDIT) }),
  /**
   * Binary frames of `CHUNK_BYTES` follow, the last one shorter if need be, that make exactly `size` bytes. Nothing else of
   * this sender's blocks comes between them.
   */
  v.object({
    type: v.literal("block"),
    id: FileId,
    index: BlockIndex,
    size: count(1, BLOCK_BYTES),
    sha256: Sha256,
  }),
  /** After the last block. `root` is the SHA-256 of the hashes of all blocks, 32 bytes each, in their order. */
  v.object({ type: v.literal("end"), id: FileId, root: Sha256 }),
]);
export type BulkMessage = v.InferOutput<typeof BulkMessage>;
/** Those that follow `open`. */
export type BulkFrame = Exclude<BulkMessage, { type: "open" }>;
