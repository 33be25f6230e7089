// The core: `update(state, event) -> { state, effects }`, a pure function that hands each event to the module
// responsible for it.
import * as l10n from "@vscode/l10n";
import type { SessionId } from "../../protocol/fields.ts";
import type { ServerMessage } from "../../protocol/rendezvous.ts";
import { assertNever } from "../../protocol/result.ts";
import * as attention from "./people/attention.ts";
import * as presence from "./people/presence.ts";
import { peopleLoaded } from "./leaving/blocking.ts";
import * as consent from "./commands/consent.ts";
import * as dialling from "./channels/dialling.ts";
import { type Effect, network } from "./model/effects.ts";
import type { StampedEvent } from "./model/events.ts";
import type { TimerKey } from "./model/timers.ts";
import * as forking from "./forks/forking.ts";
import * as hellos from "./links/hellos.ts";
import * as history from "./saved/history.ts";
import * as introducing from "./forks/introducing.ts";
import { inviteTimedOut, offered } from "./forks/invites.ts";
import * as joining from "./lobby/joining.ts";
import * as lobby from "./lobby/lobby.ts";
import { showLoss } from "./lobby/loss.ts";
import { cancelFork, moveOn, withdrawn } from "./forks/openForks.ts";
import { part } from "./leaving/parting.ts";
import * as appliedChanges from "./sessions/appliedChanges.ts";
import * as composedFiles from "./sessions/composedFiles.ts";
import * as peerSession from "./sessions/peerSession.ts";
import { runCommand } from "./commands/runCommand.ts";
import type { State } from "./model/state.ts";
import * as storage from "./saved/storage.ts";
import { serverErrorText } from "./texts/texts.ts";
import { Turn } from "./model/turn.ts";
import * as messages from "./userMessages.ts";
import * as verification from "./people/verification.ts";
import * as whereabouts from "./people/whereabouts.ts";
import { wantedPins } from "./channels/channelState.ts";
import * as linkEvents from "./links/linkEvents.ts";
import * as transferLinks from "./links/transferLinks.ts";
import * as bulkTickets from "./channels/bulkTickets.ts";
import * as meetAgain from "./channels/meetAgain.ts";

export type Update = { readonly state: State; readonly effects: readonly Effect[] };

export function update(state: State, event: StampedEvent): Update {
  const turn = new Turn(state, event);
  handle(turn, event);
  presence.tellRead(turn);
  whereabouts.closeEnded(turn);
  expectPeers(turn);
  transferLinks.report(turn, state.channels);
  return { state: turn.state, effects: turn.effects };
}

/** Makes the listener let in only the peers that the state expects. */
function expectPeers(turn: Turn): void {
  const pins = wantedPins(turn);
  const { expected } = turn.state;
  if (pins.length === expected.length && pins.every((pin, i) => pin === expected[i])) return;
  turn.set({ expected: pins });
  turn.emit(network("expect", pins));
}

function handle(turn: Turn, event: StampedEvent): void {
  switch (event.type) {
    case "user/join":
      return joining.joinAs(turn, event.request, event.name, event.server);
    case "user/submit":
      return messages.submitted(turn, event);
    case "user/say":
      return messages.say(turn, event);
    case "user/retract":
      return messages.change(turn, event.session, event.index, { kind: "retract" }, messages.RETRACTED);
    case "user/react":
      return messages.change(turn, event.session, event.index, { kind: "react", on: event.on }, event.text);
    case "user/typing":
      return presence.tellTyping(turn, event.session, event.value);
    case "host/presence":
      return presence.noticePresence(turn, event.presence);
    case "user/command":
      return runCommand(turn, event.request, event.command, false);
    case "user/activate":
      if (turn.session(event.session) === undefined) return;
      turn.activate(event.session);
      return moveOn(turn);
    case "user/leave":
      return part(turn, { what: "leave", session: event.session }, { request: null, typed: null });
    case "user/cancelFork":
      return cancelFork(turn, event.id);
    case "user/attach": {
      const { attachment } = event;
      const attached = attachment === null ? null : { id: turn.newId(), ...attachment };
      return turn.setSession(event.session, { attached });
    }
    case "user/draft":
      return turn.setSession(event.session, { draft: event.text, draftAbout: event.about });
    case "user/retry":
      return messages.retry(turn, event.session, event.id);
    case "user/discard":
      return messages.discard(turn, event.session, event.id);
    case "user/answer":
      return consent.answer(turn, event.question, event.answer);
    case "user/verify":
      return verification.show(turn, event.session, event.open);
    case "user/verified":
      return verification.decide(turn, event.session, event.value);
    case "settings/changed":
      return joining.settingsChanged(turn, event.settings);
    case "people/loaded":
      return peopleLoaded(turn, event.people);
    case "history/loaded":
      return history.loaded(turn, event);
    case "history/cleared":
      return history.cleared(turn, event.session);
    case "panel/visible":
      return attention.setVisible(turn, event.visible);
    case "panel/above":
      return attention.setAbove(turn, event.sessions);
    case "host/focus":
      return attention.setFocused(turn, event.focused);
    case "host/occupied":
      return attention.setOccupied(turn, event.occupied);
    case "host/notAttached":
      return turn.session(event.session) && turn.notice(event.session, "error", event.text);
    case "host/askWhere":
      return whereabouts.askUser(turn, event.session);
    case "user/mute":
      return turn.setSession(event.session, { muted: event.value });
    case "window/restored":
      return joining.restore(turn);
    case "storage/failed":
      return storage.storageFailed(turn, event.failure, (channel) => peerSession.resend(turn, channel));
    case "storage/recovered":
      return storage.storageRecovered(turn, (channel) => peerSession.resend(turn, channel));
    case "history/failed":
      return storage.historyFailed(turn);
    case "transfer/changed":
      return transferLinks.changed(turn, event.transfer);
    case "file/kept":
      return transferLinks.kept(turn, event);
    case "changes/applied":
      return appliedChanges.applied(turn, event);
    case "file/composed":
      return composedFiles.composed(turn, event.sid, event.file);
    case "file/discarded":
      return composedFiles.discarded(turn, event.id);
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
    case "listener/ready":
      return joining.listenerReady(turn, event);
    case "listener/failed":
      return joining.listenerFailed(turn, event.text, event.isHopeless);
    case "link/connected":
      return hellos.connected(turn, event);
    case "peer/number":
      return verification.learn(turn, event.pin, event.number);
    case "link/frame":
      return linkEvents.linkFrame(turn, event);
    case "link/failed":
      return linkEvents.linkFailed(turn, event);
    case "link/closed":
      return linkEvents.linkClosed(turn, event);
    case "bulk/needsTicket":
      return bulkTickets.ask(turn, event.session);
    default:
      assertNever(event);
  }
}

