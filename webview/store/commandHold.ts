// A command that was sent may lead to another session. Lines written before its answer are meant for wherever that leads: they
// are kept until then, so that no line goes to the wrong people.
import type { MessageContent } from "../../protocol/messageContent.ts";
import { isCommandLine, type DraftAbout, type SessionNumber } from "../../protocol/webview.ts";

/** Lines wait this long for a command that asks another person, as \fork does. */
const ASKING_MS = 3_000;
/** Lines that can wait; more than anyone types before a command is answered. */
const MOST_LINES = 64;
/** Characters of those lines: they may all come back to the composer, whose text has to stay a draft the host can keep. */
const MOST_CHARACTERS = 256 * 1024;

/** A line as it was typed: where, and what it is to an earlier message there. */
export type Submitted = MessageContent & {
  readonly session: SessionNumber;
  readonly about: DraftAbout | undefined;
};

type Command = { readonly id: number; readonly session: SessionNumber; readonly text: string };

/**
 * The command, and the lines that were sent behind it. `to`: where it has led; null when it was refused, or not answered in
 * time.
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

  /** The command that was sent and is not answered yet. */
  get command(): Command | null {
    return this.#command;
  }

  /** Whether no line waits behind it. */
  get isEmpty(): boolean {
    return this.#lines.length === 0;
  }

  /** Whether a message waits there. */
  waiting(session: SessionNumber): boolean {
    return this.#command?.session === session && this.#lines.some(({ text }) => !isCommandLine(text));
  }

  /** A command was sent from a session; `lines` wait behind it already. */
  begin(command: Command, lines: readonly Submitted[] = []): void {
    // The former one is not waited for any longer: what is behind it is not to be lost.
    this.stop();
    this.#command = command;
    this.#lines = lines;
  }

  /** The command asks another person. Every other command is answered for certain, however busy the machine is. */
  asks(id: number): void {
    if (this.#command?.id !== id) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.stop(), ASKING_MS);
  }

  /** Keeps a line of that session; false where nothing is waited for, or too much waits already, which comes back then. */
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

  /** A line was answered: the command, or another. `to`: where to go on; null when it was refused. */
  answered(id: number, to: SessionNumber | null): void {
    if (this.#command?.id === id) this.#end(to);
  }

  /** A message was taken back: a line that answers it is not sent, and neither are the others, so that their order stays. */
  retracted(session: SessionNumber, index: number): void {
    const answers = (line: Submitted): boolean => line.session === session && line.about?.index === index;
    if (!this.#lines.some(answers)) return;
    this.#lines = this.#lines.map((line) => (answers(line) ? { ...line, about: undefined } : line));
    this.stop();
  }

  /** The answer is not waited for any longer. */
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
