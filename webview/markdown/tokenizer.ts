// marked's tokenizer, restricted to what chats use: no HTML, no indented code, nothing that hides a part of the text.
// Its work is bounded for any hostile text: each scan is charged before it is done, at its maximum cost.
import { Lexer, Tokenizer, type MarkedOptions, type Token, type Tokens, type TokensList } from "marked";
import { lengthOfAddress } from "./addresses.ts";
import { blockOf, hasRoom, lineOf, listOf, quoteOf } from "./blocks.ts";
import { codeSpanRule, escapesOutsideCode } from "./codeSpans.ts";
import { withCodeBesideFences } from "./fencedCode.ts";
import { ReferenceRun } from "./referenceTokens.ts";

/** The maximum nesting of quotes and lists, and of emphasis; anything deeper is plain text. */
const MAX_DEPTH = 5;

/**
 * Characters that may be scanned, counted for each scan: a base, plus some for each character. An ordinary text uses
 * about 20 for each.
 */
const BASE_WORK = 50_000;
const WORK_PER_CHARACTER = 55;

/** Pieces that may be found, likewise. The work after the tokenizer (cleaning, nodes, layout) grows with them. */
const BASE_PIECES = 1000;
const CHARACTERS_PER_PIECE = 8;

/** Pieces that a link or a code block counts as, because they cost more than others. */
const LARGE_PIECES = 16;

/** The same for a link to a file, of which each line of a stack trace has one. */
const REFERENCE_PIECES = 4;

/** The cost of everything else that is tried at each position. */
const BLOCK_WORK = 200;
const INLINE_WORK = 50;

/**
 * The cost of each character where marked looks for what hides emphasis, for what ends it, and for the end of a block.
 */
const MASK_WORK = 3;
const EMPHASIS_WORK = 2;
const STRIKETHROUGH_WORK = 3;
const LINES_WORK = 4;

/** Maximum cells of one table. */
const MAX_CELLS = 1000;

/** Maximum characters of a link with its text, and of a bare address; longer ones are plain text. */
const MAX_LINK = 4096;
const MAX_URL = 2100;

const TABLE_DELIMITERS = /^[ \t|:-]+$/u;

/** Lines that begin with several list or quote markers: for each marker, marked scans the rest of the line. */
const NESTED_LINES = /^([ \t]*(?:(?:[-+*]|\d{1,9}[.)])[ \t]+|>[ \t]*){3,}).*/gmu;

/** The text would take too long. It is shown as plain text. */
export class TooMuchWork extends Error {}

export class ChatTokenizer extends Tokenizer {
  #work = 0;
  #pieces = 0;
  #depth = 0;
  #run: ReferenceRun | null = null;
  readonly #maxWork: number;
  readonly #maxPieces: number;

  /** The budget for one text of this many characters. */
  constructor(characters: number) {
    super();
    this.#maxWork = BASE_WORK + characters * WORK_PER_CHARACTER;
    this.#maxPieces = BASE_PIECES + characters / CHARACTERS_PER_PIECE;
  }

  get work(): number {
    return this.#work;
  }

