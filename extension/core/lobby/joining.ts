// Being in the lobby: joining, and reconnecting after the server went away.
import * as l10n from "@vscode/l10n";
import { isLoopback } from "../../../protocol/ipAddress.ts";
import { limits } from "../../../protocol/limits.ts";
import { parseName } from "../../../protocol/nameRules.ts";
import { nameKey } from "../../../protocol/names.ts";
import type { ServerMessage } from "../../../protocol/rendezvous.ts";
import { assertNever, err } from "../../../protocol/result.ts";
import { askAgain } from "../forks/forking.ts";
import { answerAgain } from "../forks/invites.ts";
import * as presence from "../people/presence.ts";
import { addressKind } from "../channels/addressKind.ts";
import { backoff, LONGEST_WAIT_MS } from "../channels/backoff.ts";
import { network } from "../model/effects.ts";
import type { CloseCause, NetworkEvent } from "../model/ports.ts";
import { forgetNumbers } from "../sessions/messageChanges.ts";
import { LOBBY } from "../model/session.ts";
import { fresh } from "../leaving/quitting.ts";
import type { CoreSettings } from "../model/settings.ts";
import { holdChanges, sendPending } from "./lobby.ts";
import { isMendable, isStable, lost, regained, showLoss } from "./loss.ts";
import { sortNames } from "../people/nameList.ts";
import { mendGaps } from "../sessions/peerSession.ts";
import { nameErrorText, refusalText } from "../texts/refusals.ts";
import { backText, failures } from "../texts/texts.ts";
import type { Turn } from "../model/turn.ts";
import type { Failure } from "../model/outcome.ts";
import { addressesChanged, callAway } from "../channels/channel.ts";

type Joined = Extract<ServerMessage, { type: "joined" }>;
type Refused = Extract<ServerMessage, { type: "refused" }>;
type Opened = Extract<NetworkEvent, { type: "rendezvous/opened" }>;

export function joinAs(turn: Turn, request: number, rawName: string, server: string): void {
  const { me } = turn.state;
  if (me !== null) {
    turn.fail(request, failures.alreadyJoined(me.name));
    return;
  }
  const name = parseName(rawName);
  if (!name.ok) {
    turn.settle(request, err({ code: "name", text: nameErrorText(name.error.code, rawName) }));
    return;
  }
  // A new stay begins: nothing from an earlier one is shown or resumed.
  const { people } = turn.state;
  turn.set({
    ...fresh(turn.state),
    people,
    me: { name: name.value, server, identity: name.value },
    joinRequest: request,
  });
  dial(turn, 0, true);
}

/** A reloaded window: rejoins, with retries, and calls its peers without waiting for that. */
export function restore(turn: Turn): void {
  if (turn.state.me === null || turn.state.connection.status !== "idle") return;
  mendGaps(turn);
  dial(turn, 0, false);
  if (turn.state.channels.length > 0) listen(turn);
}

/** From here on peers can reach us, unless our address is hidden. */
function listen(turn: Turn): void {
  const { me, listener, place, settings } = turn.state;
  if (me === null) return;
  if (settings.connection === "relay") {
    turn.emit(network("stopListening"));
    turn.set({ listener: { ...listener, status: "off", addresses: [] } });
    join(turn);
    return;
  }
  if (listener.status !== "ready") turn.set({ listener: { ...listener, status: "starting" } });
  turn.emit(network("listen", me.identity, place.reach, listener.port));
}

function dial(turn: Turn, attempt: number, first: boolean): void {
  const { me, nextConnection: id } = turn.state;
  if (me === null) return;
  turn.set({
    connection: { status: "connecting", id, attempt, first, greeted: false },
    nextConnection: id + 1,
  });
  turn.emit(network("connect", id, me.server, me.identity));
}

export function retryNow(turn: Turn): void {
  const { connection } = turn.state;
  if (connection.status === "offline") dial(turn, connection.attempt, false);
}

