// Where a relay ticket is good: at the server that issued it. Among several servers, a ticket begins with the number of that
// server's life.
import * as v from "valibot";
import { Token } from "../../protocol/fields.ts";
import { randomId } from "../base/randomIds.ts";

/** Characters of a life, in base 36, and of the random part. */
const LIFE = 5;
const RANDOM = 22;

/** @param life 0: the ticket is good at the only server there is */
export function newTicket(life: number): Token {
  const home = life === 0 ? "" : life.toString(36).padStart(LIFE, "0");
  return v.parse(Token, home + randomId());
}

/** The life of the server at which the ticket is good; 0 for those of an only server. */
export function homeOf(ticket: string): number {
  return ticket.length === LIFE + RANDOM ? Number.parseInt(ticket.slice(0, LIFE), 36) : 0;
}
