// A window without a network whose conversations are kept in a real folder: fixtures go in, the history follows.
import { History, type HistorySettings } from "../../extension/host/history.ts";
import type { CoreEvent } from "../../extension/core/events.ts";
import type { Session } from "../../extension/core/session.ts";
import type { State } from "../../extension/core/state.ts";
import { slice } from "../../extension/core/transcript.ts";
import { after, blank, NOW, type Step } from "./core.ts";

export class KeptWindow {
  state: State = blank;
  readonly history: History;
  forgotten = 0;
  now = NOW;
  readonly warnings: string[] = [];

  constructor(folder: string, settings: Partial<HistorySettings> = {}) {
    this.history = new History({
      folder,
      settings: { messages: 10_000, days: 30, forgetOnLeave: false, ...settings },
      now: () => this.now,
      dispatch: (event) => this.#queue.push(event),
      onForgotten: () => this.forgotten++,
      log: { warn: (text) => this.warnings.push(text) },
    });
  }

  readonly #queue: CoreEvent[] = [];

  /** Takes steps in as the store does: what the history loads comes right after the event that made it. */
  take(...steps: readonly Step[]): this {
    for (const step of steps) {
      for (const event of typeof step === "function" ? step(this.state) : [step]) {
        this.#queue.push(event);
        for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
          const before = this.state;
          this.state = after(before, next);
          this.history.changed(before, this.state);
        }
      }
    }
    return this;
  }

  /** Comes up with a state that another window has left. */
  adopt(state: State): this {
    this.state = this.history.adopt(state);
    return this;
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
