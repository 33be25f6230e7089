// Compares safety numbers: the dialog, the user's answer and the peer's.
import * as l10n from "@vscode/l10n";
import type { Pin, SessionId } from "../../../protocol/fields.ts";
import type { SessionNumber } from "../../../protocol/webview.ts";
import { network } from "../model/effects.ts";
import { personNamed, setVerified } from "./people.ts";
import type { PeerSession } from "../model/session.ts";
import type { State } from "../model/state.ts";
import { failures } from "../texts/texts.ts";
import type { Turn } from "../model/turn.ts";
import { findChannel, sessionOf } from "../channels/channelState.ts";

export type Verified = "nobody" | "me" | "peer" | "both";

/** Who has confirmed the safety number. */
export function verifiedBy(state: State, session: PeerSession): Verified {
  const me = isVerifiedByMe(state, session);
  if (me && session.verifiedByPeer) return "both";
  return me ? "me" : session.verifiedByPeer ? "peer" : "nobody";
}

/** Whether the user has confirmed the safety number of this session's key. */
export function isVerifiedByMe(state: State, { peer, pin }: PeerSession): boolean {
  const person = personNamed(state, peer);
  return person?.pin === pin && person.verified;
}

const NUMBERS = 256;

/** The safety number of a key has been computed. */
export function learn(turn: Turn, pin: Pin, number: string): void {
  const others = [...turn.state.numbers].filter(([other]) => other !== pin);
  turn.set({ numbers: new Map([...others.slice(-NUMBERS), [pin, number]]) });
}

/** Opens or closes the dialog with a session's safety number. */
export function show(turn: Turn, number: SessionNumber, open: boolean): void {
  const session = turn.session(number);
  if (!open && turn.state.verifying === number) turn.set({ verifying: null });
  else if (open && session?.kind === "peer") {
    turn.activate(number);
    if (turn.state.numbers.has(session.pin)) turn.set({ verifying: number });
    else turn.fail(null, failures.nothingToVerify);
  }
}

/** Records the user's answer about a session's safety number, and sends it to the peer. */
export function decide(turn: Turn, number: SessionNumber, value: boolean): void {
  const session = turn.session(number);
  if (session?.kind !== "peer") return;
  setVerified(turn, session.peer, session.pin, value);
  turn.setPeer(number, { decided: true });
  turn.notice(
    number,
    value ? "info" : "error",
    value
      ? l10n.t("You verified {0}: the safety numbers match.", session.peer)
      : l10n.t(
          "The safety numbers differ: someone may be intercepting this session or impersonating {0}. Don't share anything private here. \\leave ends the session; \\block {0} blocks them.",
          session.peer,
        ),
  );
  tellVerified(turn, session.sid);
}

/** Sends the user's answer to the peer, now and on each new link. */
export function tellVerified(turn: Turn, sid: SessionId): void {
  const session = sessionOf(turn, sid);
  const link = findChannel(turn, sid)?.link;
  if (session === undefined || link == null) return;
  const value = isVerifiedByMe(turn.state, session);
  if (!value && !session.decided) return;
  turn.emit(network("sendLink", link.id, { type: "verified", value }));
}

/** Changes of a peer's answer that are reported with a line each, and milliseconds until one more is. */
const VERDICT_LINES = 6;
const VERDICT_MS = 60_000;

export function verifiedReceived(turn: Turn, sid: SessionId, value: boolean): void {
  const session = sessionOf(turn, sid);
  if (session === undefined || session.verifiedByPeer === value) return;
  turn.setPeer(session.number, { verifiedByPeer: value });
  const { left, at } = session.verdictLines ?? { left: VERDICT_LINES, at: turn.at };
  const lines = Math.min(VERDICT_LINES, left + Math.max(0, turn.at - at) / VERDICT_MS);
  if (lines < 1) return;
  turn.setPeer(session.number, { verdictLines: { left: lines - 1, at: turn.at } });
  // Later changes may go unreported.
  const isLast = lines < 2;
  const text = isLast
    ? l10n.t("{0} keeps changing their answer about the safety numbers. Don't rely on it.", session.peer)
    : value
      ? l10n.t("{0} compared the safety numbers, and they match.", session.peer)
      : l10n.t(
          "{0} compared the safety numbers, and they differ. Be careful what you share here.",
          session.peer,
        );
  turn.notice(session.number, value && !isLast ? "info" : "error", text);
}
