// A command that was sent may lead to another session. What is written before its answer is meant for wherever that leads:
// it is kept until then, so that no line goes to the wrong people. Owned by the composer's store.
import type { SessionNumber } from "../protocol/webview.ts";

/** A command that asks somebody, as \fork may, is not waited for any longer. */
const LONGEST_MS = 3_000;
/** Lines that can wait; as many commands and messages as hands can give in that time. */
const MOST_LINES = 64;

/**
 * Where the command was sent, and the lines that were sent since then. `done`: it has done what it says; else it was refused,
 * or not answered in time.
 */
export type Held = {
  readonly session: SessionNumber;
  readonly lines: readonly string[];
  readonly done: boolean;
};

export class CommandHold {
  readonly #release: (held: Held) => void;
  #command: { readonly id: number; readonly session: SessionNumber } | null = null;
  #lines: readonly string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(release: (held: Held) => void) {
    this.#release = release;
  }

  get isHolding(): boolean {
    return this.#command !== null;
  }

  /** A command was sent from a session; `lines` wait behind it already. */
  begin(id: number, session: SessionNumber, lines: readonly string[] = []): void {
    this.#command = { id, session };
    this.#lines = lines;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.stop(), LONGEST_MS);
  }

  /** Keeps a line; false where nothing is waited for, or too much waits. */
  keep(line: string): boolean {
    if (!this.isHolding || this.#lines.length >= MOST_LINES) return false;
    this.#lines = [...this.#lines, line];
    return true;
  }

  /** A line was answered: the command, or another. */
  answered(id: number, accepted: boolean): void {
    if (this.#command?.id === id) this.#end(accepted);
  }

  /** The answer is not waited for any longer: whoever writes has gone elsewhere. */
  stop(): void {
    this.#end(false);
  }

  #end(done: boolean): void {
    clearTimeout(this.#timer);
    const [command, lines] = [this.#command, this.#lines];
    this.#command = null;
    this.#lines = [];
    if (command !== null) this.#release({ session: command.session, lines, done });
  }
}