  spend(characters: number): void {
    if (this.#work + characters > this.#maxWork) throw new TooMuchWork();
    this.#work += characters;
  }

  // Of everything that is tried at a position, these two come first.
  override space(src: string): Tokens.Space | undefined {
    this.#piece(BLOCK_WORK);
    return super.space(src);
  }

  override escape(src: string): Tokens.Escape | undefined {
    this.#piece(INLINE_WORK);
    const reference = this.#run?.at(src);
    if (reference !== undefined) this.#piece(reference.raw.length, REFERENCE_PIECES);
    else this.spend(runLength(src));
    return reference ?? super.escape(src);
  }

  override inlineText(src: string): Tokens.Text | undefined {
    return super.inlineText(this.#run?.before(src) ?? src);
  }

  /** Parses a run of text that stands in a line. */
  inRun<T>(text: string, parse: () => T): T {
    const outer = this.#run;
    this.#run = new ReferenceRun(text, (work) => this.spend(work));
    try {
      return parse();
    } finally {
      this.#run = outer;
    }
  }

  override fences(src: string): Tokens.Code | undefined {
    const token = super.fences(src);
    if (token === undefined) return undefined;
    this.#piece(token.raw.length, LARGE_PIECES);
    return withCodeBesideFences(token);
  }

  override blockquote(src: string): Tokens.Blockquote | undefined {
    const quote = quoteOf(src);
    this.spend(quote.length);
    return quote === "" ? undefined : this.#nested(() => super.blockquote(quote));
  }

  override list(src: string): Tokens.List | undefined {
    const list = listOf(src);
    this.spend(list.length);
    return list === "" ? undefined : this.#nested(() => super.list(list));
  }

  override table(src: string): Tokens.Table | undefined {
    const head = lineOf(src, 0);
    const delimiters = lineOf(src, head.length + 1);
    this.spend(head.length + delimiters.length);
    if (!delimiters.includes("-") || !TABLE_DELIMITERS.test(delimiters)) return undefined;
    const block = blockOf(src);
    this.spend(LINES_WORK * block.length);
    if (head.split("|").length * (block.split("\n").length - 1) > MAX_CELLS) return undefined;
    const table = super.table(block);
    return table !== undefined && hasRoom(table.raw, table.header.length) ? table : undefined;
  }

  /** Not for headings, but it is the last thing tried before a paragraph, which cannot be overridden. */
  override lheading(src: string): undefined {
    this.spend(LINES_WORK * blockOf(src).length);
    return undefined;
  }

  override emStrong(src: string, masked: string, before?: string): Tokens.Em | Tokens.Strong | undefined {
    if (!src.startsWith("*") && !src.startsWith("_")) return undefined;
    this.spend(EMPHASIS_WORK * src.length);
    return this.#nested(() => super.emStrong(src, this.#masked(masked), before));
  }

  override del(src: string, masked: string, before?: string): Tokens.Del | undefined {
    // A single tilde is a home directory, "about", or a session's mark.
    if (!src.startsWith("~~")) return undefined;
    this.spend(STRIKETHROUGH_WORK * src.length);
    return this.#nested(() => super.del(src, this.#masked(masked), before));
  }

  override link(src: string): Tokens.Link | Tokens.Image | undefined {
    if (!src.startsWith("[") && !src.startsWith("![")) return undefined;
    const near = src.slice(0, MAX_LINK);
    this.spend(near.length);
    const token = this.#nested(() => super.link(near));
    if (token !== undefined) this.#piece(0, LARGE_PIECES);
    return token;
  }

  override autolink(src: string): Tokens.Link | undefined {
    const token = super.autolink(src);
    if (token !== undefined) this.#piece(0, LARGE_PIECES);
    return token;
  }

  override url(src: string): Tokens.Link | undefined {
    const near = src.slice(0, MAX_URL);
    this.spend(runLength(near));
    const token = super.url(near.slice(0, lengthOfAddress(near)));
    if (token !== undefined) this.#piece(0, LARGE_PIECES);
    return token;
  }

  /** Indentation is kept, because people align what they write. */
  override br(src: string): Tokens.Br | undefined {
    const [raw] = /^(?: *|\\)\n/u.exec(src) ?? [];
    if (raw === undefined) return undefined;
    const rest = src.slice(raw.length);
    const next = rest.search(/\S/u);
    this.spend(next < 0 ? rest.length : next);
    return next < 0 ? undefined : { type: "br", raw };
  }

  override code(): undefined {
    return undefined;
  }

  override html(): undefined {
    return undefined;
  }

  override tag(): undefined {
    return undefined;
  }

  // A definition would disappear, and move a link's address to where no one looks.
  override def(): undefined {
    return undefined;
  }

  override reflink(): undefined {
    return undefined;
  }

  #masked(text: string): string {
    return this.#run?.masked(text) ?? text;
  }

  #piece(work: number, pieces = 1): void {
    this.#pieces += pieces;
    if (this.#pieces > this.#maxPieces) throw new TooMuchWork();
    this.spend(work);
  }

  #nested<T>(read: () => T | undefined): T | undefined {
    if (this.#depth >= MAX_DEPTH) return undefined;
    this.#depth += 1;
    try {
      return read();
    } finally {
      this.#depth -= 1;
    }
  }
}

/** marked's lexer, without scans for references and HTML, which chats do not have. */
export class ChatLexer extends Lexer {
  readonly #tokenizer: ChatTokenizer;

  constructor(tokenizer: ChatTokenizer, options: MarkedOptions) {
    super({ ...options, tokenizer });
    this.#tokenizer = tokenizer;
    const { block, inline, other } = tokenizer.rules;
    // Anchored, or the engine would try to match nothing at each position.
    const [tag, reflinkSearch] = [/^(?!)/u, /^(?!)/gu];
    const spend = (work: number) => {
      tokenizer.spend(work);
    };
    const code = codeSpanRule(inline.code, spend);
    // marked runs it again for each character that it removes from the end of an address.
    const _backpedal = {
      exec: (address: string) => {
        spend(address.length);
        return inline._backpedal.exec(address);
      },
    } as RegExp;
    const anyPunctuationOutsideCode = escapesOutsideCode as unknown as RegExp;
    const rules = { ...inline, tag, reflinkSearch, code, _backpedal, anyPunctuationOutsideCode };
    tokenizer.rules = { block, inline: rules, other };
  }

  override lex(src: string): TokensList {
    for (const [line, markers = ""] of src.matchAll(NESTED_LINES))
      this.#tokenizer.spend(2 * markers.length * line.length);
    return super.lex(src);
  }

  /**
   * Before a run is parsed, it is searched for what hides emphasis. From each space in it, marked looks for the end of
   * the line.
   */
  override inlineTokens(src: string, tokens?: Token[]): Token[] {
    const spaces = (src.match(/ {2,}/gu) ?? []).reduce((sum, { length }) => sum + length ** 2 / 2, 0);
    this.#tokenizer.spend(MASK_WORK * src.length + spaces);
    return this.#tokenizer.inRun(src, () => super.inlineTokens(src, tokens));
  }
}

/** Up to the next space or line break: the part scanned for an address. */
function runLength(src: string): number {
  const end = src.search(/\s/u);
  return end < 0 ? src.length : end;
}
