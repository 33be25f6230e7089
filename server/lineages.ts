// Who is the same client over several connections: whoever shows a resume token that was given to it. By that, and
// not by a name that somebody else can take meanwhile, a message sent again is known. Pure; used by the rendezvous.
import type { Token } from "../protocol/fields.ts";

export class Lineages {
  readonly #most: number;
  /** Oldest first. A lineage is `CAME.COUNT`: one string is less than an object, and thousands are there. */
  readonly #byToken = new Map<Token, string>();
  #count = 0;

  /** `most` tokens are remembered; the oldest are forgotten first. */
  constructor(most: number) {
    this.#most = most;
  }

  /** The number of the lobby's last message when the client first came that was given this token; undefined: nobody knows. */
  cameAt(token: Token | undefined): number | undefined {
    const lineage = token === undefined ? undefined : this.#byToken.get(token);
    return lineage === undefined ? undefined : Number(lineage.slice(0, lineage.indexOf(".")));
  }

  /** The lineage of a client that shows one token, if any, and is given another; `seq` is the lobby's last number. */
  enter(given: Token, shown: Token | undefined, seq: number): string {
    const known = shown === undefined ? undefined : this.#byToken.get(shown);
    const lineage = known ?? `${seq}.${++this.#count}`;
    this.#byToken.set(given, lineage);
    if (this.#byToken.size > this.#most) {
      const [oldest] = this.#byToken.keys();
      if (oldest !== undefined) this.#byToken.delete(oldest);
    }
    return lineage;
  }
}
