// Tickets for the relay, in pairs: each is shown once, within its time. Pure; time and tokens are handed in.
import { createHash } from "node:crypto";
import type { Token } from "../protocol/fields.ts";

export type Redeemed = { readonly pair: string; readonly side: "A" | "B"; readonly owner: string };
type Ticket = Redeemed & { readonly expiresAt: number };

export class Tickets {
  readonly #ms: number;
  readonly #most: number;
  /** By digest, so that looking one up tells nothing about another; oldest first. */
  readonly #tickets = new Map<string, Ticket>();
  #pairs = 0;

  /** Each is good for `ms`; of more than `most` the oldest are forgotten. */
  constructor(ms: number, most: number) {
    this.#ms = ms;
    this.#most = most;
  }

  /** Two tickets that lead to each other, for two owners. */
  issue(a: { token: Token; owner: string }, b: { token: Token; owner: string }, now: number): void {
    const pair = String(++this.#pairs);
    for (const [side, { token, owner }] of [
      ["A", a],
      ["B", b],
    ] as const) {
      this.#tickets.set(digestOf(token), { pair, side, owner, expiresAt: now + this.#ms });
    }
    for (const [digest, { expiresAt }] of this.#tickets) {
      if (expiresAt > now && this.#tickets.size <= this.#most) break;
      this.#tickets.delete(digest);
    }
  }

  /** A ticket is good for one call. */
  redeem(token: string, now: number): Redeemed | undefined {
    const digest = digestOf(token);
    const ticket = this.#tickets.get(digest);
    this.#tickets.delete(digest);
    if (ticket === undefined || ticket.expiresAt <= now) return undefined;
    const { pair, side, owner } = ticket;
    return { pair, side, owner };
  }
}

function digestOf(token: string): string {
  return createHash("sha256").update(token).digest("base64");
}
