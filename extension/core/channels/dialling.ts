// Dials the peer of a channel: at once, again, over the relay, and from the relay to a direct link.
import * as l10n from "@vscode/l10n";
import type { Address, Card, SessionId, Token } from "../../../protocol/fields.ts";
import { closeCodes } from "../../../protocol/errors.ts";
import { limits } from "../../../protocol/limits.ts";
import { backoff } from "./backoff.ts";
import { dialableAddresses } from "./dialableAddresses.ts";
import { seenAt, takeAddresses, takeRelayDial } from "./dialBudget.ts";
import { network } from "../model/effects.ts";
import type { LinkId } from "../model/ports.ts";
import type { State } from "../model/state.ts";
import type { PeerChannel } from "../model/peerChannel.ts";
import type { Turn } from "../model/turn.ts";
import { findChannel, setChannel } from "./channelState.ts";

/** Milliseconds before the relay is tried as well as direct addresses. */
const DIRECT_HEAD_START_MS = 300;

/** Milliseconds that the side that did not dial the last link waits for the side that did. */
export const YIELD_MS = 1000;

/** Milliseconds between a relayed session's attempts to connect directly: the first, the second, … */
const DIRECT_MS = [5_000, 15_000, 60_000, 300_000] as const;

/** Our addresses for a peer. Empty when our address is hidden; the address that the server saw comes last. */
export function ownCard(state: State): Card {
  const { listener, place, settings } = state;
  if (settings.connection === "relay" || listener.status !== "ready") return { addresses: [] };
  const seen: Address[] =
    place.seen === "" || place.overLoopback || listener.port === null
      ? []
      : [{ host: place.seen, port: listener.port }];
  const own = listener.addresses.slice(0, limits.addresses - seen.length);
  return { addresses: merged([...own, ...seen]) };
}

/** Each address once, up to the number that a card may contain. */
export function merged(addresses: readonly Address[]): Address[] {
  const byPlace = new Map(addresses.map((address) => [`${address.host} ${address.port}`, address]));
  return [...byPlace.values()].slice(0, limits.addresses);
}

/** Dials all addresses of a channel, and the relay if there is a ticket for it. Replaces the previous dial. */
export function dial(turn: Turn, sid: SessionId, ticket: Token | null): void {
  const channel = findChannel(turn, sid);
  if (channel === undefined) return;
  const { settings } = turn.state;
  const addresses = settings.connection === "relay" ? [] : channel.addresses;
  const useRelay = ticket !== null && settings.connection !== "direct";
  if (addresses.length === 0 && !useRelay) {
    failed(turn, channel, l10n.t("no address of their window is known, and there is no relay"));
    return;
  }
  call(turn, channel, addresses, useRelay ? ticket : null);
}

function call(turn: Turn, channel: PeerChannel, addresses: readonly Address[], ticket: Token | null): void {
  if (channel.dial !== null) turn.emit(network("closeLink", channel.dial.id, closeCodes.stale));
  const { nextLink, place, me } = turn.state;
  const dialable = dialableAddresses(addresses, {
    overLoopback: place.overLoopback,
    nearby: channel.near,
    seenAt: [place.seen, place.server, seenAt(turn, channel.pin)],
  });
  const { allowed, fresh } = takeAddresses(turn, channel, dialable);
  const useRelay = ticket !== null && takeRelayDial(turn, channel);
  if (allowed.length === 0 && !useRelay) {
    const unreachable = l10n.t("none of their addresses can be reached from here");
    const text = dialable.length === 0 ? unreachable : l10n.t("too many addresses have already been tried");
    failed(turn, channel, text);
    return;
  }
  const id: LinkId = `d${nextLink}`;
  turn.set({ nextLink: nextLink + 1 });
  setChannel(turn, channel.sid, { dial: { id, hello: null, fresh } });
  turn.emit(
    network("dial", id, {
      pin: channel.pin,
      addresses: allowed,
      relay: !useRelay || me === null ? null : { server: me.server, ticket },
    }),
  );
}

