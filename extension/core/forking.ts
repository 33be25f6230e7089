// From `\fork` to an open private session: asked at the server, introduced, its key looked at, dialled. The other side's
// part is in invites.ts.
import * as l10n from "@vscode/l10n";
import type { SessionId } from "../../protocol/fields.ts";
import { limits } from "../../protocol/limits.ts";
import { nameKey } from "../../protocol/names.ts";
import type { ServerMessage } from "../../protocol/rendezvous.ts";
import * as attention from "./attention.ts";
import { ownCard } from "./dialling.ts";
import { network } from "./effects.ts";
import {
  accept,
  introduced as invitedIntroduced,
  invitesFrom,
  isFull,
  isTaken,
  removeInvite,
  setInvite,
  supersede,
} from "./invites.ts";
import { nearest } from "./nearest.ts";
import { hasChangedPin, isBlocked, meet } from "./people.ts";
import * as questions from "./questions.ts";
import { attentive, sessionNumber, type PeerSession } from "./session.ts";
import type { Fork, Invite } from "./state.ts";
import type { Wire } from "./wire.ts";
import { declined, failures, opened, serverErrorText, trustTexts } from "./texts.ts";
import { append, emptyTranscript, withoutNumbers, type Transcript } from "./transcript.ts";
import type { Turn } from "./turn.ts";
import { findWire, wiredSession } from "./wireState.ts";
import { dropWire, learnAddresses, startWire } from "./wires.ts";

export { startInvited } from "./invites.ts";

/** Milliseconds from the introduction to the first link, or nobody wants to wait any longer. */
const FIRST_LINK_MS = 20_000;

type Message<T extends ServerMessage["type"]> = Extract<ServerMessage, { type: T }>;

export function fork(turn: Turn, request: number, name: string): void {
  const { connection, me, users } = turn.state;
  if (connection.status !== "online" || me === null) return;
  const key = nameKey(name);
  if (key === nameKey(me.name)) return turn.fail(request, failures.selfFork);
  const current = wiredSession(turn, name);
  if (current !== undefined) return turn.fail(request, failures.alreadyInSession(current));
  const to = users.find((user) => nameKey(user) === key);
  if (to === undefined)
    return turn.fail(request, failures.unknownUser(name, probablyMeant(turn, me.name, key)));
  if (isBlocked(turn.state, to, null)) return turn.fail(request, failures.blocked(to));
  if (turn.state.forks.some((other) => nameKey(other.to) === key)) {
    return turn.fail(request, failures.alreadyForking(to));
  }
  if (isFull(turn)) return turn.fail(request, failures.tooManySessions);

  // The other side has asked for this very session: it only has to become the active one when it opens.
  const [invite] = invitesFrom(turn, name);
  if (invite !== undefined) {
    if (invite.wanted) return turn.fail(request, failures.alreadyForking(to));
    setInvite(turn, invite.sid, { wanted: true, request });
    if (invite.phase === "asking") accept(turn, invite.sid);
    return;
  }
  ask(turn, to, request);
}

/** Who is online under a name near to a mistyped one. */
function probablyMeant({ state: { users } }: Turn, me: string, key: string): string | undefined {
  const others = new Map(users.filter((user) => user !== me).map((user) => [nameKey(user), user]));
  return others.get(nearest(key, [...others.keys()]) ?? "");
}

function ask(turn: Turn, to: string, request: number | null): void {
  const { connection } = turn.state;
  if (connection.status !== "online") return;
  const id = turn.newMessageId();
  turn.set({ forks: [...turn.state.forks, { id, to, request, sid: null }] });
  turn.emit(network("send", connection.id, { type: "fork", id, to, card: ownCard(turn.state) }), {
    type: "schedule",
    key: `fork:${id}`,
    ms: limits.introductionMs + limits.connectMs,
  });
}

