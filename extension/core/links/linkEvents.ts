// What the network reports about links to peers: frames, failures and ends, and what each means for its session.
import * as l10n from "@vscode/l10n";
import { closeCodes } from "../../../protocol/errors.ts";
import type { SessionId } from "../../../protocol/fields.ts";
import type { PeerMessage } from "../../../protocol/peer.ts";
import { assertNever } from "../../../protocol/result.ts";
import * as attendance from "../people/attendance.ts";
import * as dialling from "../channels/dialling.ts";
import { network } from "../model/effects.ts";
import * as forking from "../forks/forking.ts";
import { answered, callerHello } from "./hellos.ts";
import * as introducing from "../forks/introducing.ts";
import * as peerSession from "../sessions/peerSession.ts";
import type { Wire } from "../model/wire.ts";
import type { Turn } from "../model/turn.ts";
import { heardVerified } from "../people/verification.ts";
import { findWire, keepWays, removeWire, sessionOf, setWire, wireOfLink } from "../channels/wireState.ts";
import type { NetworkEvent } from "../model/ports.ts";

type Event<T extends NetworkEvent["type"]> = Extract<NetworkEvent, { type: T }>;

/** Dials in vain after which a session that never had a link is given up. */
const FIRST_TRIES = 4;

export function linkFrame(turn: Turn, { link, frame }: Event<"link/frame">): void {
  const caller = turn.state.callers.find((each) => each.link === link);
  if (caller !== undefined) {
    turn.set({ callers: turn.state.callers.filter((each) => each !== caller) });
    if (frame.type === "hello") callerHello(turn, caller, frame);
    else turn.emit(network("closeLink", link, closeCodes.protocol));
    return;
  }
  const wire = wireOfLink(turn, link);
  if (wire === undefined) return;
  if (wire.link?.id === link) {
    frameOfLink(turn, wire, frame);
  } else if (wire.dial?.hello != null) {
    if (frame.type === "hello") answered(turn, wire, wire.dial.hello, frame);
    else if (frame.type === "bye") ended(turn, wire, frame.reason);
  }
}

function frameOfLink(turn: Turn, wire: Wire, frame: PeerMessage): void {
  switch (frame.type) {
    case "message":
      if (!peerSession.received(turn, wire, frame)) breakLink(turn, wire);
      return;
    case "ack":
      if (!peerSession.acknowledged(turn, wire, frame.received)) breakLink(turn, wire);
      return;
    case "addresses":
      setWire(turn, wire.sid, { addresses: frame.items });
      return;
    case "verified":
      return heardVerified(turn, wire.sid, frame.value);
    case "introduce":
    case "consent":
    case "introduced":
      return introducing.peerFrame(turn, wire, frame);
    case "bye":
      return ended(turn, wire, frame.reason);
    case "read":
      return attendance.heardRead(turn, wire, frame.upTo);
    case "typing":
      return attendance.heardTyping(turn, wire.sid, frame.value);
    case "presence":
      return attendance.heardPresence(turn, wire.peer, frame.state);
    case "hello":
    case "error":
      return;
    default:
      assertNever(frame);
  }
}

/** What came makes no sense after what came before: the session goes on over a new link, from what is known. */
function breakLink(turn: Turn, wire: Wire): void {
  if (wire.link === null) return;
  turn.emit(network("closeLink", wire.link.id, closeCodes.protocol));
  lost(turn, wire, l10n.t("the other side sent something that does not fit"));
}

function ended(turn: Turn, wire: Wire, reason: "left" | "quit" | "closed"): void {
  for (const link of [wire.link?.id, wire.dial?.id]) {
    if (link !== undefined) turn.emit(network("closeLink", link, closeCodes.quit));
  }
  if (reason === "closed") {
    setWire(turn, wire.sid, { dial: null, eager: false });
    lost(turn, { ...wire, eager: false }, l10n.t("the window was closed"));
    return;
  }
  removeWire(turn, wire.sid);
  const session = sessionOf(turn, wire.sid);
  if (session === undefined) forking.wireFailed(turn, wire.sid, l10n.t("the other side has ended it"));
  else peerSession.peerEnded(turn, session, reason);
}

export function linkFailed(turn: Turn, { link, text, ways }: Event<"link/failed">): void {
  const wire = wireOfLink(turn, link);
  if (wire?.dial?.id !== link) return;
  keepWays(turn, wire, ways);
  dialFailed(turn, wire, text);
}

export function linkClosed(turn: Turn, { link, end }: Event<"link/closed">): void {
  turn.set({ callers: turn.state.callers.filter((each) => each.link !== link) });
  const wire = wireOfLink(turn, link);
  if (wire === undefined) return;
  if (wire.link?.id === link) {
    lost(turn, wire, end.text);
  } else if (end.code === closeCodes.unknownSession && wire.peerBoot !== null) {
    removeWire(turn, wire.sid);
    const session = sessionOf(turn, wire.sid);
    if (session !== undefined) peerSession.peerDoesNotKnow(turn, session);
  } else {
    dialFailed(turn, wire, end.text);
  }
}

/** Dials in vain after which it is said that somebody is away: not of a short gap, such as a window's that is reloaded. */
const AWAY_TRIES = 5;

function dialFailed(turn: Turn, wire: Wire, text: string): void {
  dialling.failed(turn, wire, text);
  giveUpFirst(turn, wire.sid, text);
  const current = findWire(turn, wire.sid);
  if (current !== undefined && current.attempt >= AWAY_TRIES) peerSession.stillAway(turn, current);
}

/** A session that never had a link is not waited for like one that had. */
function giveUpFirst(turn: Turn, sid: SessionId, text: string): void {
  const wire = findWire(turn, sid);
  if (wire === undefined || wire.peerBoot !== null || wire.attempt < FIRST_TRIES) return;
  removeWire(turn, sid);
  forking.wireFailed(turn, sid, text);
}

/** A link that lasts less than this many milliseconds is brief: it ended right after the hellos, even on a slow network. */
const BRIEF_MS = 2_000;

/** The link is gone; the session is not. */
function lost(turn: Turn, wire: Wire, text: string): void {
  const isBrief = wire.link === null || turn.at - wire.link.since < BRIEF_MS;
  const briefLinks = isBrief ? wire.briefLinks + 1 : 0;
  setWire(turn, wire.sid, { link: null, failure: text, briefLinks });
  turn.emit({ type: "cancel", key: `direct:${wire.sid}` });
  // A dial that looked for a better way may take long to fail, and knows no relay.
  if (wire.dial?.hello === null) {
    turn.emit(network("closeLink", wire.dial.id, closeCodes.stale));
    setWire(turn, wire.sid, { dial: null });
  }
  const session = sessionOf(turn, wire.sid);
  if (session !== undefined) peerSession.linkLost(turn, session);
  attendance.linkLost(turn, wire.sid);
  // Whoever dialled: a pair whose links end right after the hellos slows down on both sides.
  if (dialling.isSlowed(briefLinks)) dialling.scheduleRedial(turn, wire.sid);
  else if (wire.eager) dialling.redial(turn, wire.sid);
  else turn.emit({ type: "schedule", key: `redial:${wire.sid}`, ms: dialling.YIELD_MS });
}
