// Which connection of a session counts, and where it goes on: the hellos of both sides, crossed dials, and the numbers
// with which a session resumes. For the wire machine.
//
// Each connection of a session bears a number, chosen by who dials it, above all that it knows of. A higher one
// replaces a lower one, which may only seem to be alive. When both dial at once under one number, the dial of the lower
// pin stays.
import { closeCodes } from "../../../protocol/errors.ts";
import { PROTOCOL_VERSION } from "../../../protocol/limits.ts";
import type { PeerMessage } from "../../../protocol/peer.ts";
import * as attendance from "../people/attendance.ts";
import { giveBack, provePlace, sawPeer } from "../channels/dialBudget.ts";
import { ownCard, scheduleDirect } from "../channels/dialling.ts";
import { network } from "../model/effects.ts";
import { startInvited } from "../forks/invites.ts";
import { wireOpened } from "../forks/opening.ts";
import * as peerSession from "../sessions/peerSession.ts";
import type { NetworkEvent } from "../model/ports.ts";
import { savedUpTo } from "../saved/storage.ts";
import type { Caller, Greeting, Wire } from "../model/wire.ts";
import type { Turn } from "../model/turn.ts";
import { tellVerified } from "../people/verification.ts";
import { findWire, keepWays, sessionOf, setWire, wireOfLink } from "../channels/wireState.ts";

type Connected = Extract<NetworkEvent, { type: "link/connected" }>;
export type Hello = Extract<PeerMessage, { type: "hello" }>;
type Link = NonNullable<Wire["link"]>;

/** Of a dial of ours: says hello. Somebody else's: waits for theirs. */
export function connected(turn: Turn, { link, role, pin, ownPin, path, ways, from }: Connected): void {
  turn.set({ ownPin });
  if (role === "listener") {
    if (from !== undefined) sawPeer(turn, pin, from);
    turn.set({ callers: [...turn.state.callers, { link, pin, path }] });
    return;
  }
  const wire = wireOfLink(turn, link);
  if (wire?.dial?.id !== link) {
    turn.emit(network("closeLink", link, closeCodes.stale));
    return;
  }
  keepWays(turn, wire, ways);
  giveBack(turn, pin, wire.dial.fresh, ways);
  for (const { address, failure } of ways) {
    if (address !== null && failure === null) provePlace(turn, pin, address);
  }
  const greeting: Greeting = { n: wire.n + 1, path };
  setWire(turn, wire.sid, { n: greeting.n, dial: { id: link, hello: greeting, fresh: [] } });
  sendHello(turn, wire, link, greeting.n);
}

/** A caller's hello: becomes the session's link, or hears why not. */
export function callerHello(turn: Turn, caller: Caller, hello: Hello): void {
  const { link, pin, path } = caller;
  const { farewells } = turn.state;
  const farewell = farewells.find((each) => each.sid === hello.sid && each.pin === pin);
  if (farewell !== undefined) {
    turn.emit(network("sendLink", link, { type: "bye", reason: farewell.reason }));
    turn.emit(network("closeLink", link, closeCodes.quit));
    turn.set({ farewells: farewells.filter((each) => each !== farewell) });
    return;
  }
  // The caller may be here before the introduction is: its consent was given, and its key is the one that was told.
  if (findWire(turn, hello.sid) === undefined) startInvited(turn, hello.sid, pin);
  const wire = findWire(turn, hello.sid);
  if (wire?.pin !== pin) {
    turn.emit(network("closeLink", link, closeCodes.unknownSession));
    return;
  }
  switch (judge(turn, wire, hello)) {
    case "adopt":
      if (isDoubtful(turn, wire, hello)) refuse(turn, wire, link, hello);
      else adopt(turn, wire, { id: link, n: hello.n, path, dialler: "peer", since: turn.at }, hello);
      return;
    case "too-low":
      sendHello(turn, wire, link, wire.n);
      turn.emit(network("closeLink", link, closeCodes.stale));
      return;
    case "crossed":
      turn.emit(network("closeLink", link, closeCodes.stale));
      return;
  }
}

/** The answer to our hello. */
export function answered(turn: Turn, wire: Wire, greeting: Greeting, hello: Hello): void {
  const id = wire.dial?.id;
  if (id === undefined) return;
  if (hello.n === greeting.n && hello.sid === wire.sid && (wire.link === null || wire.link.n < greeting.n)) {
    adopt(turn, wire, { id, n: greeting.n, path: greeting.path, dialler: "me", since: turn.at }, hello);
    return;
  }
  // The other side knows of a higher number; the next dial goes above it.
  setWire(turn, wire.sid, { n: Math.max(wire.n, hello.n) });
}

/**
 * Whether a caller tells of fewer messages than it had acknowledged, and may have said so before it acknowledged them. A
 * caller that has read our refusal dials with a number above the refusal's.
 */
