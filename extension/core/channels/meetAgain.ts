// Lets two sides that lost their link find each other again: the server passes on where each of them is.
import type { Address } from "../../../protocol/fields.ts";
import type { ServerMessage } from "../../../protocol/rendezvous.ts";
import * as dialling from "./dialling.ts";
import type { Turn } from "../model/turn.ts";
import { findChannel, setChannel } from "./channelState.ts";

type Message<T extends ServerMessage["type"]> = Extract<ServerMessage, { type: T }>;

/** Milliseconds between two such wishes that are followed: nobody makes this window knock about without end. */
const REACH_MS = 400;

/** The same after some dials in vain, and while links keep ending right after the hellos. */
const SLOWED_REACH_MS = 5_000;

/** The server tells that the other side of a session wants to meet again. */
export function reached(turn: Turn, { sid, pin, card, near = false, ticket }: Message<"reach">): void {
  const channel = findChannel(turn, sid);
  if (channel?.pin !== pin) return;
  const restMs = dialling.isSlowed(Math.max(channel.briefLinks, channel.attempt))
    ? SLOWED_REACH_MS
    : REACH_MS;
  if (turn.at - channel.reachedAt < restMs) return;
  const isKnown = ({ host, port }: Address): boolean =>
    channel.addresses.some((each) => each.host === host && each.port === port);
  // What is dialled now may be where they are no more.
  const isOutdated =
    turn.state.settings.connection !== "relay" &&
    channel.dial?.hello === null &&
    !card.addresses.every(isKnown);
  const addresses = dialling.merged([...card.addresses, ...channel.addresses]);
  setChannel(turn, sid, { addresses, near, reachedAt: turn.at });
  dialling.holdTicket(turn, sid, ticket, "server");
  if (channel.link === null && (channel.dial === null || isOutdated)) dialling.dial(turn, sid, null);
}

/** The server has passed our wish to meet again on. */
export function reaching(turn: Turn, { id, sid, ticket }: Message<"reaching">): void {
  const channel = findChannel(turn, sid);
  if (channel?.reach !== id || channel.link !== null) return;
  setChannel(turn, sid, { reach: null });
  dialling.holdTicket(turn, sid, ticket, "client");
}

/** Whether an error of the server was about such a wish: the other side is not there either. */
export function reachFailed(turn: Turn, id: string): boolean {
  const channel = turn.state.channels.find((each) => each.reach === id);
  if (channel !== undefined) setChannel(turn, channel.sid, { reach: null });
  return channel !== undefined;
}
