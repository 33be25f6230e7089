// Who is the same client over several connections: whoever shows a resume token that was given to it. By that, and
// not by a name that somebody else can take meanwhile, a message sent again is known. Pure; used by the rendezvous.
import type { Token } from "../protocol/fields.ts";

export class Lineages {
  readonly #most: number;
  /** Oldest first. */
  readonly #byToken = new Map<Token, string>();
  #count = 0;

  /** `most` tokens are remembered; the oldest are forgotten first. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Whether a token was given to somebody, and is remembered. */
  knows(token: Token | undefined): boolean {
    return token !== undefined && this.#byToken.has(token);
  }

  /** The lineage of a client that shows one token, if any, and is given another. */
  enter(given: Token, shown: Token | undefined): string {
    const known = shown === undefined ? undefined : this.#byToken.get(shown);
    const lineage = known ?? String(++this.#count);
    this.#byToken.set(given, lineage);
    if (this.#byToken.size > this.#most) {
      const [oldest] = this.#byToken.keys();
      if (oldest !== undefined) this.#byToken.delete(oldest);
    }
    return lineage;
  }
}
