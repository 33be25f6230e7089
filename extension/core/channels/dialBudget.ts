// Limits which addresses a window dials for its peers, and how often. A peer reports its own addresses and could list
// anyone's host. So new addresses have a budget per peer and per window, and so do dials of addresses that never led to
// their peer.
import * as l10n from "@vscode/l10n";
import type { Address, Pin } from "../../../protocol/fields.ts";
import { limits } from "../../../protocol/limits.ts";
import type { Way } from "../model/ports.ts";
import type { Turn } from "../model/turn.ts";
import type { PeerChannel } from "../model/peerChannel.ts";
import { sessionOf } from "./channelState.ts";
import type { DialBudget, PeerPlaces, Purse } from "../model/dialBudget.ts";
type Income = { readonly burst: number; readonly perSecond: number };

const unknown: PeerPlaces = { purse: null, places: new Map(), toldAt: null, seenAt: "", relay: null };

const ofPeer: Income = { burst: limits.placesPerPeer, perSecond: limits.placesPerPeerPerSecond };
const ofWindow: Income = { burst: limits.places, perSecond: limits.placesPerSecond };
const ofUnproven: Income = { burst: limits.unprovenDials, perSecond: limits.unprovenDialsPerSecond };
const ofRelay: Income = { burst: limits.relayDials, perSecond: limits.relayDialsPerSecond };
const ofPeersRelay: Income = {
  burst: limits.relayDialsPerPeer,
  perSecond: limits.relayDialsPerPeerPerSecond,
};

/** New addresses reserved for sessions that this side dials first, whatever others have used. */
const RESERVED = 64;

/** The same for relay dials. */
const RESERVED_RELAY = 32;

/** Milliseconds after which another notice about a peer's excess addresses is due. */
const QUIET_MS = 600_000;

/** `fresh`: those among the allowed addresses that are new and have been charged. */
type Taken = { readonly allowed: readonly Address[]; readonly fresh: readonly Address[] };

/** Records that this peer has connected from this address. */
export function sawPeer(turn: Turn, pin: Pin, address: string): void {
  keep(turn, {}, pin, { ...(turn.state.dialBudget.peers.get(pin) ?? unknown), seenAt: address });
}

/** The address this peer last connected from; empty if it never has. */
export function seenAt(turn: Turn, pin: Pin): string {
  return turn.state.dialBudget.peers.get(pin)?.seenAt ?? "";
}

/** The dialable addresses of a peer that may be dialed now. Addresses that led to it before are always allowed. */
export function takeAddresses(turn: Turn, channel: PeerChannel, addresses: readonly Address[]): Taken {
  const { dialBudget } = turn.state;
  let { fresh, unproven } = dialBudget;
  const peer = dialBudget.peers.get(channel.pin) ?? unknown;
  let { purse } = peer;
  const places = new Map(peer.places);
  let isTooMany = false;
  const allowed: Address[] = [];
  const paid: Address[] = [];
  for (const address of addresses) {
    const place = placeOf(address);
    const isProven = places.get(place) === true;
    const knock = isProven ? unproven : take(unproven, ofUnproven, turn.at);
    if (knock === undefined) continue;
    if (!places.has(place)) {
      const own = take(purse, ofPeer, turn.at);
      const shared = take(fresh, ofWindow, turn.at, channel.role === "A" ? 0 : RESERVED);
      isTooMany ||= own === undefined;
      if (own === undefined || shared === undefined) continue;
      [purse, fresh] = [own, shared];
      places.set(place, false);
      paid.push(address);
    }
    unproven = knock;
    allowed.push(address);
  }
  const isNews = isTooMany && (peer.toldAt === null || turn.at - peer.toldAt >= QUIET_MS);
  keep(turn, { fresh, unproven }, channel.pin, {
    ...{ ...peer, purse, places },
    toldAt: isNews ? turn.at : peer.toldAt,
  });
  if (isNews) tellTooMany(turn, channel);
  return { allowed, fresh: paid };
}

/** Refunds addresses whose turn never came because an earlier one led to the peer. */
export function giveBack(turn: Turn, pin: Pin, paid: readonly Address[], begun: readonly Way[]): void {
  const { dialBudget } = turn.state;
  const peer = dialBudget.peers.get(pin);
  const dialled = new Set(begun.map(({ address }) => (address === null ? "" : placeOf(address))));
  const unused = paid
    .map(placeOf)
    .filter((place) => !dialled.has(place) && peer?.places.get(place) === false);
  if (peer === undefined || unused.length === 0) return;
  const { fresh, unproven } = dialBudget;
  const places = new Map(peer.places);
  for (const place of unused) places.delete(place);
  const back = (purse: Purse): Purse => purse && { ...purse, left: purse.left + unused.length };
  const change = { fresh: back(fresh), unproven: back(unproven) };
  keep(turn, change, pin, { ...peer, places, purse: back(peer.purse) });
}

/** Records that this peer's key was seen at this address. */
export function provePlace(turn: Turn, pin: Pin, address: Address): void {
  const peer = turn.state.dialBudget.peers.get(pin);
  if (peer === undefined) return;
  keep(turn, {}, pin, { ...peer, places: new Map(peer.places).set(placeOf(address), true) });
}

/** Charges a relay dial, whichever side asked for it. Returns whether it is allowed now. */
export function takeRelayDial(turn: Turn, { pin, role }: Pick<PeerChannel, "pin" | "role">): boolean {
  const { dialBudget } = turn.state;
  const peer = dialBudget.peers.get(pin) ?? unknown;
  const own = take(peer.relay, ofPeersRelay, turn.at);
  const shared = take(dialBudget.relay, ofRelay, turn.at, role === "A" ? 0 : RESERVED_RELAY);
  if (own === undefined || shared === undefined) return false;
  keep(turn, { relay: shared }, pin, { ...peer, relay: own });
  return true;
}

/** Takes one token from a bucket; undefined if that would leave fewer than `reserved`. */
function take(purse: Purse, { burst, perSecond }: Income, at: number, reserved = 0): Purse | undefined {
  const elapsed = purse === null ? 0 : Math.max(0, at - purse.at);
  const left = purse === null ? burst : Math.min(burst, purse.left + (elapsed / 1000) * perSecond);
  return left >= reserved + 1 ? { left: left - 1, at } : undefined;
}

function keep(turn: Turn, change: Partial<DialBudget>, pin: Pin, { places, ...rest }: PeerPlaces): void {
  const { dialBudget } = turn.state;
  const peers = new Map(dialBudget.peers);
  peers.delete(pin);
  const newest = new Map([...places].slice(-limits.placesRemembered));
  peers.set(pin, { ...rest, places: newest });
  const [oldest] = peers.keys();
  if (peers.size > limits.knownPeers && oldest !== undefined) peers.delete(oldest);
  turn.set({ dialBudget: { ...dialBudget, ...change, peers } });
}

function tellTooMany(turn: Turn, channel: PeerChannel): void {
  const session = sessionOf(turn, channel.sid);
  const text = l10n.t(
    "{0}'s window keeps announcing new addresses. The extra ones are ignored.",
    channel.peer,
  );
  turn.notice(session?.number ?? turn.state.active, "info", text);
}

function placeOf({ host, port }: Address): string {
  return `${host} ${port}`;
}