export function opened(turn: Turn, { challenge, overLoopback, server }: Opened): void {
  const { connection, place } = turn.state;
  if (connection.status !== "connecting") return;
  const { relay, can = [] } = challenge;
  // A server that listens only on loopback but was reached from elsewhere is behind a proxy.
  const reach = overLoopback ? challenge.reach : "network";
  turn.set({
    rate: challenge.limits.framesPerSecond,
    passesParts: (challenge.limits.partBytes ?? 0) >= limits.partBytes,
    place: { ...place, reach, relay, relaysFiles: can.includes("tunnel"), overLoopback, server },
    connection: { ...connection, greeted: true },
  });
  // Fork cards need the listener's addresses, so joining waits for it.
  listen(turn);
}

/** The listener is ready or has moved, or the machine's addresses have changed. */
export function listenerReady(
  turn: Turn,
  { port, addresses }: Extract<NetworkEvent, { type: "listener/ready" }>,
): void {
  const before = turn.state.listener;
  turn.set({ listener: { status: "ready", port, addresses } });
  const moved = JSON.stringify([port, addresses]) !== JSON.stringify([before.port, before.addresses]);
  // Peers linked while it had failed have no address of ours.
  if (before.status === "failed" || (before.status === "ready" && moved)) addressesChanged(turn);
  else callAway(turn);
  join(turn);
}

/** Peers cannot reach us directly. With a relay that matters little; without one it must be reported. */
export function listenerFailed(turn: Turn, text: string, isHopeless: boolean): void {
  const { listener, place } = turn.state;
  if (listener.status !== "failed" && (isHopeless || !place.relay))
    turn.fail(null, { code: "fork-failed", text });
  turn.set({ listener: { ...listener, status: "failed", addresses: [] } });
  callAway(turn);
  join(turn);
}

/** Sends `join` once there is a connection waiting for it. */
function join(turn: Turn): void {
  const { connection, me, resume, lastSeen } = turn.state;
  if (me === null || connection.status !== "connecting" || !connection.greeted) return;
  turn.set({ connection: { ...connection, greeted: false } });
  turn.emit(
    network("join", connection.id, {
      name: me.name,
      ...(resume === null ? {} : { resume }),
      ...(lastSeen === null ? {} : { lastSeen }),
    }),
  );
}

/** The user shows or hides their address, or turns the relay off. */
export function settingsChanged(turn: Turn, settings: CoreSettings): void {
  const before = turn.state.settings;
  turn.set({ settings });
  if (turn.state.me === null || before.connection === settings.connection) return;
  listen(turn);
  addressesChanged(turn);
}

export function joined(turn: Turn, message: Joined): void {
  const { connection, me, lastSeen } = turn.state;
  if (connection.status !== "connecting" || me === null) return;
  const users = sortNames(message.users.map(({ name }) => name));
  const wasUnseen = regained(turn, users);
  // Someone who rejoins has lines from before, and needs to know about a gap after them.
  const isBack = !connection.first || (lastSeen !== null && message.gap);
  // It goes into the cards for peers, so an address that no peer can dial is left out, and so is the address of a proxy
  // on the server's machine.
  const { address } = message.you;
  const isProxy = isLoopback(address) && !turn.state.place.overLoopback;
  const seen = addressKind(address) !== "unusable" && !isProxy ? address : "";
  const moved = seen !== turn.state.place.seen;
  turn.set({
    me: { ...me, name: message.name },
    connection: { status: "online", id: connection.id, since: turn.at, attempt: connection.attempt },
    resume: message.resume,
    place: { ...turn.state.place, seen },
    users,
    // The missed messages follow and count up to `message.seq`.
    lastSeen: { epoch: message.epoch, seq: Math.max(0, message.seq - message.missed) },
    saidBefore: lastSeen === null ? message.seq : 0,
  });
  if (lastSeen !== null && lastSeen.epoch !== message.epoch) forgetNumbers(turn, LOBBY);
  if (nameKey(message.name) !== nameKey(me.name)) {
    turn.notice(LOBBY, "info", l10n.t("The name {0} is taken, so you are {1}.", me.name, message.name));
    holdChanges(turn);
  }
  if (!isBack) {
    turn.notice(
      LOBBY,
      "info",
      l10n.t("You joined the lobby as {0}. Type \\help to see the commands.", message.name),
    );
  }
  if (isBack && (message.gap || !wasUnseen))
    turn.notice(LOBBY, "info", backText(message.gap, lastSeen?.epoch !== message.epoch));
  presence.listed(turn, message.users);
  presence.joined(turn);
  sendPending(turn);
  askAgain(turn);
  answerAgain(turn);
  if (moved) addressesChanged(turn);
  else callAway(turn);
  const request = turn.state.joinRequest;
  turn.set({ joinRequest: null });
  turn.succeed(request);
}

