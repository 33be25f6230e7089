// The lower half of a private session: starts its channel, sends on it, and ends it.
import { closeCodes } from "../../../protocol/errors.ts";
import type { Address, Boot, Pin, SessionId, Token } from "../../../protocol/fields.ts";
import { limits } from "../../../protocol/limits.ts";
import type { PeerMessage } from "../../../protocol/peer.ts";
import * as dialling from "./dialling.ts";
import { network } from "../model/effects.ts";
import type { Farewell, PeerChannel } from "../model/peerChannel.ts";
import type { Turn } from "../model/turn.ts";
import { findChannel, removeChannel, setChannel } from "./channelState.ts";

export type NewChannel = {
  readonly sid: SessionId;
  readonly peer: string;
  readonly pin: Pin;
  readonly role: "A" | "B";
  readonly addresses: readonly Address[];
  readonly near: boolean;
  /** For the relay; null without one. */
  readonly ticket: Token | null;
};

/** Starts a channel after both have consented. A dials now; B also dials if nothing has arrived after a moment. */
export function startChannel(
  turn: Turn,
  { sid, peer, pin, role, addresses, near, ticket }: NewChannel,
): void {
  // One session has one channel, even if its id comes twice.
  if (findChannel(turn, sid) !== undefined) return;
  const channel: PeerChannel = {
    sid,
    peer,
    pin,
    role,
    boot: turn.newId() as Boot,
    peerBoot: null,
    ...{ n: 0, sent: 0, received: 0 },
    ...{ link: null, dial: null, ticket: null, reach: null, tickets: null },
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
  turn.set({ channels: [...turn.state.channels, channel] });
  if (role === "A") {
    dialling.dial(turn, sid, ticket);
  } else {
    dialling.holdTicket(turn, sid, ticket ?? undefined, "server");
    turn.emit({ type: "schedule", key: `redial:${sid}`, ms: dialling.YIELD_MS });
  }
}

/** Handles the introduction of a session whose caller has already connected: it adds the caller's other addresses. */
export function learnAddresses(
  turn: Turn,
  sid: SessionId,
  addresses: readonly Address[],
  near: boolean,
): void {
  const channel = findChannel(turn, sid);
  if (channel === undefined) return;
  setChannel(turn, sid, { addresses: dialling.merged([...addresses, ...channel.addresses]), near });
}

/** Ends the channel on both sides. An unreachable peer gets the end when it reconnects. */
export function dropChannel(turn: Turn, sid: SessionId, reason: "left" | "quit"): void {
  const channel = findChannel(turn, sid);
  if (channel === undefined) return;
  if (channel.link === null && channel.peerBoot !== null)
    sayFarewell(turn, { sid, pin: channel.pin, reason });
  for (const link of [channel.link?.id, channel.dial?.id]) {
    if (link === undefined) continue;
    turn.emit(network("sendLink", link, { type: "bye", reason }));
    turn.emit(network("closeLink", link, closeCodes.quit));
  }
  removeChannel(turn, sid);
}

/** Keeps a goodbye for a peer that cannot be told now that a session is over. It is sent when the peer calls. */
export function sayFarewell(turn: Turn, farewell: Farewell): void {
  const others = turn.state.farewells.filter(({ sid }) => sid !== farewell.sid);
  turn.set({ farewells: [...others, farewell].slice(-limits.farewells) });
}

/** Sends a frame other than a message. Without a link, does nothing. */
export function sendToPeer(turn: Turn, sid: SessionId, frame: PeerMessage): void {
  const link = findChannel(turn, sid)?.link;
  if (link != null) turn.emit(network("sendLink", link.id, frame));
}

/** Redials absent peers: the server is back or our own address has changed, so they may be reachable now. */
export function callAway(turn: Turn): void {
  for (const { sid, link, briefLinks } of turn.state.channels) {
    if (link === null && !dialling.isSlowed(briefLinks)) dialling.redial(turn, sid);
  }
}

/** Announces our listener's new addresses. */
export function addressesChanged(turn: Turn): void {
  const items = [...dialling.ownCard(turn.state).addresses];
  for (const { sid } of turn.state.channels) sendToPeer(turn, sid, { type: "addresses", items });
  callAway(turn);
}
