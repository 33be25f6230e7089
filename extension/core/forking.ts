// From `\fork` to an open peer session, on both sides. On ours: asked at the server, introduced, dialling. On
// the other's: invited, waiting for the connection.
import type { SessionId } from "../../protocol/fields.ts";
import { limits } from "../../protocol/limits.ts";
import { nameKey } from "../../protocol/names.ts";
import type { ServerMessage } from "../../protocol/rendezvous.ts";
import { network } from "./effects.ts";
import { sessionNumber, type Fork, type Invite, type PeerSession } from "./state.ts";
import { declined, failures } from "./texts.ts";
import { append, emptyTranscript, type Transcript } from "./transcript.ts";
import type { Turn } from "./turn.ts";

type Message<T extends ServerMessage["type"]> = Extract<ServerMessage, { type: T }>;

export function fork(turn: Turn, request: number, name: string): void {
  const { connection, me, users } = turn.state;
  if (connection.status !== "online" || me === null) return;
  const key = nameKey(name);
  if (key === nameKey(me.name)) return turn.fail(request, failures.selfFork);
  const current = openSession(turn, name);
  if (current !== undefined)
    return turn.fail(request, failures.alreadyInSession(current.peer, current.number));
  const to = users.find((user) => nameKey(user) === key);
  if (to === undefined) return turn.fail(request, failures.unknownUser(name));
  if (turn.state.forks.some((other) => nameKey(other.to) === key)) {
    return turn.fail(request, failures.alreadyForking(to));
  }
  if (isFull(turn)) return turn.fail(request, failures.tooManySessions);

  // The other side has asked for this very session: it only has to become the active one when it opens.
  const [invite] = invitesFrom(turn, name);
  if (invite !== undefined) {
    if (invite.wanted) return turn.fail(request, failures.alreadyForking(to));
    return setInvite(turn, invite.sid, { wanted: true, request });
  }
  const id = turn.newMessageId();
  turn.set({ forks: [...turn.state.forks, { id, to, request, sid: null }] });
  turn.emit(network("send", connection.id, { type: "fork", id, to }), {
    type: "schedule",
    key: `fork:${id}`,
    // The server's own time for an answer, and as much again for dialling.
    ms: 2 * limits.introductionMs,
  });
}

export function introduced(turn: Turn, message: Message<"introduction">): void {
  const fork = findFork(turn, message.id);
  if (fork?.sid !== null) return;
  if (isTaken(turn, message.sid)) return failFork(turn, fork, "the server has mixed it up with another");
  const forks = turn.state.forks.map((other) => (other === fork ? { ...fork, sid: message.sid } : other));
  turn.set({ forks });
  turn.emit(network("dial", message.sid, message.card));
}

export function forkDeclined(turn: Turn, message: Message<"declined">): void {
  failFork(turn, findFork(turn, message.id), declined(message.reason));
}

/** The server did not take a fork, in its own words. */
export function forkRejected(turn: Turn, fork: Fork, text: string): void {
  failFork(turn, fork, text.replace(/\.$/u, ""));
}

/** The peer was dialled in vain. */
export function dialFailed(turn: Turn, sid: SessionId, why: string): void {
  failFork(
    turn,
    turn.state.forks.find((fork) => fork.sid === sid),
    why,
  );
}

export function forkTimedOut(turn: Turn, id: string): void {
  const fork = findFork(turn, id);
  if (fork?.sid != null) turn.emit(network("closePeer", fork.sid, "left"));
  failFork(turn, fork, "there was no answer in time");
}

/** Both have forked each other: the other's invitation is the one that counts. */
export function crossed(turn: Turn, message: Message<"crossed">): void {
  const fork = findFork(turn, message.id);
  if (fork === undefined) return;
  removeFork(turn, fork);
  const session = openSession(turn, fork.to);
  if (session?.sid === message.sid) {
    turn.activate(session.number);
    turn.succeed(fork.request);
  } else if (invitesFrom(turn, fork.to).some((invite) => invite.sid === message.sid)) {
    setInvite(turn, message.sid, { wanted: true, request: fork.request });
  } else {
    turn.fail(fork.request, failures.forkFailed(fork.to, "both of you tried at once; try again"));
  }
}

export function invited(turn: Turn, message: Message<"invite">): void {
  const { connection } = turn.state;
  if (connection.status !== "online" || isTaken(turn, message.sid)) return;
  const reason =
    openSession(turn, message.from) !== undefined ? "in-session" : isFull(turn) ? "unavailable" : null;
  if (reason !== null) {
    turn.emit(network("send", connection.id, { type: "decline", sid: message.sid, reason }));
    return;
  }
  // A newer invitation of the same person replaces one whose connection never came.
  for (const old of invitesFrom(turn, message.from)) {
    turn.emit(network("closePeer", old.sid, "left"));
    dropInvite(turn, old, "it was replaced by a newer one");
  }
  const invite: Invite = { sid: message.sid, from: message.from, wanted: false, request: null };
  turn.set({ invites: [...turn.state.invites, invite] });
  turn.emit(network("accept", connection.id, message.sid, limits.introductionMs), {
    type: "schedule",
    key: `invite:${message.sid}`,
    ms: 2 * limits.introductionMs,
  });
}

/** An accepted invitation whose connection never came. */
export function inviteTimedOut(turn: Turn, sid: string): void {
  const invite = turn.state.invites.find((candidate) => candidate.sid === sid);
  if (invite !== undefined) dropInvite(turn, invite, "the connection did not come in time");
}

