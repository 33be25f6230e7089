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
  readonly later: (ms: number, call: () => void) => void;
};

export class EntryWriter implements LobbyLog {
  readonly #deps: EntryWriterDependencies;
  /** Not on their way yet, in order. */
  readonly #waiting = new Set<{ readonly command: Command }>();
  #n = 0;
  #lastAt = -Infinity;
  #isBusy = false;
  #isOver = false;

  constructor(deps: EntryWriterDependencies) {
    this.#deps = deps;
  }

  append = (command: Command): (() => boolean) => {
    if (this.#isOver) return () => false;
    const waiting = { command };
    this.#waiting.add(waiting);
    if (!this.#isBusy) {
      this.#isBusy = true;
      this.#schedule();
    }
    return () => this.#waiting.delete(waiting);
  };

  /** Nothing more is put. What waits is forgotten. */
  stop(): void {
    this.#isOver = true;
    this.#waiting.clear();
  }

  #schedule(): void {
    const { now, nextTurn, later } = this.#deps;
    const wait = this.#lastAt + SPACING_MS - now();
    if (wait > 0) later(wait, () => this.#next());
    else nextTurn(() => this.#next());
  }

  #next(): void {
    const commands = this.#take();
    this.#isBusy = commands.length > 0;
    if (!this.#isBusy) return;
    const { life, wallTime, now } = this.#deps;
    this.#lastAt = now();
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
    return texts;
  }

  #put(text: string): void {
    if (this.#isOver) return;
    void this.#deps.put(text).then((outcome) => {
      if (outcome === "done") {
        this.#isBusy = this.#waiting.size > 0;
        if (this.#isBusy) this.#schedule();
      } else if (outcome === "again") this.#deps.later(AGAIN_MS, () => this.#put(text));
      else this.stop();
    });
  }
}
