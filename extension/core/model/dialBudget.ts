// What is left of the addresses that a window may dial for its peers.
import type { Pin } from "../../../protocol/fields.ts";

/** What was left at a time, in milliseconds since 1970; null before anything was taken. */
export type Purse = { readonly left: number; readonly at: number } | null;

export type PeerPlaces = {
  readonly purse: Purse;
  /** Places that were dialled, the newest last, and whether this peer's key was there. */
  readonly places: ReadonlyMap<string, boolean>;
  /** When the user was last told that there are too many; milliseconds since 1970. */
  readonly toldAt: number | null;
  /** Where this peer last came from; empty before. */
  readonly seenAt: string;
};

export type DialBudget = {
  readonly peers: ReadonlyMap<Pin, PeerPlaces>;
  /** For new addresses, for dials of addresses that never led to their peer, and for dials of the relay. */
  readonly fresh: Purse;
  readonly unproven: Purse;
  readonly relay: Purse;
};

export const fullDialBudget: DialBudget = { peers: new Map(), fresh: null, unproven: null, relay: null };
