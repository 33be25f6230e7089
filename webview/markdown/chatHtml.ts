// From a message's markdown to the HTML that goes through the gate. Pure, without a document.
import { Parser, Renderer, type MarkedOptions, type Tokens } from "marked";
import { linkAddress } from "./addresses.ts";
import { ChatLexer, ChatTokenizer } from "./tokenizer.ts";

/** Elements of one message; a text of more is hostile, or a file that somebody has pasted. */
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
export function chatHtml(text: string): string | null {
  if (isPlain(text)) return null;
  const options: MarkedOptions = {
    gfm: true,
    breaks: true,
    renderer: new ChatRenderer(),
  };
  try {
    const html = new Parser(options).parse(new ChatLexer(new ChatTokenizer(text.length), options).lex(text));
    return html.split("</").length > MAX_ELEMENTS ? null : html;
  } catch {
    // Too much work, or what marked itself gives up at: the text is still there to be read.
    return null;
  }
}

class ChatRenderer extends Renderer {
  #inLink = false;

  /** The language stands in the first line: no attribute has to be believed. */
  override code({ text, lang = "" }: Tokens.Code): string {
    return `<pre>${escapeHtml(`\n${firstWord(lang)}\n${text}`)}</pre>`;
  }

  /** A message has no chapters: its headings are lines that stand out. */
  override heading({ tokens }: Tokens.Heading): string {
    return `<p><strong>${this.parser.parseInline(tokens)}</strong></p>`;
  }

  override checkbox({ checked }: Tokens.Checkbox): string {
    return checked ? "☑ " : "☐ ";
  }

  override codespan({ text }: Tokens.Codespan): string {
    return `<code>${escapeHtml(text)}</code>`;
  }

  /** One that may not be opened is shown as it was written. */
  override link({ href, tokens, raw }: Tokens.Link): string {
    const address = linkAddress(href);
    if (address === null) return escapeHtml(raw);
    this.#inLink = true;
    const text = this.parser.parseInline(tokens);
    this.#inLink = false;
    return anchor(address, text);
  }

  /** Nothing is loaded from anywhere: a picture is a link to it. */
  override image({ href, text, raw }: Tokens.Image): string {
    const address = linkAddress(href);
    if (address === null) return escapeHtml(raw);
    const shown = escapeHtml(text.trim() === "" ? address : text);
    return this.#inLink ? shown : anchor(address, shown);
  }

  override html({ raw }: Tokens.HTML | Tokens.Tag): string {
    return escapeHtml(raw);
  }

  /** `raw` where there is a choice: marked resolves numeric entities in `text`. */
  override text(token: Tokens.Text | Tokens.Escape): string {
    if (token.type === "escape") return escapeHtml(token.text);
    return token.tokens === undefined ? escapeHtml(token.raw) : this.parser.parseInline(token.tokens);
  }
}

function anchor(address: string, html: string): string {
  return `<a href="${escapeHtml(address)}">${html}</a>`;
}

function firstWord(text: string): string {
  return /^\S*/u.exec(text.trim())?.[0] ?? "";
}

/** Entities as well are shown as they were written. */
function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
