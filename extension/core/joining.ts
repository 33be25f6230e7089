// Being in the lobby: joining, coming back after the server went away, and quitting.
import { PROTOCOL_VERSION } from "../../protocol/limits.ts";
import { nameKey, parseName } from "../../protocol/names.ts";
import type { ServerMessage } from "../../protocol/rendezvous.ts";
import { assertNever, err } from "../../protocol/result.ts";
import { backoff } from "./backoff.ts";
import { network } from "./effects.ts";
import type { CloseCause, NetworkEvent } from "./ports.ts";
import { initialState, LOBBY, type State } from "./state.ts";
import { sendPending, sortNames } from "./lobby.ts";
import { failures, lobbyClosed } from "./texts.ts";
import type { Turn } from "./turn.ts";

/** Milliseconds after which a connection counts as one that works. */
const STABLE_MS = 10_000;

type Joined = Extract<ServerMessage, { type: "joined" }>;
type Refused = Extract<ServerMessage, { type: "refused" }>;
type Opened = Extract<NetworkEvent, { type: "rendezvous/opened" }>;

export function join(turn: Turn, request: number, rawName: string, server: string): void {
  const { me } = turn.state;
  if (me !== null) {
    turn.fail(request, failures.alreadyJoined(me.name));
    return;
  }
  const name = parseName(rawName);
  if (!name.ok) {
    turn.settle(request, err({ code: "name", text: name.error.text }));
    return;
  }
  // A new stay begins: nothing of a former one is shown or resumed.
  turn.set({ ...fresh(turn.state), me: { name: name.value, server }, joinRequest: request });
  dial(turn, 0, true);
}

/** Joins again in a window that was reloaded, as often as it takes. */
export function restore(turn: Turn): void {
  if (turn.state.me !== null && turn.state.connection.status === "idle") dial(turn, 0, false);
}

function dial(turn: Turn, attempt: number, first: boolean): void {
  const { me, nextConnection: id } = turn.state;
  if (me === null) return;
  turn.set({ connection: { status: "connecting", id, attempt, first }, nextConnection: id + 1 });
  turn.emit(network("connect", id, me.server));
}

export function retryNow(turn: Turn): void {
  const { connection } = turn.state;
  if (connection.status === "offline") dial(turn, connection.attempt, false);
}

export function opened(turn: Turn, event: Opened): void {
  const { me, resume, lastSeen } = turn.state;
  if (me === null) return;
  turn.set({ rate: event.challenge.limits.framesPerSecond });
  turn.emit(
    network("listen", event.challenge.reach),
    network("send", event.connection, {
      type: "join",
      v: PROTOCOL_VERSION,
      name: me.name,
      ...(resume === null ? {} : { resume }),
      ...(lastSeen === null ? {} : { lastSeen }),
    }),
  );
}

export function joined(turn: Turn, message: Joined): void {
  const { connection, me, lastSeen } = turn.state;
  if (connection.status !== "connecting" || me === null) return;
  const returning = !connection.first;
  turn.set({
    me: { ...me, name: message.name },
    connection: { status: "online", id: connection.id, since: turn.at, attempt: connection.attempt },
    resume: message.resume,
    users: sortNames(message.users.map((user) => user.name)),
    // The messages that were missed follow and count up to `message.seq`.
    lastSeen: { epoch: message.epoch, seq: Math.max(0, message.seq - message.missed) },
  });
  if (nameKey(message.name) !== nameKey(me.name)) {
    turn.notice(LOBBY, "info", `The name ${me.name} is taken; you are ${message.name}.`);
  } else if (!returning) {
    turn.notice(LOBBY, "info", `You are in the lobby as ${message.name}. \\help shows what you can do.`);
  }
  if (returning) turn.notice(LOBBY, "info", backText(message, lastSeen?.epoch !== message.epoch));
  sendPending(turn);
  const request = turn.state.joinRequest;
  turn.set({ joinRequest: null });
  turn.succeed(request);
}

function backText(message: Joined, restarted: boolean): string {
  if (!message.gap) return "You are back in the lobby.";
  return restarted
    ? "You are back in the lobby. The server was started anew: what was said without you before is not known."
    : "You are back in the lobby. Some of what was said meanwhile is missing.";
}

