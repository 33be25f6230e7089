// Helps two sides that lost their link find each other: the server passes on each side's addresses.
import type { Address } from "../../../protocol/fields.ts";
import type { ServerMessage } from "../../../protocol/rendezvous.ts";
import * as dialling from "./dialling.ts";
import type { Turn } from "../model/turn.ts";
import { findChannel, setChannel } from "./channelState.ts";

type Message<T extends ServerMessage["type"]> = Extract<ServerMessage, { type: T }>;

/** Milliseconds between two such requests that are followed, so that no one can make this window dial endlessly. */
const REACH_MS = 400;

/** The same after some failed dials, and while links keep ending right after hello. */
const SLOWED_REACH_MS = 5_000;

/** The server reports that the other side of a session wants to reconnect. */
export function reached(turn: Turn, { sid, pin, card, near = false, ticket }: Message<"reach">): void {
  const channel = findChannel(turn, sid);
  if (channel?.pin !== pin) return;
  const restMs = dialling.isSlowed(Math.max(channel.briefLinks, channel.attempt))
    ? SLOWED_REACH_MS
    : REACH_MS;
  if (turn.at - channel.reachedAt < restMs) return;
  const isKnown = ({ host, port }: Address): boolean =>
    channel.addresses.some((each) => each.host === host && each.port === port);
  // The current dial may use outdated addresses.
  const isOutdated =
    turn.state.settings.connection !== "relay" &&
    channel.dial?.hello === null &&
    !card.addresses.every(isKnown);
  const addresses = dialling.merged([...card.addresses, ...channel.addresses]);
  setChannel(turn, sid, { addresses, near, reachedAt: turn.at });
  dialling.holdTicket(turn, sid, ticket, "server");
  if (channel.link === null && (channel.dial === null || isOutdated)) dialling.dial(turn, sid, null);
}

/** The server has passed on our request to reconnect. */
export function reaching(turn: Turn, { id, sid, ticket }: Message<"reaching">): void {
  const channel = findChannel(turn, sid);
  if (channel?.reach !== id || channel.link !== null) return;
  setChannel(turn, sid, { reach: null });
  dialling.holdTicket(turn, sid, ticket, "client");
}

/** Whether a server error was about such a request: the other side is not connected either. */
export function reachFailed(turn: Turn, id: string): boolean {
  const channel = turn.state.channels.find((each) => each.reach === id);
  if (channel !== undefined) setChannel(turn, channel.sid, { reach: null });
  return channel !== undefined;
}
