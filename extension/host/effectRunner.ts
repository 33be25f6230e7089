// Carries out the core's effects: calls of the network, and timers.
import { assertNever } from "../../protocol/result.ts";
import type { Effect, NetworkEffect } from "../core/effects.ts";
import type { TimerKey } from "../core/events.ts";
import type { Network } from "../core/ports.ts";

export class EffectRunner {
  readonly #network: Network;
  readonly #onTimer: (key: TimerKey) => void;
  readonly #timers = new Map<TimerKey, NodeJS.Timeout>();

  constructor(network: Network, onTimer: (key: TimerKey) => void) {
    this.#network = network;
    this.#onTimer = onTimer;
  }

  run(effect: Exclude<Effect, { type: "settle" }>): void {
    switch (effect.type) {
      case "network":
        call(this.#network, effect);
        return;
      case "schedule":
        this.#schedule(effect.key, effect.ms);
        return;
      case "cancel":
        this.#cancel(effect.key);
        return;
      default:
        assertNever(effect);
    }
  }

  dispose(): void {
    for (const key of [...this.#timers.keys()]) this.#cancel(key);
  }

  #schedule(key: TimerKey, ms: number): void {
    this.#cancel(key);
    const timer = setTimeout(() => {
      this.#timers.delete(key);
      this.#onTimer(key);
    }, ms);
    this.#timers.set(key, timer);
  }

  #cancel(key: TimerKey): void {
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
  }
}

/** Calls the method that the effect names, with its arguments. */
function call(network: Network, effect: NetworkEffect): void {
  // The mapped type of NetworkEffect ties each method to its own arguments; the compiler cannot follow that
  // through a union, so that the tie is stated here once.
  const method = network[effect.call].bind(network) as (...args: readonly unknown[]) => void;
  method(...effect.args);
}
