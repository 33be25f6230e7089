// Lines that were passed to the host and are not answered yet, and lines that wait for a command.
import { contentOf } from "../../protocol/messageContent.ts";
import { askTheSame, asksPerson } from "../../protocol/typedCommand.ts";
import { isCommandLine, type HostMessage, type SessionNumber } from "../../protocol/webview.ts";
import { CommandHold, type Held, type Submitted } from "./commandHold.ts";
import { noteOf } from "./draftAbouts.ts";
import type { Host } from "./host.ts";

/** Maximum unanswered lines; far more than the host ever leaves open. */
const OPEN = 256;

type Answer = Extract<HostMessage, { type: "submitted" }>;

export class Submissions {
  readonly #host: Host;
  readonly #hold: CommandHold;
  readonly #open = new Map<number, Submitted>();
  #lastId = 0;

  /** @param released called when a command was answered, or is no longer waited for: its lines continue */
  constructor(host: Host, released: (held: Held) => void) {
    this.#host = host;
    this.#hold = new CommandHold(released);
  }

  /** The session with an unanswered command that may switch to another one. */
  get holding(): SessionNumber | null {
    return this.#hold.command?.session ?? null;
  }

  /** Whether a message in a session has not been accepted by the host yet. */
  isSending(session: SessionNumber): boolean {
    if (this.#hold.waiting(session)) return true;
    return [...this.#open.values()].some((line) => line.session === session && isMessage(line));
  }

  /** Stops waiting for any command, including those that run afterwards. */
  stop(): void {
    while (this.#hold.command !== null) this.#hold.stop();
  }

  /** Passes a line to the host, or holds it until the previous command in its session is answered. */
  send(line: Submitted): void {
    const before = this.#hold.command?.text ?? "";
    const bothAsk = isCommand(line) && asksPerson(line.text) && asksPerson(before);
    if (bothAsk && askTheSame(line.text, before)) {
      // The host knows that it is asking already. Other lines still wait for the first answer.
      this.#post(line);
      return;
    }
    // Another person is asked without waiting for the first one's answer, unless lines are meant for them.
    if ((bothAsk && this.#hold.isEmpty) || !this.#hold.keep(line)) this.post(line);
  }

  /** @param behind the lines that wait for it, if it is a command */
  post(line: Submitted, behind: readonly Submitted[] = []): void {
    const id = this.#post(line);
    if (isCommand(line)) this.#hold.begin({ id, session: line.session, text: line.text }, behind);
  }

  /**
   * Sends lines to the session that a command switched to; the rest waits for the next command. Returns the lines that
   * belong elsewhere: replies to messages of other sessions, and lines with code. A further person is asked where the command was typed.
   */
  sendAll(lines: readonly Submitted[], to: SessionNumber, asked = false): Submitted[] {
    const back: Submitted[] = [];
    for (const [at, line] of lines.entries()) {
      if ((line.about !== undefined || line.attached !== undefined) && line.session !== to) {
        back.push(line);
        continue;
      }
      const asksAnother = asked && isCommand(line) && asksPerson(line.text);
      const session = asksAnother ? line.session : to;
      this.post({ ...line, session }, lines.slice(at + 1));
      if (this.#hold.command !== null) break;
    }
    return back;
  }

  /** Handles the host's answer to a line; returns that line. */
  answered({ id, accepted, to }: Answer): Submitted | undefined {
    const submitted = this.#open.get(id);
    this.#open.delete(id);
    this.#hold.answered(id, accepted ? (to ?? submitted?.session ?? null) : null);
    return submitted;
  }

  /** A command asks another person before it is answered. */
  asking(id: number): void {
    this.#hold.asks(id);
  }

  /** A message was retracted: a line about it may be rejected because of that, and is returned as an ordinary line. */
  retracted(session: SessionNumber, index: number): void {
    for (const [id, line] of this.#open) {
      if (line.session === session && line.about?.index === index) {
        this.#open.set(id, { ...line, about: undefined });
      }
    }
    this.#hold.retracted(session, index);
  }

  #post(line: Submitted): number {
    const { session, about, attached } = line;
    this.#lastId += 1;
    this.#open.set(this.#lastId, line);
    const [oldest] = this.#open.keys();
    if (this.#open.size > OPEN && oldest !== undefined) this.#open.delete(oldest);
    this.#host.post({
      type: "submit",
      id: this.#lastId,
      session,
      ...contentOf(line),
      // Lines of code that go with a message are what it is about.
      ...(attached === undefined ? noteOf(about) : {}),
      ...(about === undefined ? {} : { about: { kind: about.kind, index: about.index } }),
      ...(attached === undefined ? {} : { attached }),
    });
    return this.#lastId;
  }
}

function isCommand({ text, about }: Submitted): boolean {
  return about?.kind !== "edit" && isCommandLine(text);
}

function isMessage({ text, about }: Submitted): boolean {
  return about?.kind !== "edit" && !isCommandLine(text);
}
