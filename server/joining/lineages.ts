// Recognizes connections of the same client, by a resume token. The server signs the token, so there is nothing to remember
// or forget. Pure.
import { createHmac, timingSafeEqual } from "node:crypto";
import * as v from "valibot";
import { Token, type Pin } from "../../protocol/fields.ts";

export type Lineage = {
  readonly id: string;
  /** The number of the lobby's last message when the client first joined. */
  readonly cameAt: number;
};

/** Characters of a signature, 128 bits in base64url; of a number, in base 36; and of a random ID, in base64url. */
const SIGNATURE = 22;
const NUMBER = 11;
const ID = 11;

export class Lineages {
  readonly #secret: Buffer;

  /** @param secret random bytes; a new secret makes all earlier tokens invalid */
  constructor(secret: Buffer) {
    this.#secret = secret;
  }

  /** The lineage of the client with this token. Undefined for any other token, and for a token of another key. */
  find(token: Token | undefined, pin: Pin): Lineage | undefined {
    if (token === undefined) return undefined;
    const [signature, claim] = [token.slice(0, SIGNATURE), token.slice(SIGNATURE)];
    const right = Buffer.from(this.#sign(pin, claim));
    const shown = Buffer.from(signature);
    if (shown.length !== right.length || !timingSafeEqual(shown, right)) return undefined;
    return { cameAt: Number.parseInt(claim.slice(0, NUMBER), 36), id: claim.slice(NUMBER, NUMBER + ID) };
  }

  /**
   * @param seq the lobby's last number
   * @param random makes the ID unique
   */
  start(seq: number, random: Token): Lineage {
    return { id: random.slice(-ID), cameAt: seq };
  }

  /** Makes a new token of a lineage. `random` makes it unique. */
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
