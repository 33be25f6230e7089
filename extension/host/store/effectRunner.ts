// Runs the core's effects: network calls, timers, questions, and what is saved.
import { assertNever } from "../../../protocol/result.ts";
import type { SessionNumber } from "../../../protocol/webview.ts";
import type { WrittenLines } from "../../../protocol/fileReference.ts";
import type { WantedChanges } from "../../core/changes/changesArgument.ts";
import type { Effect, NetworkEffect, TransfersEffect } from "../../core/model/effects.ts";
import type { Question } from "../../core/model/question.ts";
import type { TimerKey } from "../../core/model/timers.ts";
import type { Network } from "../../core/model/ports.ts";
import type { KnownPeer } from "../../core/model/person.ts";

/** What the window's other parts do: ask the user, save people, save conversations. */
export type WindowEffects = {
  readonly ask: (question: Question) => void;
  /** Shows a quiet notification about sessions. */
  readonly notify: (text: string, sessions: readonly SessionNumber[]) => void;
  readonly remember: (server: string, peer: KnownPeer, unblocks: boolean) => void;
  readonly forget: (server: string, name: string, unblocks: boolean) => void;
  /** Limits what is saved of this session to what the session itself holds. */
  readonly trim: (session: SessionNumber) => void;
  /** Puts lines of a file into a session's composer. */
  readonly attachLines: (session: SessionNumber, lines: WrittenLines) => void;
  /** Something that the transfers of files have to know. */
  readonly transfers: (effect: TransfersEffect) => void;
  /** Offers one of the user's files in a session. */
  readonly offerFile: (session: SessionNumber, path: string) => void;
  /** Lets the user choose changes for a session's composer. */
  readonly sendChanges: (session: SessionNumber, wanted: WantedChanges) => void;
  /** Sends a session the line that the user is at. */
  readonly tellWhere: (session: SessionNumber, agreed: boolean) => void;
};

export class EffectRunner {
  readonly #network: Network;
  readonly #onTimer: (key: TimerKey) => void;
  readonly #window: WindowEffects;
  readonly #timers = new Map<TimerKey, NodeJS.Timeout>();

  constructor(network: Network, window: WindowEffects, onTimer: (key: TimerKey) => void) {
    this.#network = network;
    this.#window = window;
    this.#onTimer = onTimer;
  }

  run(effect: Exclude<Effect, { type: "settle" }>): void {
    switch (effect.type) {
      case "network":
        call(this.#network, effect);
        return;
      case "transfers":
        this.#window.transfers(effect);
        return;
      case "schedule":
        this.#schedule(effect.key, effect.ms);
        return;
      case "cancel":
        this.#cancel(effect.key);
        return;
      case "notify":
        this.#window.notify(effect.text, effect.sessions);
        return;
      case "ask":
        this.#window.ask(effect.question);
        return;
      case "withdraw":
        // The notification disappears by itself; a late answer is ignored.
        return;
      case "trim":
        this.#window.trim(effect.session);
        return;
      case "attachLines":
        this.#window.attachLines(effect.session, effect.lines);
        return;
      case "offerFile":
        this.#window.offerFile(effect.session, effect.path);
        return;
      case "sendChanges":
        this.#window.sendChanges(effect.session, effect.wanted);
        return;
      case "tellWhere":
        this.#window.tellWhere(effect.session, effect.agreed);
        return;
      case "remember":
        this.#window.remember(effect.server, effect.peer, effect.unblocks);
        return;
      case "forget":
        this.#window.forget(effect.server, effect.name, effect.unblocks);
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

/** Calls the method of the effect with its arguments. */
function call(network: Network, effect: NetworkEffect): void {
  // The mapped type of NetworkEffect ties each method to its own arguments. The compiler cannot follow that through a
  // union, so this cast states it once.
  const method = network[effect.call].bind(network) as (...args: readonly unknown[]) => void;
  method(...effect.args);
}
