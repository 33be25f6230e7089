// Limits the lobby's bytes per second, in all and per key, so that readers on slow lines keep up. What exceeds it waits in a
// queue that is fair between authors, one message each. Their connections are not read meanwhile. Pure; time and timers are
// passed in.
import type { Pin } from "../../protocol/fields.ts";
import { limits } from "../../protocol/limits.ts";
import { TokenBucket } from "../../protocol/tokenBucket.ts";
import { Budgets } from "../budgets/budgets.ts";
import { FairQueue } from "../budgets/fairQueue.ts";

export type Speaker = { readonly pin: Pin; readonly address: string };

export type Speech = {
  readonly speaker: Speaker;
  /** Bytes that each reader gets. */
  readonly bytes: number;
  /** Whether it changes an earlier message. */
  readonly isChange: boolean;
};

export type PaceDependencies = {
  /** Bytes per second to each reader, sustained. */
  readonly bytesPerSecond: number;
  /** How many there are at the server that has the most: what one server lets pass goes to the readers of all. */
  readonly readers: () => number;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Calls back after this many milliseconds. Returns a function that cancels it. */
  readonly later: (ms: number, call: () => void) => () => void;
};

/** Keys remembered. */
const MOST_KEYS = 2 * limits.clients;

/** Milliseconds until a retry after a wait without success, because others go first. */
const LEAST_RETRY_MS = 1_000;

export class LobbyPace<S extends Speech> {
  readonly #deps: PaceDependencies;
  readonly #all: TokenBucket;
  readonly #ofKey: Budgets<"bytes" | "changes">;
  readonly #queue = new FairQueue<S>({
    all: limits.waitingMessages,
    ofAddress: limits.waitingMessagesPerAddress,
    ofFlow: limits.waitingMessagesPerKey,
  });
  readonly #grant: (speech: S) => void;
  readonly #refuse: (speech: S, retryMs: number) => void;
  /** When each waiting message arrived, oldest first. */
  readonly #since = new Map<S, number>();
  #cancelTimer: (() => void) | undefined;
  #wakesAt = Infinity;
  #granting = false;

  /**
   * @param grant gets what may be sent, at once or later
   * @param refuse gets what has waited too long
   */
  constructor(
    deps: PaceDependencies,
    grant: (speech: S) => void,
    refuse: (speech: S, retryMs: number) => void,
  ) {
    this.#deps = deps;
    const { bytesPerSecond } = deps;
    this.#all = new TokenBucket(bytesPerSecond, bytesPerSecond * limits.lobbyBurstSeconds, deps.now());
    this.#ofKey = new Budgets(
      {
        bytes: {
          perSecond: bytesPerSecond * limits.keyShare,
          burst: bytesPerSecond * limits.keyBurstSeconds,
        },
        changes: { perSecond: limits.changesPerSecond, burst: limits.changeBurst },
      },
      MOST_KEYS,
    );
    this.#grant = grant;
    this.#refuse = refuse;
  }

  /** @returns whether it has to wait; its connection must not be read until it is granted or refused */
  ask(speech: S): boolean {
    const now = this.#deps.now();
    if (this.#queue.size === 0 && this.#wait(speech, now) === 0) {
      this.#charge(speech, now);
      this.#grant(speech);
      return false;
    }
    const { pin, address } = speech.speaker;
    const cost = costOf(speech);
    this.#since.set(speech, now);
    // Two rates, two flows: changes that have to wait are not in the way of messages.
    const flow = speech.isChange ? `${pin} change` : pin;
    const excess = this.#queue.add({ flow, address, cost, item: speech });
    if (excess !== undefined) {
      this.#since.delete(excess);
      this.#refuse(excess, this.#retryMs(excess));
    }
    if (this.#since.has(speech)) {
      // The timer for the other waiting messages is set already, so the queue need not be scanned.
      const later = this.#deps.now();
      const ms = this.#wait(speech, later);
      if (ms > 0) this.#wakeIn(Math.min(ms, limits.waitingMs), later);
      else this.#goOn();
    }
    return this.#since.has(speech);
  }

  /** Another server has let this pass. Its readers are here, too, so it counts. */
  passed(speech: Speech): void {
    this.#charge(speech, this.#deps.now());
  }

  /** Drops a waiting message, without telling anyone. */
  drop(speech: S): void {
    this.#queue.delete(speech);
    this.#since.delete(speech);
  }

  #goOn(): void {
    // A granted author is read again, and may ask for more at once.
    if (this.#granting) return;
    this.#granting = true;
    const now = this.#deps.now();
    for (const [late, since] of this.#since) {
      if (now - since < limits.waitingMs) break;
      this.drop(late);
      this.#refuse(late, this.#retryMs(late));
    }
    while (this.#grantNext(this.#deps.now()));
    this.#granting = false;
    this.#wake(this.#deps.now());
  }

  /** Granting takes time, and its author may ask for more in it: with an earlier time, that would count twice. */
  #grantNext(now: number): boolean {
    if (this.#all.wait(now) > 0) return false;
    const next = this.#queue.take(now, ({ item }) => this.#wait(item, now));
    if (next === undefined) return false;
    this.#since.delete(next);
    this.#charge(next, now);
    this.#grant(next);
    return true;
  }

  /** Before the rate of all lets something pass, nothing has to be looked through. */
  #wake(now: number): void {
    this.#cancelTimer?.();
    this.#wakesAt = Infinity;
    if (this.#queue.size === 0) return;
    const all = this.#all.wait(now);
    const ms = all > 0 ? all : this.#queue.readyAt - now;
    this.#wakeIn(Math.min(ms, this.#untilLate(now)), now);
  }

  #wakeIn(ms: number, now: number): void {
    const at = now + Math.max(1, ms);
    if (at >= this.#wakesAt) return;
    this.#cancelTimer?.();
    this.#wakesAt = at;
    this.#cancelTimer = this.#deps.later(at - now, () => {
      this.#wakesAt = Infinity;
      this.#goOn();
    });
  }

  /** Milliseconds until the oldest message has waited too long. */
  #untilLate(now: number): number {
    const [oldest] = this.#since.values();
    return (oldest ?? Infinity) + limits.waitingMs - now;
  }

  /** Milliseconds until it may be sent. */
  #wait({ speaker: { pin }, isChange }: S, now: number): number {
    const all = this.#all.wait(now);
    const ofKey = this.#ofKey.wait("bytes", pin, now);
    return Math.max(all, ofKey, isChange ? this.#ofKey.wait("changes", pin, now) : 0);
  }

  #charge(speech: Speech, now: number): void {
    const { pin } = speech.speaker;
    const cost = costOf(speech);
    this.#all.charge(now, cost * Math.max(1, this.#deps.readers() / limits.fullRateReaders));
    this.#ofKey.charge("bytes", pin, now, cost);
    if (speech.isChange) this.#ofKey.charge("changes", pin, now, 1);
  }

  #retryMs(speech: S): number {
    return Math.max(LEAST_RETRY_MS, this.#wait(speech, this.#deps.now()));
  }
}

function costOf({ bytes }: Speech): number {
  return Math.max(bytes, limits.leastMessageBytes);
}
