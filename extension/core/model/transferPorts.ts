// What the core and the host ask of the transfers of files, and what the transfers ask of the disk. All positions and sizes are
// bytes.
import type { FileId, TransferMessage } from "../../../protocol/bulk.ts";
import type { Boot, Pin, SessionId } from "../../../protocol/fields.ts";
import type { Receiving, ReceivingSnapshot } from "../transfers/receivingState.ts";
import type { Offer, OfferSnapshot, Source } from "../transfers/sendingState.ts";
import type { LinkId, LinkPath } from "./ports.ts";

/** A session's link, as far as a bulk link beside it needs it. */
export type TransferLink = {
  readonly link: LinkId;
  readonly pin: Pin;
  /** Whose dial it was: that side dials the bulk link as well. */
  readonly dialler: "me" | "peer";
  readonly path: LinkPath;
  /** Our memory of the session, and the peer's, as both hellos said. */
  readonly boot: Boot;
  readonly peerBoot: Boot;
};

/** What the core reports, as effects. */
export interface TransferReports {
  /** The session has a link to a peer that takes files. It replaces an earlier one. */
  linked(session: SessionId, link: TransferLink): void;
  /** That link is gone. */
  unlinked(session: SessionId): void;
  /** The session is over: what has not arrived never will. */
  ended(session: SessionId): void;
  /** A frame on the session's link. */
  frame(session: SessionId, frame: TransferMessage): void;
  /** A message that offers a file arrived. */
  offered(session: SessionId, id: FileId, size: number): void;
}

/**
 * All transfers of a window. Each change of one is reported as the event `transfer/changed`, those of a running one at most
 * four times a second; `done` and `sent` only after the last byte is verified and where the receiver wants it.
 */
export interface Transfers extends TransferReports {
  /**
   * Offers a file, before the message with its part is sent. The storage has to know by then where it is.
   * @returns false if this peer has as many open offers as it may have
   */
  offer(session: SessionId, id: FileId, source: Source): boolean;
  /** The user wants an offered file; the storage has to know where to by then. Also resumes, also after a full disk. */
  accept(session: SessionId, id: FileId, size: number): void;
  /** Of either direction. `resume` is for files that this side sends. */
  pause(session: SessionId, id: FileId): void;
  resume(session: SessionId, id: FileId): void;
  /** Declines an offer, takes one back, or ends a transfer for good. */
  cancel(session: SessionId, id: FileId): void;
  /** Stops everything, for a window that closes. Sidecars stay as they are. */
  dispose(): void;
}

/** What the sidecars held when the window started. A transfer whose sidecar is damaged is missing. */
export type SavedTransfers = readonly (
  | { readonly session: SessionId; readonly receiving: Receiving }
  | { readonly session: SessionId; readonly offer: Offer }
)[];

/** A block as it was read, and the file around that; null if it was not there. Fewer bytes than asked for: it has changed. */
export type ReadBlock = {
  readonly bytes: Uint8Array;
  readonly before: Source | null;
  readonly after: Source | null;
};

/**
 * The disk. Calls for the same file take effect in the order in which they are made, each whole or not at all with regard to
 * `kill -9`; their promises may settle in any order. Files are named by session and id together.
 */
export interface TransferStorage {
  /** Writes the sidecar of a file that comes, or of one that is offered. Resolves when a crash of the process cannot undo it. */
  saveReceiving(session: SessionId, snapshot: ReceivingSnapshot): Promise<void>;
  saveOffer(session: SessionId, snapshot: OfferSnapshot): Promise<void>;
  /**
   * Writes bytes of a file that comes, at this position of the file. At most 8 MiB per session wait at once. Rejects if the disk takes no more, with
   * an error whose message is the reason, as a sentence part for people: the transfer pauses with it.
   */
  write(session: SessionId, id: FileId, at: number, bytes: Uint8Array): Promise<void>;
  /**
   * The whole file is verified: puts it where the user wants it. Resolves when it is there; called again after a restart for
   * a sidecar that says `done`.
   */
  finish(session: SessionId, id: FileId): Promise<void>;
  /** Deletes what was received. The sidecar stays until the storage forgets it. */
  discard(session: SessionId, id: FileId): Promise<void>;
  /** Reads bytes of a file that this side offers, at most 1 MiB, one read at a time for each session. Never rejects. */
  read(session: SessionId, id: FileId, at: number, bytes: number): Promise<ReadBlock>;
}
