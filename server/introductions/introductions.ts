// Open forks: from the request until the other side answers, leaves or stays silent too long. Pure: IDs and times are passed
// in.
import type { Card, MessageId, SessionId } from "../../protocol/fields.ts";
import { err, ok, type Result } from "../../protocol/result.ts";

export type Invite = {
  readonly sid: SessionId;
  /** The ID of the caller's `fork`, which every answer carries. */
  readonly id: MessageId;
  readonly caller: string;
  readonly callee: string;
  /** The caller's card: for the callee, after it has consented. */
  readonly card: Card;
  /** By the clock that `fork` and `expire` get. */
  readonly expiresAt: number;
};

export type ForkOutcome =
  | { readonly kind: "invited"; readonly invite: Invite }
  /** The callee has already forked the caller. This fork answers that invitation, which holds for both. */
  | { readonly kind: "crossed"; readonly invite: Invite };

export type ForkError = "self-fork" | "fork-pending" | "too-many-forks";

export type IntroductionLimits = { readonly introductionMs: number; readonly pendingForks: number };

export class Introductions {
  readonly #limits: IntroductionLimits;
  /** All last equally long, so insertion order is expiry order. */
  readonly #bySid = new Map<string, Invite>();
  /** The invitations of each person, by the direction of the pair. */
  readonly #byPerson = new Map<string, Map<string, Invite>>();

  constructor(limits: IntroductionLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#bySid.size;
  }

  /** When the first invitation expires. */
  get nextExpiry(): number | undefined {
    return this.#bySid.values().next().value?.expiresAt;
  }

  /** `caller` wants a session with `callee`, who is online. `sid` is used if this becomes an invitation. */
  fork(request: {
    id: MessageId;
    sid: SessionId;
    caller: string;
    callee: string;
    card: Card;
    now: number;
  }): Result<ForkOutcome, ForkError> {
    const { id, sid, caller, callee, card, now } = request;
    if (caller === callee) return err("self-fork");
    const own = this.#byPerson.get(caller);
    if (own?.has(pairKey(caller, callee)) === true) return err("fork-pending");
    const reverse = own?.get(pairKey(callee, caller));
    if (reverse !== undefined) {
      this.#remove(reverse);
      return ok({ kind: "crossed", invite: reverse });
    }
    if (this.#opened(caller) >= this.#limits.pendingForks) return err("too-many-forks");
    const invite = { sid, id, caller, callee, card, expiresAt: now + this.#limits.introductionMs };
    this.#bySid.set(sid, invite);
    this.#of(caller).set(pairKey(caller, callee), invite);
    this.#of(callee).set(pairKey(caller, callee), invite);
    return ok({ kind: "invited", invite });
  }

  /** Ends the invitation that the callee answers; undefined if there is none (any more). */
  answer(callee: string, sid: SessionId): Invite | undefined {
    const invite = this.#bySid.get(sid);
    if (invite?.callee !== callee) return undefined;
    this.#remove(invite);
    return invite;
  }

  /** Ends the caller's invitation with this fork ID; undefined if it has been answered. */
  withdraw(caller: string, id: MessageId): Invite | undefined {
    for (const invite of this.#byPerson.get(caller)?.values() ?? []) {
      if (invite.caller !== caller || invite.id !== id) continue;
      this.#remove(invite);
      return invite;
    }
    return undefined;
  }

  /** Ends all invitations of someone who is gone. Returns those whose callers have to be told. */
  leave(person: string): Invite[] {
    const all = [...(this.#byPerson.get(person)?.values() ?? [])];
    for (const invite of all) this.#remove(invite);
    return all.filter((invite) => invite.callee === person);
  }

  /** Ends and returns expired invitations. */
  expire(now: number): Invite[] {
    const over: Invite[] = [];
    for (const invite of this.#bySid.values()) {
      if (invite.expiresAt > now) break;
      over.push(invite);
    }
    for (const invite of over) this.#remove(invite);
    return over;
  }

  #opened(caller: string): number {
    let count = 0;
    for (const invite of this.#byPerson.get(caller)?.values() ?? []) if (invite.caller === caller) count += 1;
    return count;
  }

  #of(person: string): Map<string, Invite> {
    const existing = this.#byPerson.get(person);
    if (existing !== undefined) return existing;
    const created = new Map<string, Invite>();
    this.#byPerson.set(person, created);
    return created;
  }

  #remove(invite: Invite): void {
    this.#bySid.delete(invite.sid);
    for (const person of [invite.caller, invite.callee]) {
      const invites = this.#byPerson.get(person);
      invites?.delete(pairKey(invite.caller, invite.callee));
      if (invites?.size === 0) this.#byPerson.delete(person);
    }
  }
}

function pairKey(caller: string, callee: string): string {
  // A name's key contains no blank.
  return `${caller} ${callee}`;
}
