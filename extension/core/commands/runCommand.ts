// Runs a command, typed or from the palette, after one check of whether it can work here.
import { nameKey } from "../../../protocol/names.ts";
import type { Table } from "../../../protocol/webview.ts";
import { assertNever, err, ok, type Result } from "../../../protocol/result.ts";
import { setPresence } from "../people/presence.ts";
import { release } from "../people/attention.ts";
import { attentionTexts } from "../texts/attentionTexts.ts";
import { wantedChanges } from "../changes/changesArgument.ts";
import { parseLines } from "../code/linesArgument.ts";
import { usageError } from "./commandLine.ts";
import { answerAbout } from "./consent.ts";
import { network } from "../model/effects.ts";
import { type Command, commandSpec, type CommandSpec, usage } from "../model/commands.ts";
import { fork } from "../forks/forking.ts";
import { introduce } from "../forks/introducing.ts";
import { part } from "../leaving/parting.ts";
import { unblock } from "../people/people.ts";
import { describeCommands, describeSessions, describeUsers, tableEntry } from "../view/answers.ts";
import { LOBBY, type Session } from "../model/session.ts";
import { isLobbyOpen } from "../model/sessionState.ts";
import { failures, serverAwayReason, trustTexts } from "../texts/texts.ts";
import type { Turn } from "../model/turn.ts";
import type { Failure } from "../model/outcome.ts";
import { show } from "../people/verification.ts";
import { askWhere } from "../people/whereabouts.ts";

/** @param typed whether it was typed, so that a confirmation is typed as well */
export function runCommand(turn: Turn, request: number, command: Command, typed: boolean): void {
  const spec = commandSpec(command.name);
  const obstacle = obstacleTo(turn, spec);
  if (obstacle !== null) return turn.fail(request, obstacle);
  const active = turn.session(turn.state.active);
  const wish = { request, typed: typed ? lineOf(command) : null };
  switch (command.name) {
    case "users":
      askUsers(turn);
      answer(turn, describeUsers(turn.state));
      break;
    case "fork":
      // Answers the request itself once the session is open.
      return fork(turn, request, command.argument);
    case "switch":
      return switchTo(turn, request, command.argument, typed);
    case "sessions":
      answer(turn, describeSessions(turn.state));
      break;
    case "lobby":
      turn.activate(LOBBY);
      break;
    case "accept":
    case "decline":
      return turn.answerTo(
        request,
        answerAbout(turn, command.argument, command.name === "accept" ? "yes" : "no"),
      );
    case "verify":
      if (active?.kind !== "peer" || !turn.state.numbers.has(active.pin)) {
        return turn.fail(request, failures.nothingToVerify);
      }
      show(turn, active.number, true);
      break;
    case "send":
      return attach(turn, request, spec, command.argument);
    case "file":
      return turn.answerTo(request, offerFile(turn, spec, command.argument));
    case "changes":
      return turn.answerTo(request, sendChanges(turn, spec, command.argument));
    case "where":
      return turn.answerTo(request, askWhere(turn, command.argument));
    case "introduce":
      return turn.answerTo(request, introduce(turn, command.argument));
    case "block":
      return part(turn, { what: "block", name: command.argument, pin: null }, wish);
    case "unblock":
      return turn.answerTo(request, unblockNamed(turn, command.argument));
    case "mute":
      if (active !== undefined) mute(turn, active);
      break;
    case "dnd":
      disturb(turn);
      break;
    case "leave":
      return part(turn, { what: "leave", session: turn.state.active }, wish);
    case "quit":
      return part(turn, { what: "quit" }, wish);
    case "help":
      answer(turn, describeCommands(turn.state));
      break;
    default:
      assertNever(command.name);
  }
  turn.succeed(request);
}

/** The canonical line for a command, however it was spelled. */
function lineOf({ name, argument }: Command): string {
  return argument === "" ? `\\${name}` : `\\${name} ${argument}`;
}

