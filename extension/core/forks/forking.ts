// The caller's side of a fork: asks the server, gets the introduction, checks the key, dials.
import * as l10n from "@vscode/l10n";
import type { SessionId } from "../../../protocol/fields.ts";
import { limits } from "../../../protocol/limits.ts";
import { nameKey } from "../../../protocol/names.ts";
import type { ServerMessage } from "../../../protocol/rendezvous.ts";
import { err } from "../../../protocol/result.ts";
import { ownCard } from "../channels/dialling.ts";
import { network } from "../model/effects.ts";
import {
  inviteIntroduced as invitedIntroduced,
  invitesFrom,
  isFull,
  isMeant,
  isTaken,
  removeInvite,
  want,
} from "./invites.ts";
import { lookalikeOf } from "../people/lookalikes.ts";
import { nearest } from "../people/nearest.ts";
import { failFork, findFork, introducedTooLate, removeFork, sendWithdrawal } from "./openForks.ts";
import { hasChangedPin, isBlocked, rememberPerson } from "../people/people.ts";
import * as questions from "../people/questions.ts";
import type { PeerSession } from "../model/session.ts";
import { isLobbyOpen } from "../model/sessionState.ts";
import type { Fork } from "../model/state.ts";
import { declined, failures, serverErrorText, trustTexts } from "../texts/texts.ts";
import type { Turn } from "../model/turn.ts";
import { findChannel, livingSession } from "../channels/channelState.ts";
import { learnAddresses, startChannel } from "../channels/channel.ts";

/** Milliseconds from the introduction to the first link. */
const FIRST_LINK_MS = 20_000;

type Message<T extends ServerMessage["type"]> = Extract<ServerMessage, { type: T }>;

export function fork(turn: Turn, request: number, name: string): void {
  const { me, users } = turn.state;
  if (!isLobbyOpen(turn.state) || me === null) return;
  const key = nameKey(name);
  if (key === nameKey(me.name)) return turn.fail(request, failures.selfFork);
  const current = livingSession(turn, name);
  if (current !== undefined) {
    if (!crossed(turn, current)) return turn.fail(request, failures.alreadyInSession(current));
    turn.activate(current.number);
    return turn.succeed(request);
  }
  const to = users.find((user) => nameKey(user) === key);
  if (to === undefined)
    return turn.fail(request, failures.unknownUser(name, probablyMeant(turn, me.name, key)));
  if (isBlocked(turn.state, to, null)) return turn.fail(request, failures.blocked(to));
  if (turn.state.forks.some((other) => !other.cancelled && nameKey(other.to) === key)) {
    return stillAsking(turn, request, to);
  }
  if (isFull(turn)) return turn.fail(request, failures.tooManySessions);

  // The other side has requested this very session, so it only has to become active when it opens.
  const invite = invitesFrom(turn, name).find((each) => isMeant(turn, each));
  if (invite !== undefined) {
    if (invite.wanted) return stillAsking(turn, request, to);
    return want(turn, invite, request);
  }
  ask(turn, to, request);
}

/** A repeated request changes nothing, and is not an error. */
function stillAsking(turn: Turn, request: number, to: string): void {
  const failure = failures.alreadyForking(to);
  turn.notice(turn.state.active, "info", failure.text);
  turn.settle(request, err(failure));
}

/** Milliseconds in which a session that the peer opened counts as the answer to our own fork: the two have crossed. */
const CROSSING_MS = 3_000;

/** Whether a session has just been opened to us and is still empty. */
function crossed(turn: Turn, { sid, role }: PeerSession): boolean {
  const channel = findChannel(turn, sid);
  if (channel?.link == null || role !== "B" || channel.sent + channel.received > 0) return false;
  return turn.at - channel.link.since < CROSSING_MS;
}

/** An online user whose name is close to a mistyped one. */
function probablyMeant({ state: { users } }: Turn, me: string, key: string): string | undefined {
  const others = new Map(users.filter((user) => user !== me).map((user) => [nameKey(user), user]));
  return others.get(nearest(key, [...others.keys()]) ?? "");
}

function ask(turn: Turn, to: string, request: number | null): void {
  const id = turn.newMessageId();
  const fork: Fork = { id, to, request, sid: null, at: turn.at, movedOn: false, cancelled: false };
  turn.set({ forks: [...turn.state.forks, fork] });
  send(turn, fork);
  turn.emit({ type: "schedule", key: `fork:${id}`, ms: limits.introductionMs + limits.connectMs });
}

function send(turn: Turn, { id, to }: Fork): void {
  const { connection } = turn.state;
  if (connection.status !== "online") return;
  turn.emit(network("send", connection.id, { type: "fork", id, to, card: ownCard(turn.state) }));
}

/** The server is back. It may have dropped the open requests, and has not got what was requested or canceled meanwhile. */
export function askAgain(turn: Turn): void {
  for (const fork of turn.state.forks.filter(({ sid }) => sid === null)) {
    if (fork.cancelled) sendWithdrawal(turn, fork);
    else send(turn, fork);
  }
}

