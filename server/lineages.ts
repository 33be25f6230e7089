// Who is the same client over several connections: whoever shows a resume token that was given to it. By that, and
// not by a name that somebody else can take meanwhile, a message sent again is known. Pure.
import type { Token } from "../protocol/fields.ts";
import { Shares, type Owner } from "./shares.ts";

type Lineage = {
  readonly id: string;
  /** The number of the lobby's last message when the client first came. */
  readonly cameAt: number;
  /** The one that was given or shown last comes last. */
  readonly tokens: Set<Token>;
};

/** Tokens of one client that count: with each `joined` that is lost, one that the client does not know. */
const TOKENS = 8;

export type LineageLimits = { readonly lineages: number; readonly lineagesPerKey: number };

export class Lineages {
  readonly #limits: LineageLimits;
  readonly #byToken = new Map<Token, Lineage>();
  readonly #shares = new Shares<Lineage>();
  #count = 0;

  /** Over the limit of a key its oldest one is forgotten; over the limit of all, see Shares. */
  constructor(limits: LineageLimits) {
    this.#limits = limits;
  }

  /** The number of the lobby's last message when the client first came that was given this token; undefined: nobody knows. */
  cameAt(token: Token | undefined): number | undefined {
    return token === undefined ? undefined : this.#byToken.get(token)?.cameAt;
  }

  /**
   * The lineage of a client that shows one token, if any, and is given another.
   * @param seq the lobby's last number
   */
  enter(given: Token, shown: Token | undefined, seq: number, owner: Owner): string {
    const known = shown === undefined ? undefined : this.#byToken.get(shown);
    const lineage = known ?? this.#start(seq, owner);
    if (known !== undefined && shown !== undefined) this.#use(known, shown);
    // It may have been forgotten at once.
    if (this.#shares.has(lineage)) this.#use(lineage, given);
    return lineage.id;
  }

  #use(lineage: Lineage, token: Token): void {
    const { tokens } = lineage;
    tokens.delete(token);
    tokens.add(token);
    this.#byToken.set(token, lineage);
    const [oldest] = tokens;
    if (tokens.size <= TOKENS || oldest === undefined) return;
    tokens.delete(oldest);
    this.#byToken.delete(oldest);
  }

  #start(cameAt: number, owner: Owner): Lineage {
    const lineage = { id: String(++this.#count), cameAt, tokens: new Set<Token>() };
    const own = this.#shares.of(owner.pin);
    const [oldest] = own;
    if (own.size >= this.#limits.lineagesPerKey && oldest !== undefined) this.#forget(oldest);
    this.#shares.add(lineage, owner);
    const goes = this.#shares.size > this.#limits.lineages ? this.#shares.toGo() : undefined;
    if (goes !== undefined) this.#forget(goes);
    return lineage;
  }

  #forget(lineage: Lineage): void {
    this.#shares.delete(lineage);
    for (const token of lineage.tokens) this.#byToken.delete(token);
  }
}
