// Which connection of a session counts, and where it continues: the hellos of both sides, crossed dials, and the numbers
// with which a session resumes.
//
// Each connection of a session has a number. Its dialer chooses one above all that it knows. A higher number replaces a
// lower one, which may only seem to be alive. When both dial at once with the same number, the dial of the lower pin stays.
import { FILES } from "../../../protocol/bulk.ts";
import { closeCodes } from "../../../protocol/errors.ts";
import { PROTOCOL_VERSION } from "../../../protocol/limits.ts";
import type { PeerMessage } from "../../../protocol/peer.ts";
import * as presence from "../people/presence.ts";
import { giveBack, provePlace, sawPeer } from "../channels/dialBudget.ts";
import { ownCard, scheduleDirect } from "../channels/dialling.ts";
import { network } from "../model/effects.ts";
import { startInvited } from "../forks/invites.ts";
import { channelOpened } from "../forks/opening.ts";
import * as peerSession from "../sessions/peerSession.ts";
import type { NetworkEvent } from "../model/ports.ts";
import { savedUpTo } from "../saved/storage.ts";
import type { Caller, Greeting, PeerChannel } from "../model/peerChannel.ts";
import type { Turn } from "../model/turn.ts";
import { tellVerified } from "../people/verification.ts";
import {
  findChannel,
  keepDialResults,
  sessionOf,
  setChannel,
  channelOfLink,
} from "../channels/channelState.ts";

type Connected = Extract<NetworkEvent, { type: "link/connected" }>;
export type Hello = Extract<PeerMessage, { type: "hello" }>;
type Link = NonNullable<PeerChannel["link"]>;

/** A dial of ours sends hello. An incoming call waits for the caller's. */
export function connected(turn: Turn, { link, role, pin, ownPin, path, ways, from }: Connected): void {
  turn.set({ ownPin });
  if (role === "listener") {
    if (from !== undefined) sawPeer(turn, pin, from);
    turn.set({ callers: [...turn.state.callers, { link, pin, path }] });
    return;
  }
  const channel = channelOfLink(turn, link);
  if (channel?.dial?.id !== link) {
    turn.emit(network("closeLink", link, closeCodes.stale));
    return;
  }
  keepDialResults(turn, channel, ways);
  giveBack(turn, pin, channel.dial.fresh, ways);
  for (const { address, failure } of ways) {
    if (address !== null && failure === null) provePlace(turn, pin, address);
  }
  const greeting: Greeting = { n: channel.n + 1, path };
  setChannel(turn, channel.sid, { n: greeting.n, dial: { id: link, hello: greeting, fresh: [] } });
  sendHello(turn, channel, link, greeting.n);
}

/** A caller's hello: it becomes the session's link, or is refused with a reason. */
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
  // The caller may connect before its introduction arrives: its consent was given, and its key was announced.
  if (findChannel(turn, hello.sid) === undefined) startInvited(turn, hello.sid, pin);
  const channel = findChannel(turn, hello.sid);
  if (channel?.pin !== pin) {
    turn.emit(network("closeLink", link, closeCodes.unknownSession));
    return;
  }
  switch (judge(turn, channel, hello)) {
    case "adopt":
      if (isDoubtful(turn, channel, hello)) refuse(turn, channel, link, hello);
      else adopt(turn, channel, { id: link, n: hello.n, path, dialler: "peer" }, hello);
      return;
    case "too-low":
      sendHello(turn, channel, link, channel.n);
      turn.emit(network("closeLink", link, closeCodes.stale));
      return;
    case "crossed":
      turn.emit(network("closeLink", link, closeCodes.stale));
      return;
  }
}

/** The answer to our hello. */
export function answered(turn: Turn, channel: PeerChannel, greeting: Greeting, hello: Hello): void {
  const id = channel.dial?.id;
  if (id === undefined) return;
  if (
    hello.n === greeting.n &&
    hello.sid === channel.sid &&
    (channel.link === null || channel.link.n < greeting.n)
  ) {
    adopt(turn, channel, { id, n: greeting.n, path: greeting.path, dialler: "me" }, hello);
    return;
  }
  // The other side knows a higher number; the next dial uses a number above it.
  setChannel(turn, channel.sid, { n: Math.max(channel.n, hello.n) });
}

/**
 * Whether a caller reports fewer messages than it had acknowledged, and may have sent that before it acknowledged them.
 * A caller that has read our refusal dials with a number above the refusal's.
 */
function isDoubtful(turn: Turn, channel: PeerChannel, hello: Hello): boolean {
  if (hasForgotten(channel, hello)) return false;
  const isLow = receivedBy(channel, hello) < peerSession.acknowledgedUpTo(turn, channel);
  return isLow && (channel.doubt === null || hello.n <= channel.doubt.n);
}

