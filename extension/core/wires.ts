// The machine under private sessions: starts wires, ends them, and takes in what the network and the server tell about
// their links. Dialling is in dialling.ts, which link counts in hellos.ts, what is said in peerSession.ts.
import * as l10n from "@vscode/l10n";
import { closeCodes } from "../../protocol/errors.ts";
import type { Address, Boot, Pin, SessionId, Token } from "../../protocol/fields.ts";
import { limits } from "../../protocol/limits.ts";
import type { PeerMessage } from "../../protocol/peer.ts";
import type { ServerMessage } from "../../protocol/rendezvous.ts";
import { assertNever } from "../../protocol/result.ts";
import * as attendance from "./attendance.ts";
import * as dialling from "./dialling.ts";
import { network } from "./effects.ts";
import * as forking from "./forking.ts";
import { answered, callerHello, connected } from "./hellos.ts";
import * as introducing from "./introducing.ts";
import * as peerSession from "./peerSession.ts";
import type { NetworkEvent } from "./ports.ts";
import type { Farewell, Wire } from "./wire.ts";
import type { Turn } from "./turn.ts";
import { heardVerified } from "./verification.ts";
import { findWire, keepWays, removeWire, sessionOf, setWire, wireOfLink } from "./wireState.ts";

type Event<T extends NetworkEvent["type"]> = Extract<NetworkEvent, { type: T }>;
type Message<T extends ServerMessage["type"]> = Extract<ServerMessage, { type: T }>;

/** Dials in vain after which a session that never had a link is given up. */
const FIRST_TRIES = 4;

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

export function linkConnected(turn: Turn, event: Event<"link/connected">): void {
  connected(turn, event);
}

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

/** Milliseconds between two such wishes that are followed: nobody makes this window knock about without end. */
const REACH_MS = 400;
/** The same after some dials in vain, and while links keep ending right after the hellos. */
const SLOWED_REACH_MS = 5_000;

/** The server tells that the other side of a session wants to meet again. */
export function reached(turn: Turn, { sid, pin, card, near = false, ticket }: Message<"reach">): void {
  const wire = findWire(turn, sid);
  if (wire?.pin !== pin) return;
  const restMs = dialling.isSlowed(Math.max(wire.briefLinks, wire.attempt)) ? SLOWED_REACH_MS : REACH_MS;
  if (turn.at - wire.reachedAt < restMs) return;
  const isKnown = ({ host, port }: Address): boolean =>
    wire.addresses.some((each) => each.host === host && each.port === port);
  // What is dialled now may be where they are no more.
  const isOutdated =
    turn.state.settings.connection !== "relay" && wire.dial?.hello === null && !card.addresses.every(isKnown);
  const addresses = dialling.merged([...card.addresses, ...wire.addresses]);
  setWire(turn, sid, { addresses, near, reachedAt: turn.at });
  dialling.holdTicket(turn, sid, ticket, "server");
  if (wire.link === null && (wire.dial === null || isOutdated)) dialling.dial(turn, sid, null);
}

/** The server has passed our wish to meet again on. */
export function reaching(turn: Turn, { id, sid, ticket }: Message<"reaching">): void {
  const wire = findWire(turn, sid);
  if (wire?.reach !== id || wire.link !== null) return;
  setWire(turn, sid, { reach: null });
  dialling.holdTicket(turn, sid, ticket, "client");
}

/** Whether an error of the server was about such a wish: the other side is not there either. */
export function reachFailed(turn: Turn, id: string): boolean {
  const wire = turn.state.wires.find((each) => each.reach === id);
  if (wire !== undefined) setWire(turn, wire.sid, { reach: null });
  return wire !== undefined;
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
