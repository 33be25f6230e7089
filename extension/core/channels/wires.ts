// The machine under private sessions: starts their channels, ends them, and sends on them. Dialling is in dialling.ts, what
// the network reports in links/linkEvents.ts, what is said in peerSession.ts.
import { closeCodes } from "../../../protocol/errors.ts";
import type { Address, Boot, Pin, SessionId, Token } from "../../../protocol/fields.ts";
import { limits } from "../../../protocol/limits.ts";
import type { PeerMessage } from "../../../protocol/peer.ts";
import * as dialling from "./dialling.ts";
import { network } from "../model/effects.ts";
import type { Farewell, Wire } from "../model/wire.ts";
import type { Turn } from "../model/turn.ts";
import { findWire, removeWire, setWire } from "./wireState.ts";

export type NewWire = {
  readonly sid: SessionId;
  readonly peer: string;
  readonly pin: Pin;
  readonly role: "A" | "B";
  readonly addresses: readonly Address[];
  readonly near: boolean;
  /** For the relay; null without one. */
  readonly ticket: Token | null;
};

/** Both have consented. A dials now; B, too, when nothing has come after a moment. */
export function startWire(turn: Turn, { sid, peer, pin, role, addresses, near, ticket }: NewWire): void {
  // One session has one wire, whoever says its id again.
  if (findWire(turn, sid) !== undefined) return;
  const wire: Wire = {
    sid,
    peer,
    pin,
    role,
    boot: turn.newId() as Boot,
    peerBoot: null,
    ...{ n: 0, sent: 0, received: 0 },
    ...{ link: null, dial: null, ticket: null, reach: null },
    addresses: dialling.merged(addresses),
    near,
    eager: role === "A",
    attempt: 0,
    briefLinks: 0,
    failure: null,
    ways: [],
    reachedAt: 0,
    doubt: null,
  };
  turn.set({ wires: [...turn.state.wires, wire] });
  if (role === "A") {
    dialling.dial(turn, sid, ticket);
  } else {
    dialling.holdTicket(turn, sid, ticket ?? undefined, "server");
    turn.emit({ type: "schedule", key: `redial:${sid}`, ms: dialling.YIELD_MS });
  }
}

/** The introduction of a session whose caller was here before it: where else the caller is. */
export function learnAddresses(
  turn: Turn,
  sid: SessionId,
  addresses: readonly Address[],
  near: boolean,
): void {
  const wire = findWire(turn, sid);
  if (wire === undefined) return;
  setWire(turn, sid, { addresses: dialling.merged([...addresses, ...wire.addresses]), near });
}

/** Ends it for both. A peer that cannot be told now hears it when it calls. */
export function dropWire(turn: Turn, sid: SessionId, reason: "left" | "quit"): void {
  const wire = findWire(turn, sid);
  if (wire === undefined) return;
  if (wire.link === null && wire.peerBoot !== null) sayFarewell(turn, { sid, pin: wire.pin, reason });
  for (const link of [wire.link?.id, wire.dial?.id]) {
    if (link === undefined) continue;
    turn.emit(network("sendLink", link, { type: "bye", reason }));
    turn.emit(network("closeLink", link, closeCodes.quit));
  }
  removeWire(turn, sid);
}

/** Somebody who cannot be told now that a session is over hears it when they call. */
export function sayFarewell(turn: Turn, farewell: Farewell): void {
  const others = turn.state.farewells.filter(({ sid }) => sid !== farewell.sid);
  turn.set({ farewells: [...others, farewell].slice(-limits.farewells) });
}

/** Frames other than messages; nothing happens without a link. */
export function sendToPeer(turn: Turn, sid: SessionId, frame: PeerMessage): void {
  const link = findWire(turn, sid)?.link;
  if (link != null) turn.emit(network("sendLink", link.id, frame));
}

/** The server is back, or our own place has changed: who is away may be within reach now. */
export function callAway(turn: Turn): void {
  for (const { sid, link, briefLinks } of turn.state.wires) {
    if (link === null && !dialling.isSlowed(briefLinks)) dialling.redial(turn, sid);
  }
}

/** Our listener's addresses have changed. */
export function addressesChanged(turn: Turn): void {
  const items = [...dialling.ownCard(turn.state).addresses];
  for (const { sid } of turn.state.wires) sendToPeer(turn, sid, { type: "addresses", items });
  callAway(turn);
}
