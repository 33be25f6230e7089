// Someone who was met at a server before.
import type { Pin } from "../../../protocol/fields.ts";

/** A person met at a server before, identified by name and key. */
export type KnownPeer = {
  readonly name: string;
  /** Null when blocked by name before a key was seen. */
  readonly pin: Pin | null;
  /** The user has compared safety numbers and they matched. */
  readonly verified: boolean;
  readonly blocked: boolean;
  /** The key was blocked before it was proven on a link: it is forgotten when unblocked. */
  readonly unproven?: true;
  /** When last met; milliseconds since 1970. */
  readonly at: number;
};