/** Redials a peer without a link: at its last addresses, and through the server if that is connected. */
export function redial(turn: Turn, sid: SessionId): void {
  const channel = findChannel(turn, sid);
  // A dial that has connected is about to become the link.
  if (channel === undefined || channel.link !== null || channel.dial?.hello != null) return;
  askToBeReached(turn, channel);
  // A dial of outdated addresses may take long to fail; meanwhile the server tells the peer where we are.
  if (channel.dial !== null) return;
  const direct = turn.state.settings.connection === "relay" ? [] : channel.addresses;
  if (direct.length > 0) call(turn, channel, direct, null);
  else scheduleRedial(turn, sid);
}

/**
 * Brief links or failed dials before a channel slows down, so that no peer or server can make two windows dial in a
 * loop.
 */
const FREE_TRIES = 3;

export function isSlowed(tries: number): boolean {
  return tries > FREE_TRIES;
}

/** Schedules the next attempt. Each failed dial and, after some, each brief link makes the wait longer. */
export function scheduleRedial(turn: Turn, sid: SessionId): void {
  const channel = findChannel(turn, sid);
  if (channel === undefined) return;
  const former = isSlowed(channel.briefLinks)
    ? Math.max(channel.attempt, channel.briefLinks)
    : channel.attempt;
  setChannel(turn, sid, { attempt: former + 1 });
  turn.emit({ type: "schedule", key: `redial:${sid}`, ms: backoff(former, turn.random, "peer") });
}

/** Asks the server to tell the peer where we are, and to give both a relay ticket. */
function askToBeReached(turn: Turn, channel: PeerChannel): void {
  const { connection } = turn.state;
  if (connection.status !== "online") return;
  const id = turn.newMessageId();
  setChannel(turn, channel.sid, { reach: id });
  turn.emit(
    network("send", connection.id, {
      type: "reach",
      id,
      sid: channel.sid,
      to: channel.peer,
      pin: channel.pin,
      card: ownCard(turn.state),
    }),
  );
}

/** Keeps a ticket until everything else has failed. */
export function holdTicket(
  turn: Turn,
  sid: SessionId,
  token: Token | undefined,
  as: "client" | "server",
): void {
  const { connection } = turn.state.settings;
  if (token === undefined || connection === "direct") return;
  setChannel(turn, sid, { ticket: { token, as } });
  turn.emit({ type: "schedule", key: `relay:${sid}`, ms: connection === "relay" ? 0 : DIRECT_HEAD_START_MS });
}

/** Dials the relay after everything else has failed. */
export function dialRelay(turn: Turn, sid: SessionId): void {
  const channel = findChannel(turn, sid);
  const { me } = turn.state;
  if (channel?.ticket == null || me === null) return;
  const { token, as } = channel.ticket;
  setChannel(turn, sid, { ticket: null });
  if (as === "server") {
    if (takeRelayDial(turn, channel))
      turn.emit(network("meetAtRelay", { server: me.server, ticket: token }, channel.pin));
  }
  // A dial that has connected is about to become the link.
  else if (channel.link === null && channel.dial?.hello == null) call(turn, channel, [], token);
}

/** Schedules a relayed session's next attempt to connect directly. */
export function scheduleDirect(turn: Turn, sid: SessionId): void {
  const channel = findChannel(turn, sid);
  if (channel?.link?.path !== "relayed" || turn.state.settings.connection !== "auto") return;
  const ms = DIRECT_MS[Math.min(channel.attempt, DIRECT_MS.length - 1)] ?? DIRECT_MS[0];
  turn.emit({ type: "schedule", key: `direct:${sid}`, ms });
}

export function tryDirect(turn: Turn, sid: SessionId): void {
  const channel = findChannel(turn, sid);
  if (channel?.link?.path !== "relayed" || channel.dial !== null || turn.state.settings.connection !== "auto")
    return;
  if (channel.addresses.length > 0) call(turn, channel, channel.addresses, null);
  else notDirect(turn, channel);
}

function notDirect(turn: Turn, channel: PeerChannel): void {
  setChannel(turn, channel.sid, { attempt: channel.attempt + 1 });
  scheduleDirect(turn, channel.sid);
}

/** Handles a failed dial. */
export function failed(turn: Turn, channel: PeerChannel, text: string): void {
  setChannel(turn, channel.sid, { dial: null, failure: text });
  if (channel.link !== null) notDirect(turn, channel);
  else scheduleRedial(turn, channel.sid);
}
