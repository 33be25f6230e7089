// The callee's side of a fork, from the invitation to the first link: consent, the answer, and the timeout.
import * as l10n from "@vscode/l10n";
import type { Card, Pin, SessionId, Token } from "../../../protocol/fields.ts";
import { limits } from "../../../protocol/limits.ts";
import { parseName } from "../../../protocol/nameRules.ts";
import { nameKey } from "../../../protocol/names.ts";
import type { DeclineReason } from "../../../protocol/rendezvous.ts";
import { ownCard } from "../channels/dialling.ts";
import { network } from "../model/effects.ts";
import { takeInvite } from "./inviteBudget.ts";
import { lookalikeOf } from "../people/lookalikes.ts";
import { hasChangedPin, isBlocked, learnBlockedKey, personNamed } from "../people/people.ts";
import * as peerSession from "../sessions/peerSession.ts";
import * as questions from "../people/questions.ts";
import type { PeerSession } from "../model/session.ts";
import type { Invite } from "../model/state.ts";
import { failures, trustTexts } from "../texts/texts.ts";
import type { Turn } from "../model/turn.ts";
import { findChannel, livingSession } from "../channels/channelState.ts";
import { dropChannel, sendToPeer, startChannel } from "../channels/channel.ts";

export type Offer = Pick<Invite, "sid" | "from" | "pin" | "introduction"> & { readonly expiresMs: number };

/** Handles a request for a private session, from the server or from a peer of ours: accepts, asks or declines. */
export function offered(turn: Turn, offer: Offer): void {
  const { sid, from, pin, introduction } = offer;
  if (isTaken(turn, sid)) return;
  if (!isAllowedName(turn, from)) return answer(turn, offer, "unavailable");
  if (isBlocked(turn.state, from, pin)) {
    if (introduction === null) learnBlockedKey(turn, from, pin);
    return answer(turn, offer, "unavailable");
  }
  const current = livingSession(turn, from);
  if (current !== undefined && (current.pin !== pin || current.link === "open")) {
    return answer(turn, offer, current.pin === pin ? "in-session" : "unavailable");
  }
  const budget = takeInvite(turn, introduction === null ? "server" : "peers");
  if (budget === "too-many") turn.notice(turn.lobby.number, "info", trustTexts.tooManyInvites);
  if (budget !== "taken" || isFull(turn) || lookalikeOf(turn.state, from, pin) !== undefined) {
    return answer(turn, offer, "unavailable");
  }
  const pending = invitesFrom(turn, from);
  // Only one key per name can be answered: the one that asked first.
  if (pending.some((invite) => invite.pin !== pin)) return answer(turn, offer, "unavailable");
  // A newer invitation from the same person replaces one whose link never came.
  for (const old of pending) dropInvite(turn, old, l10n.t("a newer request replaced it"));
  decide(turn, offer);
}

/** Ends a session whose peer has started over. */
export function supersede(turn: Turn, session: PeerSession): void {
  dropChannel(turn, session.sid, "left");
  peerSession.peerDoesNotKnow(turn, session);
}

/** Servers enforce the naming rules; an introducing peer, or a dishonest server, could send any name. */
function isAllowedName(turn: Turn, name: string): boolean {
  const parsed = parseName(name);
  const own = turn.state.me?.name ?? "";
  return parsed.ok && parsed.value === name && nameKey(name) !== nameKey(own);
}

function decide(turn: Turn, offer: Offer): void {
  const { from, pin } = offer;
  const changed = hasChangedPin(turn.state, from, pin);
  const { acceptForks } = turn.state.settings;
  const isKnown = personNamed(turn.state, from)?.pin === pin;
  if (!changed && (acceptForks === "always" || (acceptForks === "known" && isKnown))) {
    add(turn, offer, "accepted");
    accept(turn, offer.sid);
  } else if (acceptForks === "never") {
    answer(turn, offer, "declined");
  } else {
    add(turn, offer, "asking");
    const text = changed ? trustTexts.askChanged(from) : trustTexts.ask(from, offer.introduction?.by ?? null);
    questions.ask(
      turn,
      { about: "invite", sid: offer.sid },
      {
        text,
        loud: false,
        yes: changed ? l10n.t("Trust New Key") : l10n.t("Accept"),
        no: l10n.t("Decline"),
        block: true,
      },
    );
    turn.notice(
      turn.lobby.number,
      changed ? "error" : "info",
      `${text} ${l10n.t("\\accept {0} or \\decline {0}", from)}`,
    );
  }
}

function add(turn: Turn, offer: Offer, phase: Invite["phase"]): void {
  const { sid, from, pin, introduction, expiresMs } = offer;
  const invite: Invite = {
    ...{ sid, from, pin, introduction, phase },
    ...{ formerPin: null, wanted: false, request: null },
  };
  turn.set({ invites: [...turn.state.invites, invite] });
  const ms = Math.min(expiresMs, limits.introductionMs) + (phase === "accepted" ? limits.connectMs : 0);
  turn.emit({ type: "schedule", key: `invite:${sid}`, ms });
}

/** The user wants the session, too. That does not decide about a changed key, about which they may not have read yet. */
export function want(turn: Turn, { sid, from, pin, phase }: Invite, request: number): void {
  setInvite(turn, sid, { wanted: true, request });
  if (phase === "accepted") return;
  if (!hasChangedPin(turn.state, from, pin)) return accept(turn, sid);
  closeQuestion(turn, sid);
  questions.ask(turn, { about: "invite", sid }, questions.ofChangedKey(from));
}