/** The server does not take us: with this name, or at all. */
export function refused(turn: Turn, message: Refused): void {
  const { connection } = turn.state;
  if (connection.status !== "connecting") return;
  turn.emit(network("disconnect", connection.id, "quit"));
  if (connection.first) giveUp(turn, { code: "refused", text: message.text });
  else tryAgainLater(turn, connection.attempt + 1, { kind: "rejected", text: message.text });
}

export function closed(turn: Turn, cause: CloseCause): void {
  const { connection, me } = turn.state;
  switch (connection.status) {
    case "connecting":
      if (connection.first) {
        giveUp(turn, {
          code: cause.kind === "unreachable" ? "unreachable" : "refused",
          text: `The server ${me?.server ?? ""} cannot be joined: ${cause.text}.`,
        });
      } else {
        tryAgainLater(turn, connection.attempt + 1, cause);
      }
      return;
    case "online":
      turn.notice(LOBBY, "error", lobbyClosed(cause));
      // A server that takes us only to drop us at once is not to be asked three times a second for ever.
      tryAgainLater(turn, turn.at - connection.since < STABLE_MS ? connection.attempt + 1 : 0, cause);
      return;
    case "idle":
    case "offline":
      return;
    default:
      assertNever(connection);
  }
}

function tryAgainLater(turn: Turn, attempt: number, cause: CloseCause): void {
  // Who was replaced must not take the name back, or two windows would take it from each other for ever.
  if (cause.kind === "replaced") turn.set({ resume: null });
  const { pacing } = turn.state;
  turn.set({ connection: { status: "offline", attempt, text: cause.text }, users: [], pacing: false });
  if (pacing) turn.emit({ type: "cancel", key: "pace" });
  failForksAtServer(turn, cause);
  turn.emit({ type: "schedule", key: "reconnect", ms: backoff(attempt, turn.random) });
}

/** The first attempt has failed: whoever asked decides what next. */
function giveUp(turn: Turn, failure: { code: "unreachable" | "refused"; text: string }): void {
  const request = turn.state.joinRequest;
  turn.emit(network("stopListening"));
  turn.set(fresh(turn.state));
  turn.settle(request, err(failure));
}

/** Forks that wait for the server's answer end with it; those that dial a peer already go on. */
function failForksAtServer(turn: Turn, cause: CloseCause): void {
  const waiting = turn.state.forks.filter((fork) => fork.sid === null);
  turn.set({ forks: turn.state.forks.filter((fork) => fork.sid !== null) });
  for (const fork of waiting) {
    turn.emit({ type: "cancel", key: `fork:${fork.id}` });
    turn.fail(fork.request, failures.forkFailed(fork.to, cause.text));
  }
}

/** Leaves everything; whoever is concerned is told why. */
export function quit(turn: Turn): void {
  const { connection, sessions, forks, invites, joinRequest } = turn.state;
  for (const session of sessions) {
    if (session.kind === "peer" && session.link === "open")
      turn.emit(network("closePeer", session.sid, "quit"));
  }
  for (const fork of forks) {
    turn.emit({ type: "cancel", key: `fork:${fork.id}` });
    if (fork.sid !== null) turn.emit(network("closePeer", fork.sid, "quit"));
    turn.settle(fork.request, err(failures.forkFailed(fork.to, "you have quit")));
  }
  for (const invite of invites) {
    turn.emit({ type: "cancel", key: `invite:${invite.sid}` }, network("closePeer", invite.sid, "quit"));
    turn.settle(invite.request, err(failures.forkFailed(invite.from, "you have quit")));
  }
  if (connection.status === "connecting" || connection.status === "online") {
    turn.emit(network("disconnect", connection.id, "quit"));
  }
  if (turn.state.pacing) turn.emit({ type: "cancel", key: "pace" });
  turn.emit({ type: "cancel", key: "reconnect" }, network("stopListening"));
  turn.settle(joinRequest, err({ code: "refused", text: "You have quit before the server answered." }));
  turn.set(fresh(turn.state));
}

/** Nobody has joined; only counters go on, so that nothing old is taken for something new. */
function fresh(state: State): State {
  const { instance, nextConnection, nextMessage, visible } = state;
  return { ...initialState(instance), nextConnection, nextMessage, visible };
}
