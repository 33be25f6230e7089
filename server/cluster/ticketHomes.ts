// Where a relay ticket is valid: at the server that issued it. A ticket begins with the number of that server's life, and is
// signed, so that other servers ask none for tickets that were made up.
import { createHmac, timingSafeEqual } from "node:crypto";
import * as v from "valibot";
import { Token } from "../../protocol/fields.ts";
import { randomId } from "../base/randomIds.ts";

/** Characters of a life in base 36, of the random part, and of the signature, 66 bits in base64url. */
const LIFE = 5;
const RANDOM = 22;
const SIGNATURE = 11;

export class TicketHomes {
  readonly #key: Buffer;

  /** @param key 32 bytes, the same on all servers */
  constructor(key: Buffer) {
    this.#key = key;
  }

  /** A new ticket that is valid at the server with this life. */
  issue(life: number): Token {
    const claim = `${life.toString(36).padStart(LIFE, "0")}${randomId()}`;
    return v.parse(Token, claim + this.#sign(claim));
  }

  /** The life of the server at which the ticket is valid; undefined for anything that no server has issued. */
  homeOf(ticket: string): number | undefined {
    const claim = ticket.slice(0, LIFE + RANDOM);
    const [shown, right] = [Buffer.from(ticket.slice(LIFE + RANDOM)), Buffer.from(this.#sign(claim))];
    if (shown.length !== right.length || !timingSafeEqual(shown, right)) return undefined;
    return Number.parseInt(claim.slice(0, LIFE), 36);
  }

  #sign(claim: string): string {
    return createHmac("sha256", this.#key).update(claim).digest("base64url").slice(0, SIGNATURE);
  }
}
