// Asks a peer where they are, and answers the same question: one place in a file for one request, without following anyone.
// The only possible answer is a place. Without one, a request expires, so the asker cannot tell a setting from a person who
// declined, was away, or had no file open.
import * as l10n from "@vscode/l10n";
import type { Pin, SessionId } from "../../../protocol/fields.ts";
import { limits } from "../../../protocol/limits.ts";
import { err, ok, type Result } from "../../../protocol/result.ts";
import type { SessionNumber } from "../../../protocol/webview.ts";
import { sendToPeer } from "../channels/channel.ts";
import { findChannel, livingSession, sessionOf } from "../channels/channelState.ts";
import type { Failure } from "../model/outcome.ts";
import type { PeerChannel } from "../model/peerChannel.ts";
import type { PeerSession } from "../model/session.ts";
import type { OpenQuestion, State } from "../model/state.ts";
import type { Turn } from "../model/turn.ts";
import { whereTexts } from "../texts/sessionTexts.ts";
import { failures } from "../texts/texts.ts";
import * as questions from "./questions.ts";
import { isVerifiedByMe } from "./verification.ts";

/** `\where NAME`: asks once, and at most once at a time. */
export function askWhere(turn: Turn, name: string): Result<undefined, Failure> {
  const session = livingSession(turn, name);
  const link = session === undefined ? null : findChannel(turn, session.sid)?.link;
  if (session === undefined || link == null) return err(failures.notInSession(name));
  const { sid, peer, number } = session;
  if (!link.tellsWhere) return err(failures.cannotTellWhere(peer));
  if (turn.state.whereAsked.includes(sid)) return err(failures.alreadyAsked(peer));
  turn.set({ whereAsked: [...turn.state.whereAsked, sid] });
  sendToPeer(turn, sid, { type: "where" });
  turn.emit({ type: "schedule", key: `asked:${sid}`, ms: limits.whereMs });
  for (const each of new Set([number, turn.state.active])) turn.notice(each, "info", whereTexts.asking(peer));
  return ok(undefined);
}

/** The peer has sent a place. */
export function answered(turn: Turn, sid: SessionId): void {
  if (!turn.state.whereAsked.includes(sid)) return;
  turn.emit({ type: "cancel", key: `asked:${sid}` });
  forgetAsked(turn, sid);
}

/** The peer has sent nothing in time. */
export function notAnswered(turn: Turn, sid: SessionId): void {
  const session = sessionOf(turn, sid);
  if (turn.state.whereAsked.includes(sid) && session !== undefined)
    turn.notice(session.number, "info", whereTexts.notTold(session.peer));
  forgetAsked(turn, sid);
}

function forgetAsked(turn: Turn, sid: SessionId): void {
  turn.set({ whereAsked: turn.state.whereAsked.filter((other) => other !== sid) });
}

/** A peer asks where the user is. */
export function requested(turn: Turn, { sid, pin }: PeerChannel): void {
  if (!takeFromBudget(turn, pin)) return;
  const session = sessionOf(turn, sid);
  const { tellWhere } = turn.state.settings;
  if (session === undefined || tellWhere === "never") return;
  if (tellWhere === "verified" && isVerifiedByMe(turn.state, session))
    turn.emit({ type: "tellWhere", session: session.number, agreed: false });
  else askUser(turn, session.number);
}

/** Asks the user, once at a time for each peer. */
export function askUser(turn: Turn, number: SessionNumber): void {
  const session = turn.session(number);
  if (session?.kind !== "peer" || session.link === "ended" || isOpenFor(turn.state, session.pin)) return;
  const { sid, peer, muted } = session;
  turn.notice(number, "info", whereTexts.asked(peer));
  if (muted) return;
  questions.ask(
    turn,
    { about: "where", sid },
    {
      text: whereTexts.question(peer),
      loud: false,
      yes: l10n.t("Send"),
      no: l10n.t("Not Now"),
      block: false,
      tooLate: whereTexts.tooLate,
    },
  );
  turn.emit({ type: "schedule", key: `where:${sid}`, ms: limits.whereMs });
}

export function answer(turn: Turn, sid: SessionId, tells: boolean): void {
  turn.emit({ type: "cancel", key: `where:${sid}` });
  const session = sessionOf(turn, sid);
  if (tells && session !== undefined) turn.emit({ type: "tellWhere", session: session.number, agreed: true });
}

/** The user has not answered in time. */
export function expired(turn: Turn, sid: SessionId): void {
  questions.close(turn, (question) => question.about === "where" && question.sid === sid);
}

/** Closes the questions of sessions that are over. */
export function closeEnded(turn: Turn): void {
  const isOver = (question: OpenQuestion): boolean =>
    question.about === "where" && sessionOf(turn, question.sid) === undefined;
  while (questions.close(turn, isOver) !== undefined);
}

function isOpenFor({ questions: open, sessions: [, ...peers] }: State, pin: Pin): boolean {
  const ofPeer = (session: PeerSession): boolean => session.pin === pin;
  const sids = new Set(peers.filter(ofPeer).map(({ sid }) => sid));
  return open.some((question) => question.about === "where" && sids.has(question.sid));
}

/** Keys whose budgets are kept: more than can have a session at once. */
const BUDGETS = 4 * limits.sessions;

/** The budget is the key's: another link or session does not refill it. */
function takeFromBudget(turn: Turn, pin: Pin): boolean {
  const { whereBudgets } = turn.state;
  const budget = whereBudgets.get(pin);
  const left = budget === undefined ? limits.whereBurst : leftOf(budget, turn.at);
  if (left < 1) return false;
  const others = [...whereBudgets].filter(
    ([key, each]) => key !== pin && leftOf(each, turn.at) < limits.whereBurst,
  );
  turn.set({
    whereBudgets: new Map([...others.slice(1 - BUDGETS), [pin, { left: left - 1, at: turn.at }]]),
  });
  return true;
}

function leftOf({ left, at }: { readonly left: number; readonly at: number }, now: number): number {
  return Math.min(limits.whereBurst, left + (Math.max(0, now - at) / 1000) * limits.wheresPerSecond);
}
