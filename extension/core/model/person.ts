// Someone who was met at a server before.
import type { Pin } from "../../../protocol/fields.ts";

/** Somebody who was met at a server before, known by name and key. */
export type KnownPeer = {
  readonly name: string;
  /** Null when blocked by name before a key was seen. */
  readonly pin: Pin | null;
  /** I have compared the number and found it right. */
  readonly verified: boolean;
  readonly blocked: boolean;
  /** The key was blocked before it had shown itself on a link: it is forgotten with the block. */
  readonly unproven?: true;
  /** When last met; milliseconds since 1970. */
  readonly at: number;
};
