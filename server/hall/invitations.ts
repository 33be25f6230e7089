// Open forks: from the request until the other side answers, leaves or stays silent too long.
import type { MessageId, SessionId } from "../../protocol/fields.ts";
import { err, ok, type Result } from "../../protocol/result.ts";
import { Heaviest } from "../budgets/heaviest.ts";
import type { KeyCounts, Keeper } from "../budgets/weights.ts";

export type Invite = {
  readonly sid: SessionId;
  /** The ID of the caller's `fork`, which every answer carries. */
  readonly id: MessageId;
  readonly caller: string;
  readonly callee: string;
  /** The number of the connection that the fork came over: its server has the caller's card. */
  readonly connection: number;
};

export type ForkOutcome =
  /** `evicted`: the one that has ended to make room. */
  | { readonly kind: "invited"; readonly invite: Invite; readonly evicted: Invite | undefined }
  /** The callee has forked the caller a moment ago: that invitation, which is answered by this, holds for both. */
  | { readonly kind: "crossed"; readonly invite: Invite };

export type ForkError = "self-fork" | "fork-pending" | "too-many-forks";

export type InvitationLimits = {
  /** Of one caller, of one address, and in all. */
  readonly pendingForks: number;
  readonly openForksPerAddress: number;
  readonly openForks: number;
};

/** Everything, as plain data: the invitations from the oldest to the newest. */
export type InvitationsSnapshot = {
  readonly open: readonly (readonly [invite: Invite, keeper: Keeper])[];
  readonly counts: KeyCounts;
};

export class Invitations {
  readonly #limits: InvitationLimits;
  readonly #bySid = new Map<string, Invite>();
  /** The invitations of each person, by the direction of the pair. */
  readonly #byPerson = new Map<string, Map<string, Invite>>();
  readonly #heaviest: Heaviest<Invite>;

  constructor(limits: InvitationLimits, snapshot?: InvitationsSnapshot) {
    this.#limits = limits;
    this.#heaviest = new Heaviest(snapshot?.open, snapshot?.counts);
    for (const [invite] of snapshot?.open ?? []) this.#keep(invite);
  }

  snapshot(): InvitationsSnapshot {
    return { open: this.#heaviest.entries(), counts: this.#heaviest.counts() };
  }

  get size(): number {
    return this.#bySid.size;
  }

  /** Whether someone can answer this one. */
  isFor(callee: string, sid: SessionId): boolean {
    return this.#bySid.get(sid)?.callee === callee;
  }

  /** Those that someone waits for. */
  sentBy(caller: string): Invite[] {
    return [...(this.#byPerson.get(caller)?.values() ?? [])].filter((invite) => invite.caller === caller);
  }

  /**
   * `caller` wants a session with `callee`, who is online. `sid` is used when this becomes an invitation. Over the limits of an
   * address and of all, one of the key with the most ends.
   */
  fork({
    keeper,
    ...invite
  }: Invite & {
    /** The caller's key and address. */
    readonly keeper: Keeper;
  }): Result<ForkOutcome, ForkError> {
    const { caller, callee } = invite;
    if (caller === callee) return err("self-fork");
    const own = this.#byPerson.get(caller);
    if (own?.has(pairKey(caller, callee)) === true) return err("fork-pending");
    const reverse = own?.get(pairKey(callee, caller));
    if (reverse !== undefined) {
      this.#remove(reverse);
      return ok({ kind: "crossed", invite: reverse });
    }
    if (this.sentBy(caller).length >= this.#limits.pendingForks) return err("too-many-forks");
    this.#keep(invite);
    this.#heaviest.add(invite, keeper);
    const evicted = this.#evict(keeper.address);
    return evicted === invite ? err("too-many-forks") : ok({ kind: "invited", invite, evicted });
  }

  #keep(invite: Invite): void {
    const { sid, caller, callee } = invite;
    this.#bySid.set(sid, invite);
    this.#of(caller).set(pairKey(caller, callee), invite);
    this.#of(callee).set(pairKey(caller, callee), invite);
  }

  #evict(address: string): Invite | undefined {
    const { openForks, openForksPerAddress } = this.#limits;
    const isFull = this.#heaviest.size > openForks;
    if (!isFull && this.#heaviest.ofAddress(address) <= openForksPerAddress) return undefined;
    const goes = isFull ? this.#heaviest.toGo() : this.#heaviest.toGo(address);
    if (goes !== undefined) this.#remove(goes);
    return goes;
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
    const invite = this.sentBy(caller).find((sent) => sent.id === id);
    if (invite !== undefined) this.#remove(invite);
    return invite;
  }

  /** Ends and returns all invitations of someone who has left, both those that they sent and those that they got. */
  leave(person: string): Invite[] {
    const all = [...(this.#byPerson.get(person)?.values() ?? [])];
    for (const invite of all) this.#remove(invite);
    return all;
  }

  /** Ends an expired invitation; undefined if it has been answered. */
  expire(sid: SessionId): Invite | undefined {
    const invite = this.#bySid.get(sid);
    if (invite !== undefined) this.#remove(invite);
    return invite;
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
    this.#heaviest.delete(invite);
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
