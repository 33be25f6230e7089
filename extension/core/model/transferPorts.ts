// What the core and the host ask of the transfers of files, and what the transfers ask of the network. Sizes are bytes.
import type { BulkFrame, FileId, FilePart, TransferMessage } from "../../../protocol/bulk.ts";
import type { Boot, Pin, SessionId } from "../../../protocol/fields.ts";
import type { BulkLinkEvent } from "../transfers/bulkEvents.ts";
import type { LinkId, LinkPath, RelayMeeting } from "./ports.ts";

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

/** What the core reports to the transfers of files, as effects. */
export interface TransferReports {
  /** The session has a link to a peer that takes files. It replaces an earlier one. */
  linked(session: SessionId, link: TransferLink): void;
  /** That link is gone. */
  unlinked(session: SessionId): void;
  /** The session is over: what has not arrived never will. */
  ended(session: SessionId): void;
  /** Answers the network's `bulk/needsTicket`: a ticket for the session's bulk link; null if the relay is no way now. */
  relayed(session: SessionId, meeting: RelayMeeting | null): void;
  /** A frame on the session's link. */
  frame(session: SessionId, frame: TransferMessage): void;
  /** A message that offers a file arrived. */
  offered(session: SessionId, part: FilePart): void;
  /** The user retracts the message that offers this file. */
  withdrawn(session: SessionId, id: FileId): void;
}

/** What comes over the bulk links, to be passed to the transfers of the session in this order (`toIncoming`, `toSending`). */
export type BulkEvent = BulkLinkEvent & { readonly session: SessionId };

/**
 * The bulk links of a window, one for each session at most. Calls that end one report that before they return. A bulk link ends with its session's link. It is dialed when either
 * side wants it, by the side that dialed the session's link, and dialed again after a while if it fails.
 */
export interface BulkLinks {
  /** As the core reports them. */
  linked(session: SessionId, link: TransferLink): void;
  unlinked(session: SessionId): void;
  ended(session: SessionId): void;
  relayed(session: SessionId, meeting: RelayMeeting | null): void;
  /** The peer asks for a bulk link: its frame `bulk`. */
  asked(session: SessionId): void;
  /** Whether this side needs a bulk link: `wantsLink` of its incoming files. To be told after each change. */
  want(session: SessionId, wanted: boolean): void;
  /** A block came and was verified, or a whole one went: when the bulk link is lost, the next one is dialed soon. */
  used(session: SessionId): void;
  /** Sends on the session's own link; without one, does nothing. */
  tell(session: SessionId, frame: TransferMessage): void;
  /** Sends on the bulk link; without one, does nothing. */
  send(session: SessionId, frame: BulkFrame): void;
  /** The same. The bytes may change afterwards. */
  sendChunk(session: SessionId, bytes: Uint8Array): void;
  /** Stops reading the bulk link, or reads on. A new one is read. */
  hold(session: SessionId, isHeld: boolean): void;
  /** The peer broke the rules: ends the bulk link. */
  refuse(session: SessionId, why: string): void;
}