/** Both have consented: by our fork, by our acceptance, or by forks that crossed. */
export function introduced(turn: Turn, message: Message<"introduction">): void {
  const { sid, role, peer, id, ticket } = message;
  const invite = turn.state.invites.find((candidate) => candidate.sid === sid);
  if (id === undefined) {
    if (invite === undefined || invite.phase !== "accepted" || invite.pin !== peer.pin) return;
    if (findWire(turn, sid) === undefined) invitedIntroduced(turn, invite, peer.card, ticket);
    else learnAddresses(turn, sid, peer.card.addresses);
    return;
  }
  const fork = findFork(turn, id);
  if (fork?.sid !== null) return;
  const mixedUp = l10n.t("the server has mixed it up with another");
  if (invite !== undefined) {
    removeInvite(turn, sid);
    if (invite.wanted) turn.fail(invite.request, failures.forkFailed(invite.from, mixedUp));
  } else if (isTaken(turn, sid)) return failFork(turn, fork, mixedUp);
  if (isBlocked(turn.state, fork.to, peer.pin))
    return failFork(turn, fork, l10n.t("you have blocked that key"));
  if (hasChangedPin(turn.state, fork.to, peer.pin)) {
    holdFork(turn, fork, message);
    return;
  }
  turn.set({ forks: turn.state.forks.map((other) => (other === fork ? { ...fork, sid } : other)) });
  turn.emit({ type: "schedule", key: `fork:${id}`, ms: FIRST_LINK_MS });
  startWire(turn, {
    sid,
    peer: fork.to,
    pin: peer.pin,
    role,
    addresses: peer.card.addresses,
    ticket: ticket ?? null,
  });
}

/** Another key than the one that is remembered: nothing opens before a clear decision. */
function holdFork(turn: Turn, fork: Fork, { sid, peer }: Message<"introduction">): void {
  turn.set({ forks: turn.state.forks.map((other) => (other === fork ? { ...fork, sid } : other)) });
  questions.ask(
    turn,
    { about: "changed-pin", fork: fork.id, pin: peer.pin },
    {
      text: trustTexts.askChanged(fork.to),
      loud: true,
      yes: l10n.t("Trust the New Key"),
      no: l10n.t("Cancel"),
      block: false,
    },
  );
  turn.notice(turn.lobby.number, "error", trustTexts.askChanged(fork.to));
}

/** The user's decision about a key that has changed: yes remembers the new one, and forks anew. */
export function decideChangedPin(
  turn: Turn,
  question: { readonly fork: string; readonly pin: Parameters<typeof meet>[2] },
  yes: boolean,
): void {
  const fork = findFork(turn, question.fork);
  if (fork === undefined) return;
  if (!yes) return failFork(turn, fork, l10n.t("its key has changed, and you did not trust the new one"));
  removeFork(turn, fork);
  meet(turn, fork.to, question.pin);
  if (turn.state.connection.status === "online") ask(turn, fork.to, fork.request);
  else turn.fail(fork.request, failures.forkFailed(fork.to, l10n.t("there is no connection to the server")));
}

export function forkDeclined(turn: Turn, message: Message<"declined">): void {
  failFork(turn, findFork(turn, message.id), declined(message.reason));
}

/** The server did not take a fork. */
export function forkRejected(turn: Turn, fork: Fork, { code, text, retryMs }: Message<"error">): void {
  const why =
    code === "rate-limited" && retryMs !== undefined
      ? tooMuch(retryMs)
      : serverErrorText(code, text).replace(/[.。]$/u, "");
  failFork(turn, fork, why);
}

/** Of forks alone, or of all that was sent: the server does not tell which. */
function tooMuch(retryMs: number): string {
  const seconds = Math.max(1, Math.ceil(retryMs / 1_000));
  return l10n.t("too much was asked of the server at once; there is room again in {0} s", seconds);
}

export function forkTimedOut(turn: Turn, id: string): void {
  const fork = findFork(turn, id);
  const why = fork?.sid == null ? undefined : findWire(turn, fork.sid)?.failure;
  failFork(turn, fork, why ?? l10n.t("there was no answer in time"));
}

