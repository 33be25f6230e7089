// A command in flight may switch to another session. Lines written before its answer are meant for that session: they
// are held until then, so that no line goes to the wrong people.
import type { MessageContent } from "../../protocol/messageContent.ts";
import { isCommandLine, type DraftAbout, type SessionNumber } from "../../protocol/webview.ts";

/** Milliseconds that lines wait for a command that asks another person, as \fork does. */
const ASKING_MS = 3_000;
/** Maximum lines held; more than anyone types before a command is answered. */
const MOST_LINES = 64;
/** Characters of those lines: all of them may be returned to the composer as one draft. */
const MOST_CHARACTERS = 256 * 1024;

/** A line as typed: its session, and its relation to an earlier message there. */
export type Submitted = MessageContent & {
  readonly session: SessionNumber;
  readonly about: DraftAbout | undefined;
  /** The id of the lines of code that go with it. */
  readonly attached?: string | undefined;
};

type Command = { readonly id: number; readonly session: SessionNumber; readonly text: string };

/**
 * The command, and the lines that were sent after it. `to`: the session it switched to; null if it was rejected, or not
 * answered in time.
 */
export type Held = {
  readonly command: Command;
  readonly lines: readonly Submitted[];
  readonly to: SessionNumber | null;
};

export class CommandHold {
  readonly #release: (held: Held) => void;
  #command: Command | null = null;
  #lines: readonly Submitted[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(release: (held: Held) => void) {
    this.#release = release;
  }

  /** The unanswered command. */
  get command(): Command | null {
    return this.#command;
  }

  /** Whether no line waits for it. */
  get isEmpty(): boolean {
    return this.#lines.length === 0;
  }

  /** Whether a message waits in this session. */
  waiting(session: SessionNumber): boolean {
    return this.#command?.session === session && this.#lines.some(({ text }) => !isCommandLine(text));
  }

  /** Starts holding lines for a command; `lines` already wait for it. */
  begin(command: Command, lines: readonly Submitted[] = []): void {
    // The previous one is no longer waited for: its lines must not be lost.
    this.stop();
    this.#command = command;
    this.#lines = lines;
  }

  /** The command asks another person. Every other command is certain to be answered, however busy the machine is. */
  asks(id: number): void {
    if (this.#command?.id !== id) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.stop(), ASKING_MS);
  }

  /**
   * Holds a line of that session. Returns false if no command is waited for, or too much waits already; those lines are
   * then released.
   */
  keep(line: Submitted): boolean {
    if (this.#command?.session !== line.session) return false;
    const characters = this.#lines.reduce((sum, { text }) => sum + text.length, line.text.length);
    if (this.#lines.length >= MOST_LINES || characters > MOST_CHARACTERS) {
      this.stop();
      return false;
    }
    this.#lines = [...this.#lines, line];
    return true;
  }

  /** Handles an answer, to the command or to another line. `to`: where to continue; null if it was rejected. */
  answered(id: number, to: SessionNumber | null): void {
    if (this.#command?.id === id) this.#end(to);
  }

  /**
   * A message was retracted: a held reply to it is not sent, and neither are the other lines, which keeps their order.
   */
  retracted(session: SessionNumber, index: number): void {
    const answers = (line: Submitted): boolean => line.session === session && line.about?.index === index;
    if (!this.#lines.some(answers)) return;
    this.#lines = this.#lines.map((line) => (answers(line) ? { ...line, about: undefined } : line));
    this.stop();
  }

  /** Stops waiting for the answer. */
  stop(): void {
    this.#end(null);
  }

  #end(to: SessionNumber | null): void {
    clearTimeout(this.#timer);
    const [command, lines] = [this.#command, this.#lines];
    this.#command = null;
    this.#lines = [];
    if (command !== null) this.#release({ command, lines, to });
  }
}