function serverMessage(turn: Turn, message: Exclude<ServerMessage, { type: "challenge" }>): void {
  // Before joining, there is no other place for an error.
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
    case "presence":
      return presence.presenceReceived(turn, message.name, message.state);
    case "left":
      return lobby.left(turn, message);
    case "invite":
      return offered(turn, { ...message, introduction: null });
    case "withdrawn":
      return withdrawn(turn, message.sid);
    case "introduction":
      return forking.forkIntroduced(turn, message);
    case "reach":
      return meetAgain.reached(turn, message);
    case "reaching":
      return meetAgain.reaching(turn, message);
    case "tunnel":
      return bulkTickets.offered(turn, message);
    case "tunneling":
      return bulkTickets.given(turn, message);
    case "declined":
      return forking.forkDeclined(turn, message);
    case "error":
      return serverError(turn, message);
    default:
      assertNever(message);
  }
}

function serverError(turn: Turn, message: Extract<ServerMessage, { type: "error" }>): void {
  const fork = turn.state.forks.find((candidate) => candidate.id === message.id);
  const { id } = message;
  if (id !== undefined && (meetAgain.reachFailed(turn, id) || bulkTickets.refused(turn, id))) return;
  // The invitation is over: forks have crossed, or the caller left. Or the server is older than one of our messages.
  if (message.code === "unknown-invite" || message.code === "unknown-type") return;
  if (fork !== undefined) return forking.forkRejected(turn, fork, message);
  const text = serverErrorText(message.code, message.text);
  if (message.id === undefined) turn.notice(turn.lobby.number, "error", l10n.t("The server says: {0}", text));
  else if (message.code === "rate-limited") lobby.slowDown(turn, message.retryMs ?? 0);
  else lobby.messageRejected(turn, message.id, text);
}

function timer(turn: Turn, key: TimerKey): void {
  if (key === "reconnect") return joining.retryNow(turn);
  if (key === "grace") return showLoss(turn);
  if (key === "pace") return lobby.sendPending(turn);
  if (key === "notify") return attention.notify(turn);
  const kind = key.slice(0, key.indexOf(":"));
  timersOf[kind]?.(turn, key.slice(kind.length + 1) as SessionId);
}

const timersOf: Readonly<Record<string, (turn: Turn, id: SessionId) => void>> = {
  fork: forking.forkTimedOut,
  invite: inviteTimedOut,
  redial: dialling.redial,
  relay: dialling.dialRelay,
  direct: dialling.tryDirect,
  introduce: introducing.timedOut,
  typing: (turn, sid) => presence.typingReceived(turn, sid, false),
  writing: presence.writingEnded,
  where: whereabouts.expired,
  asked: whereabouts.notAnswered,
};

/** Events of former connections are stale. */
function isCurrent(turn: Turn, connection: number): boolean {
  const current = turn.state.connection;
  return (current.status === "connecting" || current.status === "online") && current.id === connection;
}