/** The first link of a session never came: on whoever's wish it was. */
export function wireFailed(turn: Turn, sid: SessionId, why: string): void {
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

/** The first link is there: from here on there is a session. */
export function wireOpened(turn: Turn, wire: Wire): void {
  const { sid, peer } = wire;
  const invite = turn.state.invites.find((candidate) => candidate.sid === sid);
  // Of forks that crossed, the other's link may be here before the answer to ours: it is what ours has asked for.
  const fork =
    turn.state.forks.find((candidate) => candidate.sid === sid) ??
    turn.state.forks.find(({ sid: none, to }) => none === null && nameKey(to) === nameKey(peer));
  const current = wiredSession(turn, peer);
  if (fork === undefined && invite === undefined) {
    dropWire(turn, sid, "left");
    return;
  }
  if (fork !== undefined) removeFork(turn, fork);
  if (invite !== undefined) removeInvite(turn, sid);
  const isWanted = fork !== undefined || invite?.wanted === true;
  if (current !== undefined && (current.link === "open" || current.pin !== wire.pin)) {
    // A session with them has been opened meanwhile: that one stays, and serves who waited.
    dropWire(turn, sid, "left");
    if (isWanted) turn.activate(current.number);
  } else {
    // Its own key has come for a new one: it does not know the session that is away here any more.
    if (current !== undefined) supersede(turn, current);
    meet(turn, peer, wire.pin, !isWanted);
    const session = addSession(turn, wire, invite ?? null);
    turn.notice(session, "info", opened(wire, invite?.introduction?.by ?? null));
    if (isWanted) turn.activate(session);
    else {
      turn.notice(turn.state.active, "info", l10n.t("{0} opened a private session: \\sw {1}", peer, session));
      attention.note(turn, { kind: "fork", session, from: peer });
    }
  }
  turn.succeed(fork?.request ?? invite?.request ?? null);
}

/**
 * The next number. One that we open goes on below what a former session with that very key left to read. One that is
 * opened to us stands alone.
 */
function addSession(turn: Turn, wire: Wire, invite: Invite | null): PeerSession["number"] {
  const { sid, peer, pin, role } = wire;
  const number = sessionNumber(turn.state.nextSession);
  const [lobby, ...peers] = turn.state.sessions;
  const former =
    role === "A"
      ? peers.find(
          (each) => each.link === "ended" && nameKey(each.peer) === nameKey(peer) && each.pin === pin,
        )
      : undefined;
  const session: PeerSession = {
    kind: "peer",
    number,
    sid,
    peer,
    pin,
    role,
    link: "open",
    awayTold: false,
    verifiedByPeer: false,
    decided: false,
    ...{ readUpTo: 0, toldRead: 0, typing: false, toldTyping: null, ...attentive },
    introducedBy: invite?.introduction?.by ?? null,
    transcript: former === undefined ? emptyTranscript : inherited(turn, former),
    pending: [],
    unread: 0,
    draft: former?.draft ?? "",
    draftAbout: null,
  };
  turn.set({
    sessions: [lobby, ...peers.filter((other) => other !== former), session],
    nextSession: number + 1,
  });
  return number;
}

/** A former session's lines, and what of it was never confirmed: that is not sent again by itself, nor lost. */
function inherited(turn: Turn, former: PeerSession): Transcript {
  // An edit that was never confirmed has not happened; what was said has to be told.
  const said = former.pending.filter(({ about }) => about === undefined || about.kind === "reply");
  return said.reduce(
    (transcript, { text }) =>
      append(transcript, {
        kind: "notice",
        level: "error",
        at: turn.at,
        text: l10n.t("{0} did not confirm: {1}", former.peer, text),
      }),
    withoutNumbers(former.transcript),
  );
}

function findFork(turn: Turn, id: string): Fork | undefined {
  return turn.state.forks.find((fork) => fork.id === id);
}

function removeFork(turn: Turn, fork: Fork): void {
  questions.close(turn, (question) => question.about === "changed-pin" && question.fork === fork.id);
  turn.set({ forks: turn.state.forks.filter((other) => other.id !== fork.id) });
  turn.emit({ type: "cancel", key: `fork:${fork.id}` });
}

export function failFork(turn: Turn, fork: Fork | undefined, why: string): void {
  if (fork === undefined) return;
  removeFork(turn, fork);
  if (fork.sid !== null) dropWire(turn, fork.sid, "left");
  turn.fail(fork.request, failures.forkFailed(fork.to, why));
}
