// What the network reports about links to peers: frames, failures and ends, and what each means for its session.
import * as l10n from "@vscode/l10n";
import { closeCodes } from "../../../protocol/errors.ts";
import type { SessionId } from "../../../protocol/fields.ts";
import type { PeerMessage } from "../../../protocol/peer.ts";
import { assertNever } from "../../../protocol/result.ts";
import * as presence from "../people/presence.ts";
import * as dialling from "../channels/dialling.ts";
import { network, transfers } from "../model/effects.ts";
import * as forking from "../forks/forking.ts";
import { answered, callerHello } from "./hellos.ts";
import * as introducing from "../forks/introducing.ts";
import * as peerSession from "../sessions/peerSession.ts";
import type { PeerChannel } from "../model/peerChannel.ts";
import type { Turn } from "../model/turn.ts";
import { verifiedReceived } from "../people/verification.ts";
import * as whereabouts from "../people/whereabouts.ts";
import {
  findChannel,
  keepDialResults,
  removeChannel,
  sessionOf,
  setChannel,
  channelOfLink,
} from "../channels/channelState.ts";
import type { NetworkEvent } from "../model/ports.ts";

type Event<T extends NetworkEvent["type"]> = Extract<NetworkEvent, { type: T }>;

/** Failed dials after which a session that never had a link is dropped. */
const FIRST_TRIES = 4;

export function linkFrame(turn: Turn, { link, frame }: Event<"link/frame">): void {
  const caller = turn.state.callers.find((each) => each.link === link);
  if (caller !== undefined) {
    turn.set({ callers: turn.state.callers.filter((each) => each !== caller) });
    if (frame.type === "hello") callerHello(turn, caller, frame);
    else turn.emit(network("closeLink", link, closeCodes.protocol));
    return;
  }
  const channel = channelOfLink(turn, link);
  if (channel === undefined) return;
  if (channel.link?.id === link) {
    frameOfLink(turn, channel, frame);
  } else if (channel.dial?.hello != null) {
    if (frame.type === "hello") answered(turn, channel, channel.dial.hello, frame);
    else if (frame.type === "bye") ended(turn, channel, frame.reason);
  }
}

function frameOfLink(turn: Turn, channel: PeerChannel, frame: PeerMessage): void {
  switch (frame.type) {
    case "message":
      if (!peerSession.received(turn, channel, frame)) breakLink(turn, channel);
      return;
    case "ack":
      if (!peerSession.acknowledged(turn, channel, frame.received)) breakLink(turn, channel);
      return;
    case "addresses":
      setChannel(turn, channel.sid, { addresses: frame.items });
      return;
    case "verified":
      return verifiedReceived(turn, channel.sid, frame.value);
    case "introduce":
    case "consent":
    case "introduced":
      return introducing.peerFrame(turn, channel, frame);
    case "where":
      return whereabouts.requested(turn, channel);
    case "bulk":
    case "fetch":
    case "pause":
    case "cancel":
    case "received":
    case "unavailable":
      return turn.emit(transfers("frame", channel.sid, frame));
    case "bye":
      return ended(turn, channel, frame.reason);
    case "read":
      return presence.readReceived(turn, channel, frame.upTo);
    case "typing":
      return presence.typingReceived(turn, channel.sid, frame.value);
    case "presence":
      return presence.presenceReceived(turn, channel.peer, frame.state);
    case "hello":
    case "error":
      return;
    default:
      assertNever(frame);
  }
}

/** A frame contradicts earlier ones: the session continues over a new link, from the known state. */
function breakLink(turn: Turn, channel: PeerChannel): void {
  if (channel.link === null) return;
  turn.emit(network("closeLink", channel.link.id, closeCodes.protocol));
  lost(turn, channel, l10n.t("the other window sent invalid data"));
}

function ended(turn: Turn, channel: PeerChannel, reason: "left" | "quit" | "closed"): void {
  for (const link of [channel.link?.id, channel.dial?.id]) {
    if (link !== undefined) turn.emit(network("closeLink", link, closeCodes.quit));
  }
  if (reason === "closed") {
    setChannel(turn, channel.sid, { dial: null, eager: false });
    lost(turn, { ...channel, eager: false }, l10n.t("the window was closed"));
    return;
  }
  removeChannel(turn, channel.sid);
  const session = sessionOf(turn, channel.sid);
  if (session === undefined) forking.firstLinkFailed(turn, channel.sid, l10n.t("the other window ended it"));
  else peerSession.peerEnded(turn, session, reason);
}

export function linkFailed(turn: Turn, { link, text, ways }: Event<"link/failed">): void {
  const channel = channelOfLink(turn, link);
  if (channel?.dial?.id !== link) return;
  keepDialResults(turn, channel, ways);
  dialFailed(turn, channel, text);
}

export function linkClosed(turn: Turn, { link, end }: Event<"link/closed">): void {
  turn.set({ callers: turn.state.callers.filter((each) => each.link !== link) });
  const channel = channelOfLink(turn, link);
  if (channel === undefined) return;
  // Also on a link: a peer that finds impossible numbers ends the session and no longer expects our key.
  if (end.code === closeCodes.unknownSession && channel.peerBoot !== null) {
    removeChannel(turn, channel.sid);
    const session = sessionOf(turn, channel.sid);
    if (session !== undefined) peerSession.peerDoesNotKnow(turn, session);
  } else if (channel.link?.id === link) {
    lost(turn, channel, end.text);
  } else {
    dialFailed(turn, channel, end.text);
  }
}

/** Failed dials after which someone is shown as away, so that short gaps such as a window reload go unmentioned. */
const AWAY_TRIES = 5;

function dialFailed(turn: Turn, channel: PeerChannel, text: string): void {
  dialling.failed(turn, channel, text);
  giveUpFirst(turn, channel.sid, text);
  const current = findChannel(turn, channel.sid);
  if (current !== undefined && current.attempt >= AWAY_TRIES) peerSession.stillAway(turn, current);
}

/** A session that never had a link is dropped sooner than one that had. */
function giveUpFirst(turn: Turn, sid: SessionId, text: string): void {
  const channel = findChannel(turn, sid);
  if (channel === undefined || channel.peerBoot !== null || channel.attempt < FIRST_TRIES) return;
  removeChannel(turn, sid);
  forking.firstLinkFailed(turn, sid, text);
}

/** A link shorter than this many milliseconds is brief: it ended right after hello, even on a slow network. */
const BRIEF_MS = 2_000;

/** The link is lost; the session is not. */
function lost(turn: Turn, channel: PeerChannel, text: string): void {
  const isBrief = channel.link === null || turn.at - channel.link.since < BRIEF_MS;
  const briefLinks = isBrief ? channel.briefLinks + 1 : 0;
  setChannel(turn, channel.sid, { link: null, failure: text, briefLinks });
  turn.emit({ type: "cancel", key: `direct:${channel.sid}` });
  // A dial for a better path may take long to fail, and does not include the relay.
  if (channel.dial?.hello === null) {
    turn.emit(network("closeLink", channel.dial.id, closeCodes.stale));
    setChannel(turn, channel.sid, { dial: null });
  }
  const session = sessionOf(turn, channel.sid);
  if (session !== undefined) peerSession.linkLost(turn, session);
  presence.linkLost(turn, channel.sid);
  // No matter who dialed: a pair whose links end right after hello slows down on both sides.
  if (dialling.isSlowed(briefLinks)) dialling.scheduleRedial(turn, channel.sid);
  else if (channel.eager) dialling.redial(turn, channel.sid);
  else turn.emit({ type: "schedule", key: `redial:${channel.sid}`, ms: dialling.YIELD_MS });
}
