// The lines that were handed to the host and are not answered yet, and those that wait behind a command. Owned by the
// composer's store.
import { isCommandLine, type DraftAbout, type HostMessage, type SessionNumber } from "../protocol/webview.ts";
import { CommandHold, type Held } from "./commandHold.ts";
import type { Host } from "./host.ts";

/** Submitted lines whose answer is awaited; far more than the host ever leaves open. */
const OPEN = 256;

export type Submitted = {
  readonly session: SessionNumber;
  readonly text: string;
  readonly about: DraftAbout | undefined;
};

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
    return this.#hold.session;
  }

  /** Whether a message to a session has not been taken by the host yet. */
  isSending(session: SessionNumber): boolean {
    if (this.#hold.waiting(session)) return true;
    return [...this.#open.values()].some(
      (line) => line.session === session && line.about?.kind !== "edit" && !isCommandLine(line.text),
    );
  }

  /** Keeps a line until the command before it in its session is answered; false where there is none. */
  keep(session: SessionNumber, line: string): boolean {
    return this.#hold.keep(session, line);
  }

  /** No command is waited for any longer. */
  stop(): void {
    this.#hold.stop();
  }

  /** @param behind the lines that wait behind it, where it is a command */
  post(submitted: Submitted, behind: readonly string[] = []): void {
    const { session, text, about } = submitted;
    this.#lastId += 1;
    this.#open.set(this.#lastId, submitted);
    const [oldest] = this.#open.keys();
    if (this.#open.size > OPEN && oldest !== undefined) this.#open.delete(oldest);
    this.#host.post({
      type: "submit",
      id: this.#lastId,
      session,
      text,
      ...(about === undefined ? {} : { about: { kind: about.kind, index: about.index } }),
    });
    if (about?.kind !== "edit" && isCommandLine(text)) this.#hold.begin(this.#lastId, session, behind);
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
  }
}
