// A whole window without VS Code: the store, the effect runner and the real network, as extension.ts joins them.
// For integration tests against a real server.
import { randomBytes } from "node:crypto";
import type { Outcome } from "../../extension/core/effects.ts";
import { parseLine } from "../../extension/core/commandLine.ts";
import { initialState, type PeerSession, type State } from "../../extension/core/state.ts";
import { slice } from "../../extension/core/transcript.ts";
import { EffectRunner } from "../../extension/host/effectRunner.ts";
import { Store } from "../../extension/host/store.ts";
import { createNetwork } from "../../extension/net/network.ts";
import type { Entry } from "../../protocol/webview.ts";

const PATIENCE_MS = 15_000;
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined };

export class Client {
  readonly store: Store;
  readonly #runner: EffectRunner;
  readonly #network;

  constructor() {
    this.#network = createNetwork({
      emit: (event) => this.store.dispatch(event),
      settings: () => ({ peerHost: "", peerPort: 0 }),
      log: silent,
    });
    this.#runner = new EffectRunner(this.#network, (key) => this.store.dispatch({ type: "timer", key }));
    this.store = new Store(
      { ...initialState(randomBytes(6).toString("hex")), visible: true },
      { now: Date.now, random: Math.random },
      (effect) => {
        if (effect.type !== "settle") this.#runner.run(effect);
      },
    );
  }

  get state(): State {
    return this.store.state;
  }

  join(name: string, server: string): Promise<Outcome> {
    return this.store.request((request) => ({ type: "user/join", request, name, server }));
  }

  /** Types a line into the active session's composer. */
  type(text: string): Promise<Outcome> {
    const session = this.state.active;
    return this.store.request((request) => ({ type: "user/submit", request, session, text }));
  }

  /** Runs a command as the palette does. */
  run(line: string): Promise<Outcome> {
    const parsed = parseLine(line);
    if (!parsed.ok || parsed.value.type !== "command") throw new Error(`${line} is no command`);
    const { command } = parsed.value;
    return this.store.request((request) => ({ type: "user/command", request, command }));
  }

  peer(name: string): PeerSession | undefined {
    const [, ...peers] = this.state.sessions;
    return peers.find((session) => session.peer === name);
  }

  /** Every line of a session, messages as `name: text`, notices as they are. */
  lines(session: string): string[] {
    return this.entries(session).map((entry) =>
      entry.kind === "message" ? `${entry.from}: ${entry.text}` : entry.text,
    );
  }

  entries(session: string): Entry[] {
    const found = session === "lobby" ? this.state.sessions[0] : this.peer(session);
    return found === undefined ? [] : slice(found.transcript, 0, found.transcript.end).entries;
  }

  messages(session: string): string[] {
    return this.entries(session).flatMap((entry) =>
      entry.kind === "message" ? [`${entry.from}: ${entry.text}`] : [],
    );
  }

  /** Resolves as soon as the condition holds; fails with the state's gist when it does not in time. */
  until(what: string, condition: (state: State) => boolean): Promise<void> {
    if (condition(this.state)) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        subscription.dispose();
        reject(new Error(`Waited in vain for: ${what}\n${this.lines("lobby").join("\n")}`));
      }, PATIENCE_MS);
      const subscription = this.store.onChange((_before, after) => {
        if (!condition(after)) return;
        clearTimeout(timer);
        subscription.dispose();
        resolve();
      });
    });
  }

  /** Resolves when a session shows a line that contains the text. */
  untilShown(session: string, text: string): Promise<void> {
    return this.until(`“${text}” in ${session}`, () =>
      this.lines(session).some((line) => line.includes(text)),
    );
  }

  /** The window closes properly. */
  async close(): Promise<void> {
    this.#runner.dispose();
    await this.#network.dispose();
  }
}