function isDoubtful(turn: Turn, wire: Wire, hello: Hello): boolean {
  if (hasForgotten(wire, hello)) return false;
  const isLow = receivedBy(wire, hello) < peerSession.acknowledgedUpTo(turn, wire);
  return isLow && (wire.doubt === null || hello.n <= wire.doubt.n);
}

/** Makes the caller dial again and tell what it has by then. */
function refuse(turn: Turn, wire: Wire, link: string, hello: Hello): void {
  const n = Math.max(wire.n, hello.n) + 1;
  const doubt = wire.doubt ?? { n, acknowledged: peerSession.acknowledgedUpTo(turn, wire) };
  setWire(turn, wire.sid, { n, doubt });
  sendHello(turn, wire, link, n);
  turn.emit(network("closeLink", link, closeCodes.stale));
}

function hasForgotten({ peerBoot }: Wire, { boot }: Hello): boolean {
  return peerBoot !== null && peerBoot !== boot;
}

/** A peer that does not know yet that this side has forgotten tells outdated numbers; it starts over on our hello. */
function isPast({ boot }: Wire, { knows }: Hello): boolean {
  return knows !== null && knows !== boot;
}

function receivedBy(wire: Wire, hello: Hello): number {
  return isPast(wire, hello) ? 0 : hello.received;
}

function judge(turn: Turn, wire: Wire, { n }: Hello): "adopt" | "too-low" | "crossed" {
  // A dial of ours that has said hello stands above the link that it is to replace.
  const dialled = wire.dial?.hello ?? null;
  const rival = dialled ?? wire.link;
  if (rival === null) return n < wire.n ? "too-low" : "adopt";
  if (n !== rival.n) return n < rival.n ? "too-low" : "adopt";
  // Ours bears the same number: there were two dials at once.
  const ours = dialled !== null || wire.link?.dialler === "me";
  return ours && peerComesFirst(turn, wire) ? "adopt" : "crossed";
}

/** Of two dials at once the one of the lower pin stays; between two windows of one key, that of who opened the session. */
function peerComesFirst(turn: Turn, wire: Wire): boolean {
  const { ownPin } = turn.state;
  return ownPin === null || ownPin === wire.pin ? wire.role === "B" : wire.pin < ownPin;
}

function adopt(turn: Turn, wire: Wire, link: Link, hello: Hello): void {
  for (const old of [wire.link?.id, wire.dial?.id]) {
    if (old !== undefined && old !== link.id) turn.emit(network("closeLink", old, closeCodes.replaced));
  }
  const forgotten = hasForgotten(wire, hello);
  const rows = forgotten ? { sent: 0, received: 0 } : { sent: wire.sent, received: wire.received };
  setWire(turn, wire.sid, {
    ...rows,
    link,
    n: link.n,
    dial: null,
    ticket: null,
    reach: null,
    peerBoot: hello.boot,
    eager: link.dialler === "me",
    attempt: 0,
    failure: null,
    doubt: null,
  });
  turn.emit({ type: "cancel", key: `redial:${wire.sid}` }, { type: "cancel", key: `meet:${wire.sid}` });
  const current = findWire(turn, wire.sid);
  if (current === undefined) return;
  if (link.dialler === "peer") sendHello(turn, current, link.id, link.n);
  if (forgotten) peerSession.peerForgot(turn, current);
  const peer = forgotten || isPast(current, hello) ? { received: 0, sent: 0 } : hello;
  // A dialler's hello may be older than what has passed over another link since. An answer to ours never is, nor is a hello
  // that follows our refusal older than what had passed before that.
  const isCurrent = link.dialler === "me";
  if (peer.received > current.sent || (isCurrent && peer.sent < current.received)) {
    peerSession.memoriesDiffer(turn, current);
    return;
  }
  const hasLess = peer.received < peerSession.acknowledgedUpTo(turn, current);
  if (hasLess && (isCurrent || peer.received < (wire.doubt?.acknowledged ?? 0))) {
    peerSession.peerWentBack(turn, current, peer.received);
  }
  const session = sessionOf(turn, wire.sid);
  if (session === undefined) wireOpened(turn, current);
  else peerSession.linkOpened(turn, session, findWire(turn, wire.sid) ?? current, peer.received);
  turn.emit(network("sendLink", link.id, { type: "addresses", items: [...ownCard(turn.state).addresses] }));
  tellVerified(turn, wire.sid);
  attendance.linkOpened(turn, wire.sid);
  scheduleDirect(turn, wire.sid);
}

function sendHello(turn: Turn, wire: Wire, link: string, n: number): void {
  const { sid, boot, peerBoot: knows, sent } = wire;
  const received = savedUpTo(turn.state, wire);
  turn.emit(
    network("sendLink", link, { type: "hello", v: PROTOCOL_VERSION, sid, n, boot, knows, received, sent }),
  );
}