/** Both have consented: by our fork, by our acceptance, or by crossed forks. */
export function forkIntroduced(turn: Turn, message: Message<"introduction">): void {
  const { sid, role, peer, id, near = false, ticket } = message;
  const invite = turn.state.invites.find((candidate) => candidate.sid === sid);
  if (id === undefined) {
    if (invite === undefined || invite.phase !== "accepted" || invite.pin !== peer.pin) return;
    if (findChannel(turn, sid) === undefined) invitedIntroduced(turn, invite, peer.card, near, ticket);
    else learnAddresses(turn, sid, peer.card.addresses, near);
    return;
  }
  const fork = findFork(turn, id);
  if (fork?.sid !== null) return;
  if (fork.cancelled) return introducedTooLate(turn, fork, sid, peer.pin);
  const mixedUp = l10n.t("the server mixed up two requests");
  if (invite !== undefined) {
    removeInvite(turn, sid);
    if (invite.wanted) turn.fail(invite.request, failures.forkFailed(invite.from, mixedUp));
  } else if (isTaken(turn, sid)) return failFork(turn, fork, mixedUp);
  if (isBlocked(turn.state, fork.to, peer.pin)) return failFork(turn, fork, l10n.t("you blocked this key"));
  const lookalike = lookalikeOf(turn.state, fork.to, peer.pin);
  if (lookalike !== undefined) {
    return failFork(turn, fork, l10n.t("their name looks like {0}, which someone else has", lookalike));
  }
  if (hasChangedPin(turn.state, fork.to, peer.pin)) {
    holdFork(turn, fork, message);
    return;
  }
  turn.set({ forks: turn.state.forks.map((other) => (other === fork ? { ...fork, sid } : other)) });
  turn.emit({ type: "schedule", key: `fork:${id}`, ms: FIRST_LINK_MS });
  startChannel(turn, {
    sid,
    peer: fork.to,
    pin: peer.pin,
    role,
    addresses: peer.card.addresses,
    near,
    ticket: ticket ?? null,
  });
}

/** The key differs from the remembered one: nothing opens before an explicit decision. */
function holdFork(turn: Turn, fork: Fork, { sid, peer }: Message<"introduction">): void {
  turn.set({ forks: turn.state.forks.map((other) => (other === fork ? { ...fork, sid } : other)) });
  questions.ask(
    turn,
    { about: "changed-pin", fork: fork.id, pin: peer.pin },
    questions.ofChangedKey(fork.to),
  );
  turn.notice(turn.lobby.number, "error", trustTexts.askChanged(fork.to));
}

/** Applies the user's decision about a changed key: accepting remembers the new one and forks again. */
export function decideChangedPin(
  turn: Turn,
  question: { readonly fork: string; readonly pin: Parameters<typeof rememberPerson>[2] },
  yes: boolean,
): void {
  const fork = findFork(turn, question.fork);
  if (fork === undefined) return;
  if (!yes) return failFork(turn, fork, l10n.t("their key has changed, and you didn't trust the new one"));
  removeFork(turn, fork);
  rememberPerson(turn, fork.to, question.pin);
  if (isLobbyOpen(turn.state)) ask(turn, fork.to, fork.request);
  else turn.fail(fork.request, failures.forkFailed(fork.to, l10n.t("not connected to the server")));
}

export function forkDeclined(turn: Turn, message: Message<"declined">): void {
  failFork(turn, findFork(turn, message.id), declined(message.reason));
}

/** The server rejected a fork. */
export function forkRejected(turn: Turn, fork: Fork, { code, text, retryMs }: Message<"error">): void {
  const { connection } = turn.state;
  // It was asked again after a rejoin, and is still open: its answer comes over the new connection.
  if (code === "fork-pending" && connection.status === "online" && fork.at < connection.since) return;
  const why =
    code === "rate-limited" && retryMs !== undefined
      ? tooMuch(retryMs)
      : serverErrorText(code, text).replace(/[.。]$/u, "");
  failFork(turn, fork, why);
}

/** The limit on forks, or on all messages; the server does not say which. */
function tooMuch(retryMs: number): string {
  const seconds = Math.max(1, Math.ceil(retryMs / 1_000));
  return l10n.t("too many requests to the server; try again in {0} s", seconds);
}

export function forkTimedOut(turn: Turn, id: string): void {
  const fork = findFork(turn, id);
  const why = fork?.sid == null ? undefined : findChannel(turn, fork.sid)?.failure;
  failFork(turn, fork, why ?? l10n.t("the request timed out"));
}

/** The first link of a session never came, no matter who requested it. */
export function firstLinkFailed(turn: Turn, sid: SessionId, why: string): void {
  failFork(
    turn,
    turn.state.forks.find((fork) => fork.sid === sid),
    why,
  );
  const invite = turn.state.invites.find((candidate) => candidate.sid === sid);
  if (invite === undefined) return;
  removeInvite(turn, sid);
  if (invite.wanted) turn.fail(invite.request, failures.forkFailed(invite.from, why));
}
