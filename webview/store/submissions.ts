// The lines that were handed to the host and are not answered yet, and those that wait behind a command.
import { contentOf } from "../../protocol/messageContent.ts";
import { askTheSame, asksPerson } from "../../protocol/typedCommand.ts";
import { isCommandLine, type HostMessage, type SessionNumber } from "../../protocol/webview.ts";
import { CommandHold, type Held, type Submitted } from "./commandHold.ts";
import type { Host } from "./host.ts";

/** Submitted lines whose answer is awaited; far more than the host ever leaves open. */
const OPEN = 256;

type Answer = Extract<HostMessage, { type: "submitted" }>;

export class Submissions {
  readonly #host: Host;
  readonly #hold: CommandHold;
  readonly #open = new Map<number, Submitted>();
  #lastId = 0;

  /** @param released a command was answered, or is no longer waited for: what waited behind it goes on */
  constructor(host: Host, released: (held: Held) => void) {
    this.#host = host;
    this.#hold = new CommandHold(released);
  }

  /** The session from which a command is on its way that may lead to another one. */
  get holding(): SessionNumber | null {
    return this.#hold.command?.session ?? null;
  }

  /** Whether a message to a session has not been taken by the host yet. */
  isSending(session: SessionNumber): boolean {
    if (this.#hold.waiting(session)) return true;
    return [...this.#open.values()].some((line) => line.session === session && isMessage(line));
  }

  /** No command is waited for any longer, nor are those that are carried out then. */
  stop(): void {
    while (this.#hold.command !== null) this.#hold.stop();
  }

  /** Hands a line to the host, or keeps it until the command before it in its session is answered. */
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

  /** @param behind the lines that wait behind it, where it is a command */
  post(line: Submitted, behind: readonly Submitted[] = []): void {
    const id = this.#post(line);
    if (isCommand(line)) this.#hold.begin({ id, session: line.session, text: line.text }, behind);
  }

  /**
   * Sends lines to where a command has led; the rest waits behind the next command. Gives the lines that belong elsewhere:
   * replies to a message of another session. A further person is asked where that was typed.
   */
  sendAll(lines: readonly Submitted[], to: SessionNumber, asked = false): Submitted[] {
    const back: Submitted[] = [];
    for (const [at, line] of lines.entries()) {
      if (line.about !== undefined && line.session !== to) {
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

  /** The host's answer to a line; gives that line. */
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

  /** A message was taken back: a line about it may be refused for that, and comes back as one of its own. */
  retracted(session: SessionNumber, index: number): void {
    for (const [id, line] of this.#open) {
      if (line.session === session && line.about?.index === index) {
        this.#open.set(id, { ...line, about: undefined });
      }
    }
    this.#hold.retracted(session, index);
  }

  #post(line: Submitted): number {
    const { session, about } = line;
    this.#lastId += 1;
    this.#open.set(this.#lastId, line);
    const [oldest] = this.#open.keys();
    if (this.#open.size > OPEN && oldest !== undefined) this.#open.delete(oldest);
    this.#host.post({
      type: "submit",
      id: this.#lastId,
      session,
      ...contentOf(line),
      ...(about === undefined ? {} : { about: { kind: about.kind, index: about.index } }),
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
