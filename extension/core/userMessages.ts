// Handles what the user types: a line becomes a command or a message, in the lobby or in a private session. Sends
// nothing that the other side would have to reject.
import { isBlank } from "../../protocol/blank.ts";
import { bodiesOf } from "../../protocol/changesPart.ts";
import { wordsAboutChanges, writeChanges } from "../../protocol/changesText.ts";
import { utf8Length } from "../../protocol/codec.ts";
import { limits } from "../../protocol/limits.ts";
import { readCode, writeCode } from "../../protocol/codeText.ts";
import { contentOf, type MessageBody, type MessageContent } from "../../protocol/messageContent.ts";
import { isQuoting } from "../../protocol/part.ts";
import { err, type Result } from "../../protocol/result.ts";
import type { NewAttachment, NewChanges, SessionNumber } from "../../protocol/webview.ts";
import { parseLine } from "./commands/commandLine.ts";
import { runCommand } from "./commands/runCommand.ts";
import * as lobby from "./lobby/lobby.ts";
import { transfers } from "./model/effects.ts";
import type { StampedEvent } from "./model/events.ts";
import type { Failure } from "./model/outcome.ts";
import type { Session } from "./model/session.ts";
import { entryAt } from "./model/transcript.ts";
import type { Turn } from "./model/turn.ts";
import { type About, aboutAt } from "./sessions/messageChanges.ts";
import * as composedFiles from "./sessions/composedFiles.ts";
import * as peerSession from "./sessions/peerSession.ts";
import { areTooManyFailed } from "./sessions/pendingRoom.ts";
import { failures } from "./texts/texts.ts";

/** A command that waits for confirmation does so until another line is typed. */
export function submitted(turn: Turn, event: Submit): void {
  const { confirming } = turn.state;
  submit(turn, event);
  if (turn.state.confirming === confirming && confirming !== null) turn.set({ confirming: null });
}

type Submit = Extract<StampedEvent, { type: "user/submit" }>;

function submit(turn: Turn, event: Submit): void {
  const { request, session: number, about: wanted } = event;
  const session = turn.session(number);
  if (session === undefined) return turn.fail(request, failures.noSuchSession(String(number)));
  const line = parseLine(event.text);
  // A line is handled in the session where it was typed, even if another one has become active. Only a command leads there: a
  // message may have waited, and its author is elsewhere.
  if (!line.ok || line.value.type === "command") {
    turn.activate(number);
    // It is no draft, whether it works or not.
    turn.setSession(number, { draft: "" });
  }
  if (!line.ok) return turn.fail(request, line.error);
  if (line.value.type === "command") return runCommand(turn, request, line.value.command, true);
  const content = contentToSend(session, { ...event, text: line.value.text });
  const sent = sayAbout(turn, session, wanted, content);
  if (!sent.ok) return turn.fail(request, sent.error, number);
  // An edit leaves the draft beside it.
  const rest = wanted?.kind === "edit" ? {} : { draft: "" };
  turn.setSession(number, {
    ...rest,
    ...(sends(session, event) ? { attached: null } : {}),
    draftAbout: null,
  });
  turn.succeed(request);
}

/** Sends a message from elsewhere than the composer. */
export function say(turn: Turn, event: Extract<StampedEvent, { type: "user/say" }>): void {
  const session = turn.session(event.session);
  if (session === undefined) return turn.fail(event.request, failures.noSuchSession(String(event.session)));
  const { quote, text } = event;
  const content = quote === undefined ? contentOf(event) : withAttached(text, quote);
  const said = sayAbout(turn, session, event.about, content);
  if (said.ok && content.part?.kind === "file") composedFiles.discarded(turn, content.part.id);
  turn.answerTo(event.request, said);
}

function sayAbout(
  turn: Turn,
  session: Session,
  wanted: Submit["about"],
  content: MessageContent,
): Result<undefined, Failure> {
  const about = wanted === undefined ? undefined : aboutAt(session, wanted.index, myName(turn), wanted);
  if (about?.ok === false) return about;
  // Lone surrogates cannot be encoded.
  const text = content.text.replace(/\p{Surrogate}/gu, "\ufffd");
  return send(turn, session.number, { ...content, text, ...(about && { about: about.value }) });
}