function closeQuestion(turn: Turn, sid: SessionId): void {
  questions.close(turn, (question) => question.about === "invite" && question.sid === sid);
}

/** Accepts an invitation: from here on its key is let in. */
export function accept(turn: Turn, sid: SessionId): void {
  const invite = turn.state.invites.find((each) => each.sid === sid);
  if (invite === undefined) return;
  closeQuestion(turn, sid);
  const formerPin = personNamed(turn.state, invite.from)?.pin ?? null;
  setInvite(turn, sid, { phase: "accepted", formerPin });
  answer(turn, invite, null);
  turn.emit({ type: "schedule", key: `invite:${sid}`, ms: limits.introductionMs + limits.connectMs });
}

/** Declines an invitation. */
export function decline(turn: Turn, sid: SessionId, reason: DeclineReason = "declined"): void {
  const invite = turn.state.invites.find((each) => each.sid === sid);
  if (invite === undefined) return;
  answer(turn, invite, reason);
  dropInvite(turn, invite, l10n.t("you declined it"));
}

/** Sends the answer to the server, now or when it is back, or to the peer who introduces us. `null` accepts. */
export function answer(
  turn: Turn,
  { sid, introduction }: Pick<Invite, "sid" | "introduction">,
  reason: DeclineReason | null,
): void {
  if (introduction !== null) {
    const card = ownCard(turn.state);
    const consent = reason === null ? { accepted: true, card } : { accepted: false };
    sendToPeer(turn, introduction.over, { type: "consent", sid, ...consent });
  } else if (turn.state.connection.status === "online") send(turn, sid, reason);
  else if (reason !== null) turn.set({ declines: [...turn.state.declines, { sid, reason }] });
}

/** The server is back. It may not have got what was accepted last. Invitations that have ended meanwhile are not affected. */
export function answerAgain(turn: Turn): void {
  const { invites, declines } = turn.state;
  for (const { sid, phase, introduction } of invites) {
    if (phase === "accepted" && introduction === null && findChannel(turn, sid) === undefined)
      send(turn, sid, null);
  }
  for (const { sid, reason } of declines) send(turn, sid, reason);
  turn.set({ declines: [] });
}

function send(turn: Turn, sid: SessionId, reason: DeclineReason | null): void {
  const { connection } = turn.state;
  if (connection.status !== "online") return;
  const message =
    reason === null
      ? ({ type: "accept", sid, card: ownCard(turn.state) } as const)
      : ({ type: "decline", sid, reason } as const);
  turn.emit(network("send", connection.id, message));
}

/** The introduction for an invitation that we accepted: the caller's addresses. */
export function inviteIntroduced(
  turn: Turn,
  invite: Invite,
  card: Card,
  near: boolean,
  ticket: Token | undefined,
): void {
  startChannel(turn, {
    sid: invite.sid,
    peer: invite.from,
    pin: invite.pin,
    role: invite.introduction?.role ?? "B",
    addresses: card.addresses,
    near,
    ticket: ticket ?? null,
  });
}

/** A caller has connected before its introduction: the channel starts with only the caller's key. */
export function startInvited(turn: Turn, sid: SessionId, pin: Pin): void {
  const invite = turn.state.invites.find((each) => each.sid === sid);
  if (invite?.pin !== pin || invite.phase !== "accepted") return;
  inviteIntroduced(turn, invite, { addresses: [] }, false, undefined);
}

/** No one answered, or the link never came. */
export function inviteTimedOut(turn: Turn, sid: string): void {
  const invite = turn.state.invites.find((candidate) => candidate.sid === sid);
  if (invite === undefined) return;
  dropInvite(turn, invite, findChannel(turn, sid)?.failure ?? l10n.t("the connection timed out"));
}

export function dropInvite(turn: Turn, invite: Invite, why: string): void {
  removeInvite(turn, invite.sid);
  dropChannel(turn, invite.sid, "left");
  if (invite.wanted) turn.fail(invite.request, failures.forkFailed(invite.from, why));
}

export function removeInvite(turn: Turn, sid: SessionId): void {
  closeQuestion(turn, sid);
  turn.set({ invites: turn.state.invites.filter((other) => other.sid !== sid) });
  turn.emit({ type: "cancel", key: `invite:${sid}` });
}

export function setInvite(turn: Turn, sid: SessionId, change: Partial<Invite>): void {
  turn.set({
    invites: turn.state.invites.map((invite) => (invite.sid === sid ? { ...invite, ...change } : invite)),
  });
}

export function invitesFrom(turn: Turn, name: string): Invite[] {
  const key = nameKey(name);
  return turn.state.invites.filter((invite) => nameKey(invite.from) === key);
}

/** Whether it is from the one whom the user would mean by that name: a peer can introduce anyone under any name. */
export function isMeant(turn: Turn, { from, pin, introduction }: Invite): boolean {
  return introduction === null || personNamed(turn.state, from)?.pin === pin;
}

/** Whether an id is already in use here: no second session may get it. */
export function isTaken(turn: Turn, sid: SessionId): boolean {
  const { sessions, channels, forks, invites } = turn.state;
  const [, ...peers] = sessions;
  return [...peers, ...channels, ...forks, ...invites].some((other) => other.sid === sid);
}

export function isFull(turn: Turn): boolean {
  const { sessions, forks, invites } = turn.state;
  return sessions.length - 1 + forks.length + invites.length >= limits.sessions;
}
