// Relay tickets, in pairs: each is good once, within its time. Pure; time and tokens are passed in.
import { createHash } from "node:crypto";
import type { Token } from "../../protocol/fields.ts";
import { Shares, type Owner } from "../budgets/shares.ts";

/** The ticket's holder: the key that may use it, and when that was first seen. */
export type TicketHolder = Pick<Owner, "pin" | "since">;

export type Redeemed = { readonly pair: string; readonly side: "A" | "B"; readonly holder: TicketHolder };
type Pair = { readonly id: string; readonly expiresAt: number; readonly digests: readonly string[] };
type Ticket = Redeemed & { readonly of: Pair };

export type TicketLimits = {
  /** Lifetime of a ticket. */
  readonly connectMs: number;
  readonly ticketPairs: number;
  readonly ticketPairsPerKey: number;
};

export class Tickets {
  readonly #limits: TicketLimits;
  /** By digest, so that looking one up reveals nothing about others. */
  readonly #tickets = new Map<string, Ticket>();
  /** Pairs with at least one unused ticket, oldest first. */
  readonly #pairs = new Map<string, Pair>();
  readonly #shares = new Shares<Pair>();
  #count = 0;

  /** Beyond the limit of a key, its oldest pair is forgotten. Beyond the total limit, see Shares. */
  constructor(limits: TicketLimits) {
    this.#limits = limits;
  }

  /** Makes two tickets that lead to each other, for two holders. They are charged to `owner`, who requested them. */
  issue(
    a: { readonly token: Token; readonly holder: TicketHolder },
    b: { readonly token: Token; readonly holder: TicketHolder },
    owner: Owner,
    now: number,
  ): void {
    this.#expire(now);
    const { connectMs, ticketPairs, ticketPairsPerKey } = this.#limits;
    const own = this.#shares.of(owner.pin);
    const [oldest] = own;
    if (own.size >= ticketPairsPerKey && oldest !== undefined) this.#forget(oldest);
    const id = String(++this.#count);
    const pair = { id, expiresAt: now + connectMs, digests: [digestOf(a.token), digestOf(b.token)] };
    for (const [n, { holder }] of [a, b].entries()) {
      const { pin, since } = holder;
      const side = n === 0 ? "A" : "B";
      this.#tickets.set(pair.digests[n] ?? "", { pair: id, side, holder: { pin, since }, of: pair });
    }
    this.#pairs.set(id, pair);
    this.#shares.add(pair, owner);
    const goes = this.#pairs.size > ticketPairs ? this.#shares.toGo() : undefined;
    if (goes !== undefined) this.#forget(goes);
  }

  /** A ticket is good for one call. */
  redeem(token: string, now: number): Redeemed | undefined {
    const digest = digestOf(token);
    const ticket = this.#tickets.get(digest);
    if (ticket === undefined) return undefined;
    this.#tickets.delete(digest);
    const { pair, side, holder, of } = ticket;
    if (of.digests.every((each) => !this.#tickets.has(each))) this.#forget(of);
    return of.expiresAt > now ? { pair, side, holder } : undefined;
  }

  #expire(now: number): void {
    for (const pair of this.#pairs.values()) {
      if (pair.expiresAt > now) return;
      this.#forget(pair);
    }
  }

  #forget(pair: Pair): void {
    this.#pairs.delete(pair.id);
    this.#shares.delete(pair);
    for (const digest of pair.digests) this.#tickets.delete(digest);
  }
}

function digestOf(token: string): string {
  return createHash("sha256").update(token).digest("base64");
}
