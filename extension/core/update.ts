// The core: `update(state, event) -> { state, effects }`. A pure function; every behaviour of a window is in here
// or in the modules that it hands an event to.
import { utf8Length } from "../../protocol/codec.ts";
import { limits } from "../../protocol/limits.ts";
import type { ServerMessage } from "../../protocol/rendezvous.ts";
import { assertNever, err, type Result } from "../../protocol/result.ts";
import type { SessionNumber } from "../../protocol/webview.ts";
import { parseLine } from "./commandLine.ts";
import type { Effect } from "./effects.ts";
import type { StampedEvent, TimerKey } from "./events.ts";
import * as forking from "./forking.ts";
import * as joining from "./joining.ts";
import * as lobby from "./lobby.ts";
import * as peerSession from "./peerSession.ts";
import { runCommand } from "./runCommand.ts";
import type { State } from "./state.ts";
import { failures, serverErrorText } from "./texts.ts";
import { Turn, type Failure } from "./turn.ts";

export type Update = { readonly state: State; readonly effects: readonly Effect[] };

export function update(state: State, event: StampedEvent): Update {
  const turn = new Turn(state, event);
  handle(turn, event);
  return { state: turn.state, effects: turn.effects };
}

function handle(turn: Turn, event: StampedEvent): void {
  switch (event.type) {
    case "user/join":
      return joining.join(turn, event.request, event.name, event.server);
    case "user/submit":
      return submit(turn, event.request, event.session, event.text);
    case "user/command":
      return runCommand(turn, event.request, event.command);
    case "user/activate":
      if (turn.session(event.session) !== undefined) turn.activate(event.session);
      return;
    case "user/leave":
      return leave(turn, event.session);
    case "user/draft":
      return turn.setSession(event.session, { draft: event.text });
    case "user/retry":
      if (event.session === turn.lobby.number) lobby.retryLobbyMessage(turn, event.id);
      return;
    case "user/discard":
      return discard(turn, event.session, event.id);
    case "panel/visible":
      turn.set({ visible: event.visible });
      return turn.activate(turn.state.active);
    case "window/restored":
      return joining.restore(turn);
    case "timer":
      return timer(turn, event.key);
    case "rendezvous/opened":
      if (isCurrent(turn, event.connection)) joining.opened(turn, event);
      return;
    case "rendezvous/message":
      if (isCurrent(turn, event.connection)) serverMessage(turn, event.message);
      return;
    case "rendezvous/closed":
      if (isCurrent(turn, event.connection)) joining.closed(turn, event.cause);
      return;
    case "listener/failed":
      return turn.fail(null, { code: "fork-failed", text: event.text });
    case "peer/opened":
      return forking.peerOpened(turn, event.sid);
    case "peer/failed":
      return forking.dialFailed(turn, event.sid, event.text);
    case "peer/frame":
      return peerSession.peerFrame(turn, event.sid, event.frame);
    case "peer/closed":
      return peerSession.peerClosed(turn, event.sid, event.end);
    default:
      assertNever(event);
  }
}

function serverMessage(turn: Turn, message: Exclude<ServerMessage, { type: "challenge" }>): void {
  // Before the joining there is nobody to whom anything else could be said.
  const early = turn.state.connection.status !== "online";
  if (early && message.type !== "joined" && message.type !== "refused" && message.type !== "error") return;
  switch (message.type) {
    case "joined":
      return joining.joined(turn, message);
    case "refused":
      return joining.refused(turn, message);
    case "said":
      return lobby.said(turn, message);
    case "ack":
      return lobby.acknowledged(turn, message);
    case "users":
      return lobby.usersListed(turn, message);
    case "arrived":
      return lobby.arrived(turn, message);
    case "left":
      return lobby.left(turn, message);
    case "invite":
      return forking.invited(turn, message);
    case "introduction":
      return forking.introduced(turn, message);
    case "crossed":
      return forking.crossed(turn, message);
    case "declined":
      return forking.forkDeclined(turn, message);
    case "error":
      return serverError(turn, message);
    default:
      assertNever(message);
  }
}

function serverError(turn: Turn, message: Extract<ServerMessage, { type: "error" }>): void {
  const text = serverErrorText(message.code, message.text);
  const fork = turn.state.forks.find((candidate) => candidate.id === message.id);
  if (fork !== undefined) forking.forkRejected(turn, fork, text);
  else if (message.id === undefined) turn.notice(turn.lobby.number, "error", `The server says: ${text}`);
  else if (message.code === "rate-limited") lobby.slowDown(turn, message.retryMs ?? 0);
  else lobby.notSaid(turn, message.id, text);
}

function submit(turn: Turn, request: number, number: SessionNumber, text: string): void {
  if (turn.session(number) === undefined) return turn.fail(request, failures.noSuchSession(String(number)));
  // What is typed is carried out where it was typed, should another session have come to the front meanwhile.
  turn.activate(number);
  const line = parseLine(text);
  // A command's line is no draft, whether it works or not.
  if (!line.ok || line.value.type === "command") turn.setSession(number, { draft: "" });
  if (!line.ok) return turn.fail(request, line.error);
  if (line.value.type === "command") return runCommand(turn, request, line.value.command);
  // Half a character has no form on any wire.
  const sent = say(turn, number, line.value.text.replace(/\p{Surrogate}/gu, "\ufffd"));
  if (!sent.ok) return turn.fail(request, sent.error);
  turn.setSession(number, { draft: "" });
  turn.succeed(request);
}

function say(turn: Turn, number: SessionNumber, text: string): Result<undefined, Failure> {
  const session = turn.session(number);
  if (turn.state.me === null) return err(failures.notJoined);
  if (session === undefined) return err(failures.noSuchSession(String(number)));
  if (text.trim() === "") return err(failures.messageEmpty);
  const bytes = utf8Length(text);
  if (bytes > limits.textBytes) return err(failures.messageTooLong(bytes));
  return session.kind === "lobby" ? lobby.sayToAll(turn, text) : peerSession.sayToPeer(turn, session, text);
}

function leave(turn: Turn, number: SessionNumber): void {
  const session = turn.session(number);
  if (session?.kind === "peer") peerSession.leave(turn, session);
}

function discard(turn: Turn, number: SessionNumber, id: string): void {
  const pending = turn.session(number)?.pending ?? [];
  turn.setSession(number, {
    pending: pending.filter((message) => message.id !== id || message.status !== "failed"),
  });
}

function timer(turn: Turn, key: TimerKey): void {
  if (key === "reconnect") joining.retryNow(turn);
  else if (key === "pace") lobby.sendPending(turn);
  else if (key.startsWith("fork:")) forking.forkTimedOut(turn, key.slice("fork:".length));
  else forking.inviteTimedOut(turn, key.slice("invite:".length));
}

/** What former connections still tell is stale. */
function isCurrent(turn: Turn, connection: number): boolean {
  const current = turn.state.connection;
  return (current.status === "connecting" || current.status === "online") && current.id === connection;
}