/** The server refuses us: with this name, or at all. */
export function refused(turn: Turn, message: Refused): void {
  const { connection, me } = turn.state;
  if (connection.status !== "connecting") return;
  turn.emit(network("disconnect", connection.id, "quit"));
  const text = refusalText(message.code, message.text, me?.name ?? "");
  if (connection.first) {
    giveUp(turn, { code: refusal(message.code), text });
    return;
  }
  tryAgainLater(turn, connection.attempt + 1, { kind: "rejected", text }, message.retryMs);
  if (message.retryMs === undefined) showLoss(turn);
}

function refusal(code: string): "token-needed" | "refused" {
  return code === "token-missing" || code === "token-wrong" ? "token-needed" : "refused";
}

export function closed(turn: Turn, cause: CloseCause): void {
  const { connection, me } = turn.state;
  switch (connection.status) {
    case "connecting":
      if (connection.first) {
        giveUp(turn, {
          code: failedDial(cause.kind),
          text: l10n.t("Couldn't join {0}: {1}.", me?.server ?? "", cause.text),
          ...(cause.kind === "untrusted" ? { fingerprint: cause.fingerprint } : {}),
        });
      } else {
        tryAgainLater(turn, connection.attempt + 1, cause);
        if (!isMendable(cause)) showLoss(turn);
      }
      return;
    case "online":
      // Keeps us from retrying three times a second forever at a server that accepts us only to drop us.
      tryAgainLater(turn, isStable(turn, connection.since) ? 0 : connection.attempt + 1, cause);
      lost(turn, connection.since, cause);
      return;
    case "idle":
    case "offline":
      return;
    default:
      assertNever(connection);
  }
}

function failedDial(kind: CloseCause["kind"]): Failure["code"] {
  if (kind === "rejected") return "no-server";
  return kind === "unreachable" ? "unreachable" : kind === "untrusted" ? "untrusted-server" : "refused";
}

/** @param retryMs milliseconds for which the server admits no one; a crowd's attempts are spread after that, too */
function tryAgainLater(turn: Turn, attempt: number, cause: CloseCause, retryMs = 0): void {
  // A replaced window must not take the name back, or two windows would take it from each other forever.
  if (cause.kind === "replaced") turn.set({ resume: null });
  const { pacing } = turn.state;
  turn.set({ connection: { status: "offline", attempt, text: cause.text }, pacing: false });
  if (pacing) turn.emit({ type: "cancel", key: "pace" });
  const ms = Math.min(retryMs, LONGEST_WAIT_MS) + backoff(attempt, turn.random);
  turn.emit({ type: "schedule", key: "reconnect", ms });
}

/** The first attempt has failed: the requester decides what happens next. */
function giveUp(turn: Turn, failure: Failure): void {
  const request = turn.state.joinRequest;
  turn.emit(network("stopListening"));
  turn.set({ ...fresh(turn.state), failedJoin: failure.text });
  turn.settle(request, err(failure));
}