/** Makes the caller dial again and report what it has by then. */
function refuse(turn: Turn, channel: PeerChannel, link: string, hello: Hello): void {
  const n = Math.max(channel.n, hello.n) + 1;
  const doubt = channel.doubt ?? { n, acknowledged: peerSession.acknowledgedUpTo(turn, channel) };
  setChannel(turn, channel.sid, { n, doubt });
  sendHello(turn, channel, link, n);
  turn.emit(network("closeLink", link, closeCodes.stale));
}

function hasForgotten({ peerBoot }: PeerChannel, { boot }: Hello): boolean {
  return peerBoot !== null && peerBoot !== boot;
}

/** A peer that has not seen our reset sends counters from the old boot; it starts over after our hello. */
function isPast({ boot }: PeerChannel, { knows }: Hello): boolean {
  return knows !== null && knows !== boot;
}

function receivedBy(channel: PeerChannel, hello: Hello): number {
  return isPast(channel, hello) ? 0 : hello.received;
}

function judge(turn: Turn, channel: PeerChannel, { n }: Hello): "adopt" | "too-low" | "crossed" {
  // A dial of ours that has sent hello ranks above the link that it replaces.
  const dialled = channel.dial?.hello ?? null;
  const rival = dialled ?? channel.link;
  if (rival === null) return n < channel.n ? "too-low" : "adopt";
  if (n !== rival.n) return n < rival.n ? "too-low" : "adopt";
  // Ours has the same number: there were two dials at once.
  const ours = dialled !== null || channel.link?.dialler === "me";
  return ours && peerComesFirst(turn, channel) ? "adopt" : "crossed";
}

/** Of two simultaneous dials the lower pin's stays; between two windows with one key, the session opener's. */
function peerComesFirst(turn: Turn, channel: PeerChannel): boolean {
  const { ownPin } = turn.state;
  return ownPin === null || ownPin === channel.pin ? channel.role === "B" : channel.pin < ownPin;
}

function adopt(
  turn: Turn,
  channel: PeerChannel,
  connected: Omit<Link, "since" | "showsParts" | "tellsWhere" | "takesFiles">,
  hello: Hello,
): void {
  const can = (what: string): boolean => hello.can?.includes(what) === true;
  const link = {
    ...{ ...connected, since: turn.at },
    ...{ showsParts: can("part"), tellsWhere: can("where"), takesFiles: can("part") && can(FILES) },
  };
  for (const old of [channel.link?.id, channel.dial?.id]) {
    if (old !== undefined && old !== link.id) turn.emit(network("closeLink", old, closeCodes.replaced));
  }
  const forgotten = hasForgotten(channel, hello);
  const rows = forgotten ? { sent: 0, received: 0 } : { sent: channel.sent, received: channel.received };
  setChannel(turn, channel.sid, {
    ...rows,
    link,
    n: link.n,
    dial: null,
    ticket: null,
    reach: null,
    tickets: null,
    peerBoot: hello.boot,
    eager: link.dialler === "me",
    attempt: 0,
    failure: null,
    doubt: null,
  });
  turn.emit(
    { type: "cancel", key: `redial:${channel.sid}` },
    { type: "cancel", key: `relay:${channel.sid}` },
  );
  const current = findChannel(turn, channel.sid);
  if (current === undefined) return;
  if (link.dialler === "peer") sendHello(turn, current, link.id, link.n);
  if (forgotten) peerSession.peerForgot(turn, current);
  const peer = forgotten || isPast(current, hello) ? { received: 0, sent: 0 } : hello;
  // A caller's hello may be older than what has since passed over another link. An answer to ours never is. Neither is
  // a hello that follows our refusal.
  const isCurrent = link.dialler === "me";
  if (peer.received > current.sent || (isCurrent && peer.sent < current.received)) {
    peerSession.memoriesDiffer(turn, current);
    return;
  }
  const hasLess = peer.received < peerSession.acknowledgedUpTo(turn, current);
  if (hasLess && (isCurrent || peer.received < (channel.doubt?.acknowledged ?? 0))) {
    peerSession.peerWentBack(turn, current, peer.received);
  }
  const session = sessionOf(turn, channel.sid);
  if (session === undefined) channelOpened(turn, current);
  else peerSession.linkOpened(turn, session, findChannel(turn, channel.sid) ?? current, peer.received);
  turn.emit(network("sendLink", link.id, { type: "addresses", items: [...ownCard(turn.state).addresses] }));
  tellVerified(turn, channel.sid);
  presence.linkOpened(turn, channel.sid);
  scheduleDirect(turn, channel.sid);
}

function sendHello(turn: Turn, channel: PeerChannel, link: string, n: number): void {
  const { sid, boot, peerBoot: knows, sent } = channel;
  const received = savedUpTo(turn.state, channel);
  turn.emit(
    network("sendLink", link, {
      ...{ type: "hello", v: PROTOCOL_VERSION, sid, n, boot, knows, received, sent },
      can: ["part", "where", FILES],
    }),
  );
}
