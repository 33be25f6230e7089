// Ends sessions at the user's request: leaving, blocking, quitting. If messages are still waiting, it asks once, with
// their number and recipients.
import * as l10n from "@vscode/l10n";
import { nameKey } from "../../../protocol/names.ts";
import { assertNever, err, ok, type Result } from "../../../protocol/result.ts";
import type { Pin } from "../../../protocol/fields.ts";
import { blockPerson, sessionsWith } from "./blocking.ts";
import { quit } from "./quitting.ts";
import { personNamed } from "../people/people.ts";
import * as peerSession from "../sessions/peerSession.ts";
import * as questions from "../people/questions.ts";
import type { Session } from "../model/session.ts";
import type { Parting, State } from "../model/state.ts";
import type { Failure, RequestId } from "../model/outcome.ts";
import { failures, trustTexts } from "../texts/texts.ts";
import type { Turn } from "../model/turn.ts";
import { livingSession } from "../channels/channelState.ts";

/** How the user asked. `typed`: the line, which confirms when it is typed again; null: a dialog asks. */
type Wish = { readonly request: RequestId | null; readonly typed: string | null };

export function part(turn: Turn, parting: Parting, { request, typed }: Wish): void {
  const unsent = unsentBy(turn, parting);
  const { confirming } = turn.state;
  const isConfirmed = typed !== null && confirming?.line === typed && unsent.count <= confirming.count;
  if (unsent.count === 0 || isConfirmed) {
    turn.set({ confirming: null });
    turn.answerTo(request, carryOut(turn, parting));
    return;
  }
  const text =
    typed === null
      ? unsent.text
      : `${unsent.text} ${l10n.t("Type {0} again to continue without sending.", typed)}`;
  if (typed === null) {
    askLoudly(turn, parting, text);
  } else {
    turn.set({ confirming: { line: typed, count: unsent.count } });
    turn.notice(turn.state.active, "info", text);
  }
  turn.settle(request, err({ code: "unsent-messages", text }));
}

/** The dialog was confirmed. Messages may have arrived, and sessions ended, since it opened. */
export function partAnyway(turn: Turn, parting: Parting): void {
  turn.answerTo(null, carryOut(turn, parting));
}

/** A second question about the same thing would only cover the first. */
function askLoudly(turn: Turn, parting: Parting, text: string): void {
  const same = JSON.stringify(parting);
  const isOpen = turn.state.questions.some(
    (question) => question.about === "parting" && JSON.stringify(question.parting) === same,
  );
  if (isOpen) return;
  const texts = { text, loud: true, no: l10n.t("Keep Waiting"), block: false };
  questions.ask(turn, { about: "parting", parting }, { ...texts, yes: goAhead(parting) });
}

function goAhead(parting: Parting): string {
  switch (parting.what) {
    case "leave":
      return l10n.t("Leave Anyway");
    case "quit":
      return l10n.t("Quit Anyway");
    case "block":
      return l10n.t("Block Anyway");
    default:
      return assertNever(parting);
  }
}

function carryOut(turn: Turn, parting: Parting): Result<undefined, Failure> {
  switch (parting.what) {
    case "leave": {
      const session = turn.session(parting.session);
      if (session?.kind === "peer") peerSession.leave(turn, session);
      return ok(undefined);
    }
    case "quit":
      quit(turn);
      return ok(undefined);
    case "block":
      return blockNamed(turn, parting.name, parting.pin);
    default:
      return assertNever(parting);
  }
}

/** Blocks someone: their forks, their lobby messages, and existing private sessions. */
function blockNamed(turn: Turn, name: string, pin: Pin | null): Result<undefined, Failure> {
  const { me, users } = turn.state;
  if (me !== null && nameKey(me.name) === nameKey(name)) return err(failures.blockSelf);
  const known = users.find((user) => nameKey(user) === nameKey(name)) ?? personNamed(turn.state, name)?.name;
  const full = livingSession(turn, name)?.peer ?? known ?? (pin === null ? undefined : name);
  if (full === undefined) return err(failures.unknownUser(name));
  const blockedAs = blockPerson(turn, full, pin);
  turn.notice(turn.state.active, "info", trustTexts.blocked(blockedAs));
  return ok(undefined);
}

/** Sessions listed by name; the others are counted together. */
const NAMED = 3;

type Unsent = { readonly count: number; readonly text: string };

function unsentBy(turn: Turn, parting: Parting): Unsent {
  const waiting = sessionsOf(turn, parting)
    .map((session) => ({ session, count: unsentIn(turn, session) }))
    .filter(({ count }) => count > 0);
  const sum = (list: typeof waiting): number => list.reduce((total, { count }) => total + count, 0);
  const others = sum(waiting.slice(NAMED));
  const sentences = [
    ...waiting.slice(0, NAMED).map(({ session, count }) => unsentText(session, count)),
    ...(others > 0 ? [l10n.t("Messages still waiting to be sent to others: {0}.", others)] : []),
  ];
  return { count: sum(waiting), text: sentences.join(" ") };
}

function sessionsOf(turn: Turn, parting: Parting): readonly Session[] {
  const { sessions } = turn.state;
  switch (parting.what) {
    case "leave":
      return sessions.filter((session) => session.kind === "peer" && session.number === parting.session);
    case "quit":
      return sessions;
    case "block":
      return sessionsWith(turn.state, parting.name, parting.pin);
    default:
      return assertNever(parting);
  }
}

/**
 * On an open link a message is sent before the goodbye. A message unacknowledged for this long may be on a dead link.
 */
const ON_ITS_WAY_MS = 1_000;

function unsentIn({ state, at }: Turn, session: Session): number {
  const flows = areSentAtOnce(state, session);
  return session.pending.filter(
    (message) => message.status !== "failed" && (!flows || at - message.at >= ON_ITS_WAY_MS),
  ).length;
}

/** Lobby messages that wait for the server, or for their turn, have not left this window. */
function areSentAtOnce({ connection, pacing }: State, session: Session): boolean {
  return session.kind === "peer" ? session.link === "open" : connection.status === "online" && !pacing;
}

function unsentText(session: Session, count: number): string {
  if (session.kind === "lobby") {
    return count === 1
      ? l10n.t("1 message is still waiting to be sent to the lobby.")
      : l10n.t("{0} messages are still waiting to be sent to the lobby.", count);
  }
  return count === 1
    ? l10n.t("1 message is still waiting to be sent to {0}.", session.peer)
    : l10n.t("{0} messages are still waiting to be sent to {1}.", count, session.peer);
}