/** Whether the lines of code in the composer go out with what was typed there. An edit leaves them. */
function sends({ attached }: Session, { attached: id, about }: Submit): boolean {
  return attached !== null && attached.id === id && about?.kind !== "edit";
}

/** What was typed, with the code that goes with it: what is in the composer, or in the message that is edited. */
function contentToSend(session: Session, event: Submit): MessageContent {
  const words = event.text;
  const { attached } = session;
  if (attached !== null && sends(session, event)) return withAttached(words, attached);
  const plain = { ...contentOf(event), text: words };
  if (event.about?.kind !== "edit") return plain;
  const entry = entryAt(session.transcript, event.about.index);
  if (entry?.kind !== "message" || entry.part === undefined) return plain;
  const { text, part } = entry;
  if (part.kind === "changes")
    return wordsAboutChanges(text, part) === null ? plain : writeChanges(words, part);
  const code = readCode(text, part);
  return code === null || !isQuoting(part) ? plain : withAttached(words, { part, ...code });
}

/** With the readable form of what goes with the words. */
function withAttached(words: string, attached: NewAttachment | NewChanges): MessageContent {
  if (!("code" in attached)) return writeChanges(words, attached.part);
  const { part, heading, code } = attached;
  const { text, at } = writeCode({ words, heading, code }, part);
  return { text, part: { ...part, at } };
}

/** The text of a retraction for clients that do not know retractions. */
export const RETRACTED = "(retracted)";

/** Retracts a message, or reacts to it. */
export function change(
  turn: Turn,
  number: SessionNumber,
  index: number,
  want: Parameters<typeof aboutAt>[3],
  text: string,
): void {
  const session = turn.session(number);
  if (session === undefined) return;
  const about = aboutAt(session, index, myName(turn), want);
  const said = about.ok ? send(turn, number, { text, about: about.value }) : about;
  if (!said.ok) turn.notice(number, "error", said.error.text);
  else if (want.kind === "retract") withdrawFile(turn, session, index);
}

/** With the message that offers a file or brings changes, these are taken back. */
function withdrawFile(turn: Turn, session: Session, index: number): void {
  const entry = entryAt(session.transcript, index);
  if (session.kind !== "peer" || entry?.kind !== "message") return;
  const { part } = entry;
  const files = part?.kind === "file" ? [part] : part?.kind === "changes" ? bodiesOf(part) : [];
  for (const { id } of files) turn.emit(transfers("withdrawn", session.sid, id));
}

function myName(turn: Turn): string {
  return turn.state.me?.name ?? "";
}

function send(turn: Turn, number: SessionNumber, body: MessageBody<About>): Result<undefined, Failure> {
  const session = turn.session(number);
  if (turn.state.me === null) return err(failures.notJoined);
  if (session === undefined) return err(failures.noSuchSession(String(number)));
  if (isBlank(body.text)) return err(failures.messageEmpty);
  const bytes = utf8Length(body.text);
  if (bytes > limits.textBytes) return err(failures.messageTooLong(bytes));
  if (areTooManyFailed(session.pending)) return err(failures.tooManyFailed);
  return session.kind === "lobby" ? lobby.sayToAll(turn, body) : peerSession.sayToPeer(turn, session, body);
}

export function retry(turn: Turn, number: SessionNumber, id: string): void {
  const session = turn.session(number);
  if (session?.kind === "peer") peerSession.sayAgain(turn, session, id);
  else if (session !== undefined) lobby.retryLobbyMessage(turn, id);
}

export function discard(turn: Turn, number: SessionNumber, id: string): void {
  const pending = turn.session(number)?.pending ?? [];
  turn.setSession(number, {
    pending: pending.filter((message) => message.id !== id || message.status !== "failed"),
  });
}
