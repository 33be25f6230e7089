// What transfers send to the peer.
import type { BulkFrame, TransferMessage } from "../../../protocol/bulk.ts";

export type Wire = {
  /** On the session's own link. Without one it is lost: transfers say again what still counts. */
  readonly tell: (frame: TransferMessage) => void;
  /** On the bulk link. */
  readonly sendBulk: (frame: BulkFrame) => void;
  /** The bytes may change afterwards. */
  readonly sendChunk: (bytes: Uint8Array) => void;
  /** Stops reading the bulk link, or reads on. A new one is read. */
  readonly hold: (isHeld: boolean) => void;
  /** The peer breaks the rules: close the bulk link. */
  readonly refuse: (why: string) => void;
};
