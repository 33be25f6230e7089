// Holds this window's one state. Only dispatched events change it, and its listeners are notified of every change.
import type { Effect } from "../../core/model/effects.ts";
import type { Outcome, RequestId } from "../../core/model/outcome.ts";
import type { CoreEvent } from "../../core/model/events.ts";
import type { State } from "../../core/model/state.ts";
import { needsSaving } from "../../core/saved/storage.ts";
import { update } from "../../core/update.ts";

type Listener = (before: State, after: State) => void;

/** The source of time and randomness. */
export type Source = {
  readonly now: () => number;
  readonly random: () => number;
  /** 128 random bits, base64url. */
  readonly unique: () => string;
};

export class Store {
  #state: State;
  readonly #source: Source;
  readonly #run: (effect: Effect) => void;
  readonly #keep: (before: State, after: State) => boolean;
  readonly #report: (error: unknown) => void;
  readonly #listeners = new Set<Listener>();
  readonly #queue: CoreEvent[] = [];
  readonly #requests = new Map<RequestId, (outcome: Outcome) => void>();
  #nextRequest: RequestId = 1;
  #busy = false;

  /**
   * @param run carries out every effect but `settle`, which the store answers itself
   * @param keep saves each change before its effects run; false when it could not: then what depends on that is not
   *   done
   * @param report gets the errors of effects and listeners: one that throws keeps no other from its turn
   */
  constructor(
    initial: State,
    source: Source,
    run: (effect: Effect) => void,
    keep: (before: State, after: State) => boolean = () => true,
    report: (error: unknown) => void = throwLater,
  ) {
    this.#report = report;
    this.#state = initial;
    this.#source = source;
    this.#run = run;
    this.#keep = keep;
  }

  get state(): State {
    return this.#state;
  }

  onChange(listener: Listener): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  /** Processes an event. Events caused by effects or listeners are queued. */
  dispatch(event: CoreEvent): void {
    this.#queue.push(event);
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) this.#take(next);
    } finally {
      this.#busy = false;
    }
  }

  /** Dispatches an event with a request, and resolves with its outcome. Never rejects. */
  request(event: (request: RequestId) => CoreEvent): Promise<Outcome> {
    const request = this.#nextRequest++;
    return new Promise((resolve) => {
      this.#requests.set(request, resolve);
      this.dispatch(event(request));
    });
  }

  /** Replaces the state, by a restored one, before anything has been joined. */
  replace(state: State): void {
    const before = this.#state;
    this.#state = state;
    this.#tell(before);
  }

  #take(event: CoreEvent): void {
    const before = this.#state;
    const { state, effects } = update(before, {
      ...event,
      at: this.#source.now(),
      random: this.#source.random(),
      unique: this.#source.unique(),
    });
    this.#state = state;
    const isKept = state === before || this.#keep(before, state);
    for (const effect of effects) {
      if (!isKept && needsSaving(effect)) continue;
      if (effect.type === "settle") this.#settle(effect.request, effect.outcome);
      else this.#guard(() => this.#run(effect));
    }
    this.#tell(before);
  }

  #tell(before: State): void {
    if (before === this.#state) return;
    for (const listener of [...this.#listeners]) this.#guard(() => listener(before, this.#state));
  }

  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#report(error);
    }
  }

  #settle(request: RequestId, outcome: Outcome): void {
    this.#requests.get(request)?.(outcome);
    this.#requests.delete(request);
  }
}

/** The default: errors are not lost. */
function throwLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
