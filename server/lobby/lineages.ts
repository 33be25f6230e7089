// Which connections belong to the same client: those that show a resume token it was given. The token itself says so, signed by this
// server, so nothing has to be remembered, and nothing can be forgotten. Pure.
import { createHmac, timingSafeEqual } from "node:crypto";
import * as v from "valibot";
import { Token, type Pin } from "../../protocol/fields.ts";

export type Lineage = {
  readonly id: string;
  /** The number of the lobby's last message when the client first came. */
  readonly cameAt: number;
};

/** Characters of a signature, 128 bits in base64url, and of each number, in base 36. */
const SIGNATURE = 22;
const NUMBER = 11;

export class Lineages {
  readonly #secret: Buffer;
  #count = 0;

  /** @param secret random bytes; with others, no token of before counts */
  constructor(secret: Buffer) {
    this.#secret = secret;
  }

  /** The lineage of the client that was given this token. Undefined for any other token, and for a token of another key. */
  find(token: Token | undefined, pin: Pin): Lineage | undefined {
    if (token === undefined) return undefined;
    const [signature, claim] = [token.slice(0, SIGNATURE), token.slice(SIGNATURE)];
    const right = Buffer.from(this.#sign(pin, claim));
    const shown = Buffer.from(signature);
    if (shown.length !== right.length || !timingSafeEqual(shown, right)) return undefined;
    return { cameAt: Number.parseInt(claim.slice(0, NUMBER), 36), id: claim.slice(NUMBER, 2 * NUMBER) };
  }

  /** @param seq the lobby's last number */
  start(seq: number): Lineage {
    this.#count += 1;
    return { id: numberText(this.#count), cameAt: seq };
  }

  /** A new token of a lineage. `random`: what makes it differ from all others. */
  token({ id, cameAt }: Lineage, pin: Pin, random: Token): Token {
    const claim = `${numberText(cameAt)}${id}${random}`;
    return v.parse(Token, `${this.#sign(pin, claim)}${claim}`);
  }

  #sign(pin: Pin, claim: string): string {
    const digest = createHmac("sha256", this.#secret).update(`${pin} ${claim}`).digest("base64url");
    return digest.slice(0, SIGNATURE);
  }
}

function numberText(value: number): string {
  return value.toString(36).padStart(NUMBER, "0");
}