/** Both sides have said hello: from here on there is a session. */
export function peerOpened(turn: Turn, sid: SessionId): void {
  const [, ...peers] = turn.state.sessions;
  if (peers.some((session) => session.sid === sid)) return;
  const fork = turn.state.forks.find((candidate) => candidate.sid === sid);
  const invite = turn.state.invites.find((candidate) => candidate.sid === sid);
  const peer = fork?.to ?? invite?.from;
  const current = peer === undefined ? undefined : openSession(turn, peer);
  if (current !== undefined) {
    openedTwice(turn, sid, current, fork, invite);
  } else if (fork !== undefined) {
    removeFork(turn, fork);
    const number = addSession(turn, sid, fork.to, "A");
    turn.notice(
      number,
      "info",
      `You opened this private session with ${fork.to}. It goes straight to that window, past the server.`,
    );
    turn.activate(number);
    turn.succeed(fork.request);
  } else if (invite !== undefined) {
    removeInvite(turn, invite);
    const number = addSession(turn, sid, invite.from, "B");
    turn.notice(
      number,
      "info",
      `${invite.from} opened this private session. It goes straight to that window, past the server.`,
    );
    if (invite.wanted) turn.activate(number);
    else turn.notice(turn.state.active, "info", `${invite.from} opened a private session: \\sw ${number}`);
    turn.succeed(invite.request);
  } else {
    turn.emit(network("closePeer", sid, "left"));
  }
}

/** A link to somebody with whom a session has been opened meanwhile: that one stays, and serves who waited. */
function openedTwice(
  turn: Turn,
  sid: SessionId,
  current: PeerSession,
  fork: Fork | undefined,
  invite: Invite | undefined,
): void {
  turn.emit(network("closePeer", sid, "left"));
  if (fork !== undefined) removeFork(turn, fork);
  if (invite !== undefined) removeInvite(turn, invite);
  if (fork !== undefined || invite?.wanted === true) turn.activate(current.number);
  turn.succeed(fork?.request ?? invite?.request ?? null);
}

/**
 * The next number. One that we open goes on below what a former session with that peer left to read. One that is opened
 * to us stands alone: while names are bound to nobody, it may be somebody else who came under that name.
 */
function addSession(turn: Turn, sid: SessionId, peer: string, role: "A" | "B"): PeerSession["number"] {
  const number = sessionNumber(turn.state.nextSession);
  const [lobby, ...peers] = turn.state.sessions;
  const former = role === "A" ? peers.find((session) => nameKey(session.peer) === nameKey(peer)) : undefined;
  const session: PeerSession = {
    kind: "peer",
    number,
    sid,
    peer,
    role,
    link: "open",
    transcript: former === undefined ? emptyTranscript : inherited(turn, former),
    pending: [],
    unread: 0,
    draft: former?.draft ?? "",
    sent: 0,
    received: 0,
  };
  turn.set({
    sessions: [lobby, ...peers.filter((other) => other !== former), session],
    nextSession: number + 1,
  });
  return number;
}

/** A former session's lines, and what of it was never confirmed: that is not sent again by itself, nor lost. */
function inherited(turn: Turn, former: PeerSession): Transcript {
  return former.pending.reduce(
    (transcript, { text }) =>
      append(transcript, {
        kind: "notice",
        level: "error",
        at: turn.at,
        text: `${former.peer} did not confirm: ${text}`,
      }),
    former.transcript,
  );
}

function openSession(turn: Turn, name: string): PeerSession | undefined {
  const key = nameKey(name);
  const [, ...peers] = turn.state.sessions;
  return peers.find((session) => session.link === "open" && nameKey(session.peer) === key);
}

function invitesFrom(turn: Turn, name: string): Invite[] {
  const key = nameKey(name);
  return turn.state.invites.filter((invite) => nameKey(invite.from) === key);
}

/** Whether an id names something here already: no second session may get it. */
function isTaken(turn: Turn, sid: SessionId): boolean {
  const { sessions, forks, invites } = turn.state;
  const [, ...peers] = sessions;
  return [...peers, ...forks, ...invites].some((other) => other.sid === sid);
}

function isFull(turn: Turn): boolean {
  const { sessions, forks, invites } = turn.state;
  return sessions.length - 1 + forks.length + invites.length >= limits.sessions;
}

function findFork(turn: Turn, id: string): Fork | undefined {
  return turn.state.forks.find((fork) => fork.id === id);
}

function removeFork(turn: Turn, fork: Fork): void {
  turn.set({ forks: turn.state.forks.filter((other) => other.id !== fork.id) });
  turn.emit({ type: "cancel", key: `fork:${fork.id}` });
}

function failFork(turn: Turn, fork: Fork | undefined, why: string): void {
  if (fork === undefined) return;
  removeFork(turn, fork);
  turn.fail(fork.request, failures.forkFailed(fork.to, why));
}

function setInvite(turn: Turn, sid: SessionId, change: Partial<Invite>): void {
  turn.set({
    invites: turn.state.invites.map((invite) => (invite.sid === sid ? { ...invite, ...change } : invite)),
  });
}

function removeInvite(turn: Turn, invite: Invite): void {
  turn.set({ invites: turn.state.invites.filter((other) => other.sid !== invite.sid) });
  turn.emit({ type: "cancel", key: `invite:${invite.sid}` });
}

function dropInvite(turn: Turn, invite: Invite, why: string): void {
  removeInvite(turn, invite);
  if (invite.wanted) turn.fail(invite.request, failures.forkFailed(invite.from, why));
}
