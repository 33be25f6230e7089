// A window without a network whose conversations are saved in a real folder: it processes fixtures, and the history
// follows, and the journal if there is one.
import { join } from "node:path";
import { ClosedWindows } from "../../extension/host/storage/closedWindows.ts";
import { History } from "../../extension/host/storage/history.ts";
import type { HistorySettings } from "../../extension/host/storage/historyBound.ts";
import type { CoreEvent } from "../../extension/core/model/events.ts";
import type { Session } from "../../extension/core/model/session.ts";
import { restoreWindow } from "../../extension/core/saved/savedWindow.ts";
import type { State } from "../../extension/core/model/state.ts";
import { slice } from "../../extension/core/model/transcript.ts";
import { WindowMemory } from "../../extension/host/storage/windowMemory.ts";
import { blank, NOW, run, type Step } from "./core.ts";

export class KeptWindow {
  state: State = blank;
  readonly history: History;
  forgotten = 0;
  now = NOW;
  readonly warnings: string[] = [];

  readonly #memory: WindowMemory | null;

  /** @param journal the window's id; without one, only its conversations are saved */
  constructor(folder: string, settings: Partial<HistorySettings> = {}, journal?: string) {
    const windows = join(folder, "..", "windows");
    const log = { warn: (text: string): unknown => this.warnings.push(text) };
    this.#memory = journal === undefined ? null : new WindowMemory(windows, journal, { log });
    this.history = new History({
      folder,
      settings: { messages: 10_000, days: 30, forgetOnLeave: false, ...settings },
      now: () => this.now,
      dispatch: (event) => this.#queue.push(event),
      onForgotten: () => {
        this.forgotten++;
        this.#memory?.compact();
      },
      closedWindows: new ClosedWindows(windows),
      log,
    });
  }

  readonly #queue: CoreEvent[] = [];

  /** Processes steps like the store does: what the history loads follows right after the event that caused it. */
  take(...steps: readonly Step[]): this {
    for (const step of steps) {
      for (const event of typeof step === "function" ? step(this.state) : [step]) {
        this.#queue.push(event);
        for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
          const before = this.state;
          const { state, effects } = run(before, next);
          this.state = state;
          this.history.changed(before, state);
          this.#memory?.changed(before, state);
          for (const effect of effects) {
            if (effect.type !== "trim") continue;
            const session = state.sessions.find(({ number }) => number === effect.session);
            if (session !== undefined) this.history.trim(session);
            this.#memory?.rewriteSoon();
          }
        }
      }
    }
    return this;
  }

  /** Starts with a state that another window has left. */
  adopt(state: State): this {
    this.state = this.history.adopt(state);
    return this;
  }

  /** Starts as the window that had this journal. */
  async comeBack(journal: string): Promise<this> {
    const saved = await this.#memory?.recall(journal);
    if (saved == null) throw new Error(`nothing is kept of ${journal}`);
    return this.adopt(restoreWindow(saved, "x"));
  }

  close(): void {
    this.history.close();
    this.#memory?.close();
  }

  /** The messages of a session, as `from: text`. */
  messages(number = 0): string[] {
    return messagesOf(this.state.sessions.find((session) => session.number === number));
  }
}

export function messagesOf(session: Session | undefined): string[] {
  if (session === undefined) return [];
  const { transcript } = session;
  return slice(transcript, transcript.start, transcript.end).entries.flatMap((entry) =>
    entry.kind === "message" ? [`${entry.from}: ${entry.text}`] : [],
  );
}
