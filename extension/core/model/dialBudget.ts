// The remaining budget of addresses that a window may dial for its peers.
import type { Pin } from "../../../protocol/fields.ts";

/** What was left at a time, in milliseconds since 1970; null before first use. */
export type Purse = { readonly left: number; readonly at: number } | null;

export type PeerPlaces = {
  readonly purse: Purse;
  /** Dialed addresses, newest last, and whether this peer's key was seen there. */
  readonly places: ReadonlyMap<string, boolean>;
  /** When the user was last notified about too many; milliseconds since 1970. */
  readonly toldAt: number | null;
  /** The address this peer last connected from; empty before. */
  readonly seenAt: string;
  /** For relay dials that this peer causes. */
  readonly relay: Purse;
};

export type DialBudget = {
  readonly peers: ReadonlyMap<Pin, PeerPlaces>;
  /** For new addresses, for dials of addresses that never led to their peer, and for relay dials. */
  readonly fresh: Purse;
  readonly unproven: Purse;
  readonly relay: Purse;
};

export const fullDialBudget: DialBudget = { peers: new Map(), fresh: null, unproven: null, relay: null };
