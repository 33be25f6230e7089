// The cards of open forks, and of answers that the hall has not seen yet. Addresses go to the other side and nowhere else, so
// the hall does not know them. Pure; the time is passed in.
import type { Card, SessionId } from "../../protocol/fields.ts";

/** `expiresAt`: by the clock of the caller. All are kept equally long, so insertion order is expiry order. */
type Kept = { readonly card: Card; readonly expiresAt: number };

export class Cards {
  readonly #lifetimeMs: number;
  readonly #ofForks = new Map<SessionId, Kept>();
  /** By connection and session: others may claim to answer the same invitation. */
  readonly #ofAnswers = new Map<string, Kept>();

  constructor(lifetimeMs: number) {
    this.#lifetimeMs = lifetimeMs;
  }

  /** When the first fork has had its time. */
  get nextExpiry(): number | undefined {
    return this.#ofForks.values().next().value?.expiresAt;
  }

  fork(sid: SessionId, card: Card, now: number): void {
    this.#ofForks.set(sid, { card, expiresAt: now + this.#lifetimeMs });
  }

  /** The card of a fork that has come to its end, once. */
  takeFork(sid: SessionId): Card | undefined {
    const card = this.#ofForks.get(sid)?.card;
    this.#ofForks.delete(sid);
    return card;
  }

  answer(connection: number, sid: SessionId, card: Card, now: number): void {
    for (const key of over(this.#ofAnswers, now)) this.#ofAnswers.delete(key);
    this.#ofAnswers.set(answerKey(connection, sid), { card, expiresAt: now + this.#lifetimeMs });
  }

  /** The card of an answer that the hall has seen, once. */
  takeAnswer(connection: number, sid: SessionId): Card | undefined {
    const key = answerKey(connection, sid);
    const card = this.#ofAnswers.get(key)?.card;
    this.#ofAnswers.delete(key);
    return card;
  }

  /** The forks that have had their time. */
  over(now: number): SessionId[] {
    return over(this.#ofForks, now);
  }
}

function over<K>(kept: ReadonlyMap<K, Kept>, now: number): K[] {
  const keys: K[] = [];
  for (const [key, { expiresAt }] of kept) {
    if (expiresAt > now) break;
    keys.push(key);
  }
  return keys;
}

function answerKey(connection: number, sid: SessionId): string {
  return `${connection} ${sid}`;
}
