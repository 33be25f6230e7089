// This user's unanswered forks: how they are shown, ended and canceled. Nothing that arrives after a cancellation opens
// a session.
import * as l10n from "@vscode/l10n";
import type { Pin, SessionId } from "../../../protocol/fields.ts";
import { err } from "../../../protocol/result.ts";
import type { ForkView } from "../../../protocol/webview.ts";
import { network } from "../model/effects.ts";
import { answer, removeInvite } from "./invites.ts";
import * as questions from "../people/questions.ts";
import type { Fork, Invite, State } from "../model/state.ts";
import { failures } from "../texts/texts.ts";
import type { Turn } from "../model/turn.ts";
import { dropChannel, sayFarewell } from "../channels/channel.ts";

/** Our unanswered requests, oldest first. */
export function openForks({ forks, invites, channels }: State): ForkView[] {
  const asked = forks
    .filter(({ cancelled }) => !cancelled)
    .map(({ id, to, sid }): ForkView => {
      const dials = channels.some((channel) => channel.sid === sid);
      return { id, name: to, phase: dials ? "connecting" : "asking" };
    });
  const wanted = invites
    .filter((invite) => invite.wanted)
    .map(({ sid, from }): ForkView => ({ id: sid, name: from, phase: "connecting" }));
  return [...asked, ...wanted];
}

export function openForkText({ name, phase }: ForkView): string {
  return phase === "asking" ? l10n.t("Asking {0}…", name) : l10n.t("Connecting to {0}…", name);
}

/** Cancels a fork that the user no longer wants. Does nothing if it is already over. */
export function cancelFork(turn: Turn, id: string): void {
  const fork = turn.state.forks.find((each) => each.id === id && !each.cancelled);
  const invite = turn.state.invites.find((each) => each.sid === id && each.wanted);
  if (fork !== undefined) withdraw(turn, fork);
  else if (invite !== undefined) takeConsentBack(turn, invite);
  const asked = fork?.to ?? invite?.from;
  if (asked === undefined) return;
  const { code, text } = failures.forkCancelled(asked);
  turn.notice(turn.state.active, "info", text);
  turn.settle((fork ?? invite)?.request ?? null, err({ code, text }));
}

function withdraw(turn: Turn, fork: Fork): void {
  const channel = turn.state.channels.find(({ sid }) => sid === fork.sid);
  if (fork.sid !== null) {
    if (channel === undefined) removeFork(turn, fork);
    else end(turn, channel.sid, channel.pin, () => removeFork(turn, fork));
    return;
  }
  withdrawAtServer(turn, fork);
}

/** The server will answer, or has answered already: until then the fork is remembered as canceled. */
function withdrawAtServer(turn: Turn, fork: Fork): void {
  const cancelled: Fork = { ...fork, cancelled: true, request: null };
  turn.set({ forks: turn.state.forks.map((each) => (each === fork ? cancelled : each)) });
  sendWithdrawal(turn, cancelled);
}

/** Call when the server is back, too: it may not have got it. */
export function sendWithdrawal(turn: Turn, { id }: Fork): void {
  const { connection } = turn.state;
  if (connection.status === "online") turn.emit(network("send", connection.id, { type: "withdraw", id }));
}

function takeConsentBack(turn: Turn, invite: Invite): void {
  const { sid, pin, phase } = invite;
  const isPassedOn = phase === "accepted" && turn.state.connection.status === "online";
  if (!isPassedOn) answer(turn, invite, "declined");
  if (phase === "asking") removeInvite(turn, sid);
  else end(turn, sid, pin, () => removeInvite(turn, sid));
}

/** Both had agreed, so the other side may connect at any moment. Its connection is then told that this has ended. */
function end(turn: Turn, sid: SessionId, pin: Pin, remove: () => void): void {
  remove();
  dropChannel(turn, sid, "left");
  sayFarewell(turn, { sid, pin, reason: "left" });
}

/** The introduction has crossed our cancellation. */
export function introducedTooLate(turn: Turn, fork: Fork, sid: SessionId, pin: Pin): void {
  removeFork(turn, fork);
  sayFarewell(turn, { sid, pin, reason: "left" });
}

/** The caller has withdrawn its invitation. */
export function withdrawn(turn: Turn, sid: SessionId): void {
  const invite = turn.state.invites.find((each) => each.sid === sid);
  if (invite?.introduction !== null) return;
  endInvite(turn, invite);
  if (!invite.wanted && invite.phase === "asking") {
    turn.notice(turn.lobby.number, "info", l10n.t("{0} canceled the request.", invite.from));
  }
}

function endInvite(turn: Turn, invite: Invite): void {
  removeInvite(turn, invite.sid);
  dropChannel(turn, invite.sid, "left");
  if (!invite.wanted) return;
  turn.fail(invite.request, failures.forkFailed(invite.from, l10n.t("the request was canceled")));
}

export function findFork(turn: Turn, id: string): Fork | undefined {
  return turn.state.forks.find((fork) => fork.id === id);
}

export function removeFork(turn: Turn, fork: Fork): void {
  questions.close(turn, (question) => question.about === "changed-pin" && question.fork === fork.id);
  turn.set({ forks: turn.state.forks.filter((other) => other.id !== fork.id) });
  turn.emit({ type: "cancel", key: `fork:${fork.id}` });
}

/** The end of a canceled fork is not reported to anyone. */
export function failFork(turn: Turn, fork: Fork | undefined, why: string): void {
  if (fork === undefined) return;
  removeFork(turn, fork);
  if (fork.sid !== null) dropChannel(turn, fork.sid, "left");
  if (!fork.cancelled) turn.fail(fork.request, failures.forkFailed(fork.to, why));
}

/** Fails the forks that wait for the server, and withdraws them when it is back. Those that are dialing a peer continue. */
export function failForksAtServer(turn: Turn, why: string): void {
  for (const fork of turn.state.forks.filter(({ sid, cancelled }) => sid === null && !cancelled)) {
    withdrawAtServer(turn, fork);
    turn.fail(fork.request, failures.forkFailed(fork.to, why));
  }
}

/** The user has chosen a session. What they write in the lobby afterwards is not meant for those who are being asked. */
export function moveOn(turn: Turn): void {
  if (turn.state.forks.some(({ movedOn }) => !movedOn))
    turn.set({ forks: turn.state.forks.map((fork) => ({ ...fork, movedOn: true })) });
}
