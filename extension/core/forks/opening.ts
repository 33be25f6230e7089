// The first link of a private session: it opens, and its user is switched to it if they requested it and are still
// waiting.
import * as l10n from "@vscode/l10n";
import { nameKey } from "../../../protocol/names.ts";
import * as attention from "../people/attention.ts";
import { dropInvite, isMeant, removeInvite, supersede } from "./invites.ts";
import { failFork, removeFork } from "./openForks.ts";
import { hasChangedPin, isBlocked, rememberPerson } from "../people/people.ts";
import { attentive, LOBBY, sessionNumber, type PeerSession } from "../model/session.ts";
import type { Fork, Invite } from "../model/state.ts";
import { opened } from "../texts/texts.ts";
import { append, emptyTranscript, withoutNumbers, type Transcript } from "../model/transcript.ts";
import type { Turn } from "../model/turn.ts";
import type { PeerChannel } from "../model/peerChannel.ts";
import { livingSession } from "../channels/channelState.ts";
import { dropChannel } from "../channels/channel.ts";

/** The first link is up: from here on there is a session. */
export function channelOpened(turn: Turn, channel: PeerChannel): void {
  const { sid, peer } = channel;
  const invite = turn.state.invites.find((candidate) => candidate.sid === sid);
  // With crossed forks, the other side's link may arrive before the answer to ours: it is what ours requested.
  const isMeantOne = invite !== undefined && isMeant(turn, invite);
  const fork =
    turn.state.forks.find((candidate) => candidate.sid === sid) ??
    turn.state.forks.find(
      ({ sid: none, to, cancelled }) =>
        isMeantOne && none === null && !cancelled && nameKey(to) === nameKey(peer),
    );
  const current = livingSession(turn, peer);
  const isBarred = isBlocked(turn.state, peer, channel.pin);
  if (isBarred || (fork === undefined && invite === undefined)) {
    dropChannel(turn, sid, "left");
    if (invite !== undefined) removeInvite(turn, sid);
    return;
  }
  // Another window, or another session, may have met someone else under that name meanwhile.
  if (hasChangedPin(turn.state, peer, channel.pin, invite?.formerPin)) {
    const why = l10n.t("their key has changed meanwhile");
    dropChannel(turn, sid, "left");
    if (fork?.sid === sid) failFork(turn, fork, why);
    if (invite !== undefined) dropInvite(turn, invite, why);
    return;
  }
  if (fork !== undefined) removeFork(turn, fork);
  if (invite !== undefined) removeInvite(turn, sid);
  const isWanted = fork !== undefined || invite?.wanted === true;
  if (current !== undefined && (current.link === "open" || current.pin !== channel.pin)) {
    // Another session with them has opened in the meantime: it stays, and settles the waiting commands.
    dropChannel(turn, sid, "left");
    if (isWanted) turn.activate(current.number);
  } else {
    // The peer's own key came for a new session: it no longer has the one that is away here.
    if (current !== undefined) supersede(turn, current);
    rememberPerson(turn, peer, channel.pin, !isWanted);
    const session = addSession(turn, channel, invite ?? null);
    const by = invite?.introduction?.by ?? null;
    turn.notice(session, "info", opened(channel, by));
    if (isWanted && shouldSwitch(turn, fork)) turn.activate(session);
    else if (isWanted) {
      turn.notice(
        turn.state.active,
        "info",
        l10n.t("Your private session with {0} is open: \\sw {1}", peer, session),
      );
      attention.note(turn, { kind: "fork", session, from: peer });
    } else {
      turn.notice(turn.state.active, "info", arrivedText(peer, session, by));
      attention.note(turn, { kind: "fork", session, from: peer, ...(by === null ? {} : { by }) });
    }
  }
  turn.succeed(fork?.request ?? invite?.request ?? null);
}

function arrivedText(peer: string, session: PeerSession["number"], by: string | null): string {
  return by === null
    ? l10n.t("{0} opened a private session: \\sw {1}", peer, session)
    : l10n.t("{0} introduced you to {1}: \\sw {2}", by, peer, session);
}

/** As long as lines wait behind a fork, so that none of them is written for another session. */
const AT_ONCE_MS = 3_000;

/** Whether the user is switched to the session they requested. A user who has moved on is not interrupted. */
function shouldSwitch(turn: Turn, fork: Fork | undefined): boolean {
  // They are in the former session, whose lines the new one has taken over.
  if (turn.session(turn.state.active) === undefined) return true;
  if (turn.state.active !== LOBBY) return false;
  const isLate = fork !== undefined && (fork.movedOn || turn.at - fork.at >= AT_ONCE_MS);
  return (
    !isLate || (turn.lobby.draft === "" && turn.lobby.draftAbout === null && turn.lobby.attached === null)
  );
}

/**
 * Adds a session with the next number. One that we open continues below the readable history of an ended session with
 * that very key. One that is opened to us starts empty.
 */
function addSession(turn: Turn, channel: PeerChannel, invite: Invite | null): PeerSession["number"] {
  const { sid, peer, pin, role } = channel;
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
    isAwayAnnounced: false,
    verifiedByPeer: false,
    decided: false,
    ...{ readUpTo: 0, readReceiptUpTo: 0, typing: false, typingToldAt: null, ...attentive },
    introducedBy: invite?.introduction?.by ?? null,
    transcript: former === undefined ? emptyTranscript : inherited(turn, former),
    pending: [],
    unread: 0,
    draft: former?.draft ?? "",
    draftAbout: null,
    attached: former?.attached ?? null,
    files: former?.files ?? [],
  };
  turn.set({
    sessions: [lobby, ...peers.filter((other) => other !== former), session],
    nextSession: number + 1,
    verifying: turn.state.verifying === former?.number ? null : turn.state.verifying,
  });
  return number;
}

/** A former session's lines, and its unacknowledged messages: those are neither resent automatically nor lost. */
function inherited(turn: Turn, former: PeerSession): Transcript {
  // An unacknowledged edit has not happened; an unacknowledged message must be reported.
  const said = former.pending.filter(({ about }) => about === undefined || about.kind === "reply");
  return said.reduce(
    (transcript, { text }) =>
      append(transcript, {
        kind: "notice",
        level: "error",
        at: turn.at,
        text: l10n.t("{0} didn't confirm: {1}", former.peer, text),
      }),
    withoutNumbers(former.transcript),
  );
}
