// marked's reading of a text, as chats understand it: no HTML, no indented code, nothing that hides a part of the text.
// It also bounds its own work, whatever a hostile text holds. Made by chatHtml.ts for each text.
import { Tokenizer, type Tokens } from "marked";

/** How deep quotes and lists may stand in each other, and emphasis in emphasis; what is deeper is plain text. */
const MAX_DEPTH = 8;

/** Characters that may be looked at, each time again that it is done: some hundred times those of an ordinary long text. */
const MAX_WORK = 2_000_000;

/** What a block costs beside the text within it: its kind is told from its beginning. */
const BLOCK_WORK = 500;

/** Cells of one table. */
const MAX_CELLS = 1000;

/** The text would take too long. It is shown as it was written. */
export class TooMuchWork extends Error {}

export class ChatTokenizer extends Tokenizer {
  #work = 0;
  #depth = 0;

  // Of all that is tried at a place of the text, these two come first.
  override space(src: string): Tokens.Space | undefined {
    this.#spend(Math.min(src.length, BLOCK_WORK));
    return super.space(src);
  }

  override escape(src: string): Tokens.Escape | undefined {
    this.#spend(src.length);
    return super.escape(src);
  }

  override blockquote(src: string): Tokens.Blockquote | undefined {
    return this.#nested(() => super.blockquote(src));
  }

  override list(src: string): Tokens.List | undefined {
    return this.#nested(() => super.list(src));
  }

  override table(src: string): Tokens.Table | undefined {
    const [whole] = src.split(/\n[ \t]*\n/u, 1);
    const [head = "", ...rows] = (whole ?? "").split("\n");
    return head.split("|").length * rows.length > MAX_CELLS ? undefined : super.table(src);
  }

  override emStrong(src: string, masked: string, before?: string): Tokens.Em | Tokens.Strong | undefined {
    if (src.startsWith("*") || src.startsWith("_")) this.#spend(src.length);
    return this.#nested(() => super.emStrong(src, masked, before));
  }

  override del(src: string, masked: string, before?: string): Tokens.Del | undefined {
    // One tilde is a home directory, "about", or the mark of a session.
    if (!src.startsWith("~~")) return undefined;
    this.#spend(src.length);
    return this.#nested(() => super.del(src, masked, before));
  }

  override link(src: string): Tokens.Link | Tokens.Image | undefined {
    return this.#nested(() => super.link(src));
  }

  /** A line's indentation stays: people align what they write. */
  override br(src: string): Tokens.Br | undefined {
    const [raw] = /^(?: *|\\)\n(?!\s*$)/u.exec(src) ?? [];
    return raw === undefined ? undefined : { type: "br", raw };
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

  override lheading(): undefined {
    return undefined;
  }

  // A definition would vanish, and take the address of a link to where nobody looks.
  override def(): undefined {
    return undefined;
  }

  override reflink(): undefined {
    return undefined;
  }

  #spend(characters: number): void {
    this.#work += characters;
    if (this.#work > MAX_WORK) throw new TooMuchWork();
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
