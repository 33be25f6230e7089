// A command that was sent may lead to another session. What is written before its answer is meant for wherever that leads:
// it is kept until then, so that no line goes to the wrong people. Owned by the composer's store.
import { isCommandLine, type SessionNumber } from "../protocol/webview.ts";

/** Lines wait this long for a command that asks another person, as \fork does. */
const ASKING_MS = 3_000;
/** Lines that can wait; more than anyone types before a command is answered. */
const MOST_LINES = 64;
/** Characters of those lines: they may all come back to the composer, whose text has to stay a draft the host can keep. */
const MOST_CHARACTERS = 256 * 1024;

/**
 * Where the command was sent, and the lines that were sent there since then. `to`: where it has led; null when it was refused,
 * or not answered in time.
 */
export type Held = {
  readonly session: SessionNumber;
  readonly lines: readonly string[];
  readonly to: SessionNumber | null;
};

export class CommandHold {
  readonly #release: (held: Held) => void;
  #command: { readonly id: number; readonly session: SessionNumber } | null = null;
  #lines: readonly string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(release: (held: Held) => void) {
    this.#release = release;
  }

  /** The session from which a command was sent that is not answered yet. */
  get session(): SessionNumber | null {
    return this.#command?.session ?? null;
  }

  /** Whether a message waits there. */
  waiting(session: SessionNumber): boolean {
    return this.session === session && this.#lines.some((line) => !isCommandLine(line));
  }

  /** A command was sent from a session; `lines` wait behind it already. */
  begin(id: number, session: SessionNumber, lines: readonly string[] = []): void {
    // One that waits in another session is not waited for any longer: what is behind it is not to be lost.
    this.stop();
    this.#command = { id, session };
    this.#lines = lines;
  }

  /** The command asks another person. Every other command is answered for certain, however busy the machine is. */
  asks(id: number): void {
    if (this.#command?.id !== id) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.stop(), ASKING_MS);
  }

  /** Keeps a line of that session; false where nothing is waited for, or too much waits already, which comes back then. */
  keep(session: SessionNumber, line: string): boolean {
    if (this.session !== session) return false;
    const characters = this.#lines.reduce((sum, { length }) => sum + length, line.length);
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

  /** The answer is not waited for any longer. */
  stop(): void {
    this.#end(null);
  }

  #end(to: SessionNumber | null): void {
    clearTimeout(this.#timer);
    const [command, lines] = [this.#command, this.#lines];
    this.#command = null;
    this.#lines = [];
    if (command !== null) this.#release({ session: command.session, lines, to });
  }
}
