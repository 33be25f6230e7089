// From a message's Markdown to the tree that the page shows. There is no HTML on the way: what is not an element here is text.
import { withNamesOfHidden } from "../../protocol/hiddenCharacters.ts";
import type { MarkedToken, Token, Tokens } from "marked";
import { findReferences, mayRefer } from "../../protocol/findReferences.ts";
import { addressNote, linkAddress } from "./addresses.ts";
import { linkedColours, linkedText } from "./fileLinks.ts";
import { isReference, type ReferenceToken } from "./referenceTokens.ts";
import { lettersOf, type Colour, type PlainTag, type Rich, type RichElement } from "./rich.ts";
import { ChatLexer, ChatTokenizer, TooMuchWork } from "./tokenizer.ts";

/** Elements of one message. A text with more is hostile, or a pasted file. */
const MAX_ELEMENTS = 2000;

/** What can begin something; a text without it is what it is. */
const MARKUP =
  /[*_~`[\]\\|@]|:\/\/|www\.|^[ \t]*(?:>|[-+][ \t]|\d{1,9}[.)][ \t]|#{1,6}[ \t]|(?:-[ \t]*){3,}$)/imu;

/** marked looks for a line's end at each of them. */
const ENDLESS_SPACE = /(?<![ \t])[ \t]{200}/u;

/** Lines of one message: each may be a block. */
const MAX_LINES = 1000;

/** Whether the text is to be shown as it was written, which is told without reading it. */
export function isPlain(text: string): boolean {
  if (!MARKUP.test(text) || ENDLESS_SPACE.test(text)) return true;
  let lines = 1;
  for (let at = text.indexOf("\n"); at >= 0 && lines <= MAX_LINES; at = text.indexOf("\n", at + 1))
    lines += 1;
  return lines > MAX_LINES;
}

/** Null where the text is to be shown as it was written: nothing in it is markdown, or far too much. */
export function chatText(text: string, highlight: Highlight): readonly Rich[] | null {
  if (isPlain(text)) return written(text);
  try {
    const tokens = new ChatLexer(new ChatTokenizer(text.length), { gfm: true, breaks: true }).lex(text);
    return new Reader(highlight).read(tokens);
  } catch {
    // Too much work, or what marked itself gives up at: the text is still there to be read.
    return written(text);
  }
}

/** Plain text with links to files; null if it has none. */
function written(text: string): readonly Rich[] | null {
  if (!mayRefer(text)) return null;
  const children = linkedText(text);
  return children.every((child) => typeof child === "string") ? null : children;
}

/** The colors of a block of code; null for none. */
export type Highlight = (code: string, language: string) => readonly Colour[] | null;

class Reader {
  readonly #highlight: Highlight;
  #elements = 0;
  #inLink = false;

  constructor(highlight: Highlight) {
    this.#highlight = highlight;
  }

  read(tokens: readonly Token[]): Rich[] {
    const nodes: Rich[] = [];
    for (const token of tokens) {
      for (const node of this.#one(token as MarkedToken)) {
        const last = nodes.at(-1);
        if (typeof node === "string" && typeof last === "string") nodes[nodes.length - 1] = last + node;
        else nodes.push(node);
      }
    }
    return nodes;
  }

  #one(token: MarkedToken): readonly Rich[] {
    switch (token.type) {
      case "space":
      case "def":
        return [];
      case "br":
      case "hr":
        return [{ kind: "plain", tag: token.type, children: [] }];
      case "paragraph":
        return [this.#plain("p", token.tokens)];
      case "strong":
      case "em":
      case "del":
      case "blockquote":
        return [this.#plain(token.type, token.tokens)];
      // A message has no chapters: its headings are lines that stand out.
      case "heading":
        return [this.#element("plain", "p", [this.#plain("strong", token.tokens)])];
      case "codespan":
        return [this.#element("plain", "code", this.#letters(token.text))];
      case "code":
        return [this.#code(token)];
      case "list":
        return [this.#plain(token.ordered ? "ol" : "ul", token.items)];
      case "list_item":
        return [this.#item(token)];
      case "checkbox":
        return [token.checked ? "☑ " : "☐ "];
      case "table":
        return [this.#table(token)];
      case "link":
        return this.#link(token);
      case "image":
        return [this.#image(token)];
      case "escape":
        return [isReference(token) && !this.#inLink ? this.#file(token) : token.text];
      // `raw` where there is a choice: marked resolves numeric entities in `text`.
      case "text":
        return token.tokens === undefined ? [token.raw] : this.read(token.tokens);
      case "html":
        return [token.raw];
    }
  }

  #letters(text: string): readonly Rich[] {
    return this.#inLink ? [text] : linkedText(text);
  }

  #file({ reference, text }: ReferenceToken): RichElement {
    this.#count();
    return { kind: "file", reference, children: [text] };
  }

  #plain(tag: PlainTag, tokens: readonly Token[]): RichElement {
    return this.#element("plain", tag, this.read(tokens));
  }

  #element(kind: "plain", tag: PlainTag, children: readonly Rich[]): RichElement {
    this.#count();
    return { kind, tag, children };
  }

  #count(): void {
    this.#elements += 1;
    if (this.#elements >= MAX_ELEMENTS) throw new TooMuchWork();
  }

  #code({ text, lang = "" }: Tokens.Code): RichElement {
    this.#count();
    const shown = withNamesOfHidden(text);
    const colours = this.#highlight(shown, lang) ?? [shown];
    return { kind: "code", language: lang, code: text, colours: linkedColours(colours, shown) };
  }

  /** An item keeps its number, which may be what an answer is about. */
  #item({ raw, tokens }: Tokens.ListItem): RichElement {
    const [, digits] = /^ {0,3}(\d{1,9})[.)]/u.exec(raw) ?? [];
    if (digits === undefined) return this.#plain("li", tokens);
    this.#count();
    return { kind: "numbered", number: Number(digits), children: this.read(tokens) };
  }

  #table({ header, rows }: Tokens.Table): RichElement {
    const row = (cells: readonly Tokens.TableCell[]) =>
      this.#element(
        "plain",
        "tr",
        cells.map((cell) => this.#cell(cell)),
      );
    const head = this.#element("plain", "thead", [row(header)]);
    const body = rows.length === 0 ? [] : [this.#element("plain", "tbody", rows.map(row))];
    return this.#element("plain", "table", [head, ...body]);
  }

  #cell({ header, align, tokens }: Tokens.TableCell): RichElement {
    this.#count();
    return { kind: "cell", tag: header ? "th" : "td", align, children: this.read(tokens) };
  }

  /** One that may not be opened is shown as it was written. */
  #link({ href, tokens, raw }: Tokens.Link): readonly Rich[] {
    const address = linkAddress(href);
    if (address === null) return this.#letters(raw);
    this.#inLink = true;
    const children = this.read(tokens);
    this.#inLink = false;
    // A stack frame with the URL of a local server.
    const letters = lettersOf(children);
    const [file] = linkAddress(letters) === address ? findReferences(letters) : [];
    if (file?.start === 0 && file.end === letters.length)
      return [{ kind: "file", reference: file.reference, children }];
    return [this.#anchor(address, children)];
  }

  /** Nothing is loaded from anywhere: a picture is a link to it. */
  #image({ href, text, raw }: Tokens.Image): Rich {
    const address = linkAddress(href);
    if (address === null) return raw;
    const shown = text.trim() === "" ? address : text;
    return this.#inLink ? shown : this.#anchor(address, [shown]);
  }

  #anchor(address: string, children: readonly Rich[]): RichElement {
    this.#count();
    return { kind: "link", address, note: addressNote(lettersOf(children), address), children };
  }
}
