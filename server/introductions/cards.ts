// The cards of open forks, and of answers that the hall has not seen yet. Addresses go to the other side and nowhere else, so
// the hall does not know them. Pure; the time is passed in.
import { NO_CARD } from "./halves.ts";
import type { Card, SessionId } from "../../protocol/fields.ts";

/** `expiresAt`: by the clock of the caller. All are kept equally long, so insertion order is expiry order. */
type Kept = { readonly card: Card; readonly expiresAt: number };

export class Cards {
  readonly #lifetimeMs: number;
  readonly #ofForks = new Map<SessionId, Kept>();
  /** Of expired forks, until the hall has ended them: an answer may have come first. */
  readonly #ofOldForks = new Map<SessionId, Kept>();
  /** By connection and session: others may claim to answer the same invitation. */
  readonly #ofAnswers = new Map<string, Kept>();

  constructor(lifetimeMs: number) {
    this.#lifetimeMs = lifetimeMs;
  }

  /** When the next fork expires. */
  get nextExpiry(): number | undefined {
    return this.#ofForks.values().next().value?.expiresAt;
  }

  fork(sid: SessionId, card: Card, now: number): void {
    this.#ofForks.set(sid, { card, expiresAt: now + this.#lifetimeMs });
  }

  /** A fork whose card is on another server, if it is not known here. It expires here, too. */
  expect(sid: SessionId, now: number): void {
    if (!this.#ofForks.has(sid) && !this.#ofOldForks.has(sid)) this.fork(sid, NO_CARD, now);
  }

  /** The card of a fork that has come to its end, once. */
  takeFork(sid: SessionId): Card | undefined {
    const kept = this.#ofForks.get(sid) ?? this.#ofOldForks.get(sid);
    this.#ofForks.delete(sid);
    this.#ofOldForks.delete(sid);
    return kept?.card;
  }

  answer(connection: number, sid: SessionId, card: Card, now: number): void {
    for (const [key] of over(this.#ofAnswers, now)) this.#ofAnswers.delete(key);
    const key = answerKey(connection, sid);
    this.#ofAnswers.delete(key);
    this.#ofAnswers.set(key, { card, expiresAt: now + this.#lifetimeMs });
  }

  /** The card of an answer that the hall has seen, once. */
  takeAnswer(connection: number, sid: SessionId): Card | undefined {
    const key = answerKey(connection, sid);
    const card = this.#ofAnswers.get(key)?.card;
    this.#ofAnswers.delete(key);
    return card;
  }

  /** The forks that have expired, each once. Their cards are kept until they are taken. */
  over(now: number): SessionId[] {
    return over(this.#ofForks, now).map(([sid, kept]) => {
      this.#ofForks.delete(sid);
      this.#ofOldForks.set(sid, kept);
      return sid;
    });
  }
}

function over<K>(all: ReadonlyMap<K, Kept>, now: number): [K, Kept][] {
  const old: [K, Kept][] = [];
  for (const [key, kept] of all) {
    if (kept.expiresAt > now) break;
    old.push([key, kept]);
  }
  return old;
}

function answerKey(connection: number, sid: SessionId): string {
  return `${connection} ${sid}`;
}
