// Puts commands into the log. One entry is on its way at a time, and what is asked meanwhile is the next one. An entry in doubt is
// put again: the log counts each once.
import type { Command, Entry } from "../../protocol/cluster.ts";
import { ENTRY_COMMANDS } from "../../protocol/cluster.ts";
import type { LobbyLog } from "../hall/lobbyLog.ts";

/** Characters of commands after which an entry is full. */
const ENTRY_CHARACTERS = 64 * 1024;

/**
 * Milliseconds from one entry to the next. An entry costs all servers and the engine far more than one more command in it, and
 * most messages come after a longer pause.
 */
const SPACING_MS = 5;

/** The same after an entry with several commands: people write so fast that some more will come. */
const SHARED_SPACING_MS = 10;
/** Commands that are enough for an entry. It does not wait for more of them. */
const ENOUGH_COMMANDS = 16;

/** The same if people only come and go, thousands at once after a server has died. */
const PATIENT_SPACING_MS = 25;
const PATIENT: ReadonlySet<Command["type"]> = new Set(["enter", "leave", "attend"]);

/** Milliseconds before an entry is put again. */
const AGAIN_MS = 100;

export type EntryWriterDependencies = {
  readonly life: number;
  /** Resolves with whether the entry has its place, or may have: `again` if it has to be put again. */
  readonly put: (text: string) => Promise<"done" | "again" | "over">;
  /** The time of an entry; milliseconds since 1970. */
  readonly wallTime: () => number;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Calls back once, in the next turn of the event loop (`setImmediate`). */
  readonly nextTurn: (turn: () => void) => void;
  /** Calls back after so many milliseconds; returns a function that cancels it. */
  readonly later: (ms: number, call: () => void) => () => void;
};

export class EntryWriter implements LobbyLog {
  readonly #deps: EntryWriterDependencies;
  /** Not on their way yet, in order. */
  readonly #waiting = new Set<{ readonly command: Command }>();
  #n = 0;
  #lastAt = -Infinity;
  /** Whether the last entry had several commands. */
  #wasShared = false;
  #isBusy = false;
  /** Whether any of those that wait is urgent. */
  #isUrgent = false;
  /** Cancels the timer of the next entry; undefined while there is none. */
  #cancel: (() => void) | undefined;
  #isOver = false;

  constructor(deps: EntryWriterDependencies) {
    this.#deps = deps;
  }

  append = (command: Command): (() => boolean) => {
    if (this.#isOver) return () => false;
    const waiting = { command };
    this.#waiting.add(waiting);
    const isSooner =
      (!this.#isUrgent && !PATIENT.has(command.type)) || this.#waiting.size === ENOUGH_COMMANDS;
    this.#isUrgent ||= !PATIENT.has(command.type);
    if (!this.#isBusy || (isSooner && this.#cancel !== undefined)) this.#schedule();
    return () => this.#waiting.delete(waiting);
  };

  /** Nothing more is put. What waits is forgotten. */
  stop(): void {
    this.#isOver = true;
    this.#waiting.clear();
  }

  #schedule(): void {
    const { now, nextTurn, later } = this.#deps;
    this.#isBusy = true;
    this.#cancel?.();
    const wait = this.#lastAt + this.#spacing() - now();
    this.#cancel = wait > 0 ? later(wait, () => this.#next()) : undefined;
    if (wait <= 0) nextTurn(() => this.#next());
  }

  #spacing(): number {
    if (!this.#isUrgent) return PATIENT_SPACING_MS;
    return this.#wasShared && this.#waiting.size < ENOUGH_COMMANDS ? SHARED_SPACING_MS : SPACING_MS;
  }

  #next(): void {
    this.#cancel = undefined;
    const commands = this.#take();
    this.#isBusy = commands.length > 0;
    if (!this.#isBusy) return;
    const { life, wallTime, now } = this.#deps;
    this.#lastAt = now();
    this.#wasShared = commands.length > 1;
    const entry = { life, n: ++this.#n, time: wallTime() } satisfies Omit<Entry, "commands">;
    this.#put(`${JSON.stringify(entry).slice(0, -1)},"commands":[${commands.join(",")}]}`);
  }

  /** The next commands, as JSON. */
  #take(): string[] {
    const texts: string[] = [];
    let size = 0;
    for (const waiting of this.#waiting) {
      if (size >= ENTRY_CHARACTERS || texts.length >= ENTRY_COMMANDS) break;
      this.#waiting.delete(waiting);
      const text = JSON.stringify(waiting.command);
      size += text.length;
      texts.push(text);
    }
    this.#isUrgent = this.#waiting.size > 0;
    return texts;
  }

  #put(text: string): void {
    if (this.#isOver) return;
    void this.#deps.put(text).then((outcome) => {
      if (outcome === "done") {
        if (this.#waiting.size > 0) this.#schedule();
        else this.#isBusy = false;
      } else if (outcome === "again") this.#deps.later(AGAIN_MS, () => this.#put(text));
      else this.stop();
    });
  }
}