/** The reason why a command cannot work now, or null. */
function obstacleTo(turn: Turn, spec: CommandSpec): Failure | null {
  if (turn.state.me === null) return failures.notJoined;
  const place = turn.state.active === LOBBY ? "lobby" : "peer";
  if (spec.where !== "anywhere" && spec.where !== place) return failures.notHere(usage(spec), spec.where);
  if (spec.needsServer && !isLobbyOpen(turn.state)) {
    return failures.serverAway(usage(spec), serverAwayReason(turn.state));
  }
  return null;
}

/** The host has the files: it puts the lines into the composer, or says why not. */
function attach(turn: Turn, request: number, spec: CommandSpec, argument: string): void {
  const lines = parseLines(argument);
  const session = turn.session(turn.state.active);
  if (lines === null) return turn.fail(request, usageError(spec));
  if (session?.kind === "peer" && session.link === "ended")
    return turn.fail(request, failures.sessionEnded(session.peer));
  turn.emit({ type: "attachLines", session: turn.state.active, lines });
  turn.succeed(request);
}

/** The host has the file: it offers it, or says why not. */
function offerFile(turn: Turn, spec: CommandSpec, path: string): Result<undefined, Failure> {
  const session = privateSession(turn, failures.filesArePrivate);
  if (!session.ok) return session;
  if (path === "") return err(usageError(spec));
  turn.emit({ type: "offerFile", session: session.value, path });
  return ok(undefined);
}

/** The host has the changes: it lets the user choose, or says why not. */
function sendChanges(turn: Turn, spec: CommandSpec, argument: string): Result<undefined, Failure> {
  const session = privateSession(turn, failures.changesArePrivate);
  if (!session.ok) return session;
  const wanted = wantedChanges(argument);
  if (wanted === null) return err(usageError(spec));
  turn.emit({ type: "sendChanges", session: session.value, wanted });
  return ok(undefined);
}

/** The private session that is shown. */
function privateSession(turn: Turn, obstacle: Failure): Result<Session["number"], Failure> {
  const session = turn.session(turn.state.active);
  if (session?.kind !== "peer") return err(obstacle);
  return session.link === "ended" ? err(failures.sessionEnded(session.peer)) : ok(session.number);
}

function unblockNamed(turn: Turn, name: string): Result<undefined, Failure> {
  if (!unblock(turn, name)) return err(failures.notBlocked(name));
  turn.notice(turn.state.active, "info", trustTexts.unblocked(name));
  return ok(undefined);
}

function mute(turn: Turn, { number, muted }: Session): void {
  turn.setSession(number, { muted: !muted });
  turn.notice(number, "info", muted ? attentionTexts.unmuted : attentionTexts.muted);
}

/** Turns Do Not Disturb off or on. */
function disturb(turn: Turn): void {
  const isBusy = turn.state.presence === "busy";
  setPresence(turn, isBusy ? "here" : "busy");
  turn.notice(turn.state.active, "info", isBusy ? attentionTexts.available : attentionTexts.busy);
  if (isBusy) release(turn);
}

function switchTo(turn: Turn, request: number, target: string, typed: boolean): void {
  const session = findSession(turn, target);
  if (session === undefined) return turn.fail(request, failures.noSuchSession(target));
  // The same as \lobby, even where that cannot work.
  if (session.number === LOBBY) return runCommand(turn, request, { name: "lobby", argument: "" }, typed);
  turn.activate(session.number);
  turn.succeed(request);
}

/** Finds a session by number or by its peer's name. An existing number takes precedence over a name made of digits. */
function findSession(turn: Turn, target: string): Session | undefined {
  const { sessions } = turn.state;
  const key = nameKey(target);
  return (
    sessions.find((session) => String(session.number) === target) ??
    sessions.find((session) => (session.kind === "lobby" ? key === "lobby" : nameKey(session.peer) === key))
  );
}

/** Requests a fresh list from the server, in case ours is out of sync. */
function askUsers(turn: Turn): void {
  const { connection } = turn.state;
  if (connection.status === "online") turn.emit(network("send", connection.id, { type: "users" }));
}

function answer(turn: Turn, table: Table): void {
  turn.add(turn.state.active, tableEntry(table, turn.at));
}
