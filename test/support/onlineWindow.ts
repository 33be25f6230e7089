// A window with its timers, at a server that does what the test says, and the lines that tell of a loss of the connection.
import assert from "node:assert/strict";
import type { CloseCause, Network } from "../../extension/core/model/ports.ts";
import { initialState, type State } from "../../extension/core/model/state.ts";
import { panelState } from "../../extension/core/view/panelView.ts";
import { EffectRunner, type WindowEffects } from "../../extension/host/store/effectRunner.ts";
import { Store } from "../../extension/host/store/store.ts";
import { close, join, joined, listening, NOW, open, show, type Step, tell, UNIQUE } from "./core.ts";
import { lobbyLines } from "./coreChecks.ts";
import { FakeTimers } from "./fakeTimers.ts";

export const STOPPED: CloseCause = { kind: "server-stopped", text: "the server was stopped" };
export const REFUSED: CloseCause = { kind: "unreachable", text: "nothing listens there" };

export const DISCONNECTED = "info Disconnected: the server was stopped. Private sessions keep working.";
export const BACK = "info You're back in the lobby.";

/** A window with its timers, at a server that does what the test says. The fastest retries: 250 ms after a loss, or 400. */
export class OnlineWindow {
  readonly store: Store;
  readonly timers = new FakeTimers();
  /** What was sent to the server, and on which connection. */
  readonly sent: unknown[] = [];
  #start = 0;

  constructor() {
    const network = new Proxy({} as Network, {
      get:
        (_target, call) =>
        (...args: readonly unknown[]): void => {
          if (call === "send") this.sent.push(args);
        },
    });
    const nothing = new Proxy({} as WindowEffects, { get: () => () => undefined });
    const runner = new EffectRunner(network, nothing, (key) => this.store.dispatch({ type: "timer", key }));
    this.store = new Store(
      initialState("w"),
      { now: () => NOW + this.timers.now, random: () => 0, unique: () => UNIQUE },
      (effect) => {
        if (effect.type !== "settle") runner.run(effect);
      },
    );
    this.timers.install();
    this.does(show(true), join("anna"));
    this.#admitted();
    // The connection is stable.
    this.passes(10_000);
    this.#start = this.state.sessions[0].transcript.end;
  }

  get state(): State {
    return this.store.state;
  }

  /** Lines that the lobby has shown since it was joined. */
  get lines(): string[] {
    return lobbyLines(this.state).slice(this.#start);
  }

  get lobby(): string {
    return panelState(this.state).sessions[0]?.state ?? "";
  }

  does(...steps: readonly Step[]): void {
    for (const step of steps) {
      for (const event of typeof step === "function" ? step(this.state) : [step]) this.store.dispatch(event);
    }
  }

  passes(ms: number): void {
    this.timers.pass(ms);
  }

  loses(cause = STOPPED): void {
    this.does(close(cause, this.#id));
  }

  /** The dial that is on its way reaches the server. */
  rejoins(change: Parameters<typeof joined>[1] = {}, name = "anna"): void {
    this.#admitted(change, name);
  }

  hears(message: Parameters<typeof tell>[0]): void {
    this.does(tell(message, this.#id));
  }

  #admitted(change: Parameters<typeof joined>[1] = {}, name = "anna"): void {
    const { connection } = this.state;
    assert.equal(connection.status, "connecting");
    this.does(open(this.#id), listening, tell(joined(name, change), this.#id));
  }

  get #id(): number {
    const { connection } = this.state;
    return "id" in connection ? connection.id : assert.fail(`${connection.status}: no connection`);
  }
}
