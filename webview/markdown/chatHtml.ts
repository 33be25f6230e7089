// Converts a message's Markdown to the HTML that goes through the gate. Pure, without a document.
import { Parser, Renderer, type MarkedOptions, type Tokens } from "marked";
import { linkAddress } from "./addresses.ts";
import { ChatLexer, ChatTokenizer } from "./tokenizer.ts";

/** Maximum elements of one message; a text with more is hostile, or a pasted file. */
const MAX_ELEMENTS = 2000;

/** Characters that can begin Markdown; a text without them is plain. */
const MARKUP =
  /[*_~`[\]\\|@]|:\/\/|www\.|^[ \t]*(?:>|[-+][ \t]|\d{1,9}[.)][ \t]|#{1,6}[ \t]|(?:-[ \t]*){3,}$)/imu;

/** marked looks for the end of the line at each of them. */
const ENDLESS_SPACE = /(?<![ \t])[ \t]{200}/u;

/** Maximum lines of one message: each may be a block. */
const MAX_LINES = 1000;

/** Whether the text is shown as plain text, decided without parsing it. */
export function isPlain(text: string): boolean {
  if (!MARKUP.test(text) || ENDLESS_SPACE.test(text)) return true;
  let lines = 1;
  for (let at = text.indexOf("\n"); at >= 0 && lines <= MAX_LINES; at = text.indexOf("\n", at + 1))
    lines += 1;
  return lines > MAX_LINES;
}

/** Null if the text is shown as plain text: it contains no Markdown, or far too much. */
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
    // Too much work, or marked's own error: the text is still readable.
    return null;
  }
}

class ChatRenderer extends Renderer {
  #inLink = false;

  /** The language is in the first line, so no attribute has to be trusted. */
  override code({ text, lang = "" }: Tokens.Code): string {
    return `<pre>${escapeHtml(`\n${firstWord(lang)}\n${text}`)}</pre>`;
  }

  /** A message has no chapters: its headings are emphasized lines. */
  override heading({ tokens }: Tokens.Heading): string {
    return `<p><strong>${this.parser.parseInline(tokens)}</strong></p>`;
  }

  override checkbox({ checked }: Tokens.Checkbox): string {
    return checked ? "☑ " : "☐ ";
  }

  override codespan({ text }: Tokens.Codespan): string {
    return `<code>${escapeHtml(text)}</code>`;
  }

  /** A link that may not be opened is shown as written. */
  override link({ href, tokens, raw }: Tokens.Link): string {
    const address = linkAddress(href);
    if (address === null) return escapeHtml(raw);
    this.#inLink = true;
    const text = this.parser.parseInline(tokens);
    this.#inLink = false;
    return anchor(address, text);
  }

  /** Nothing is loaded: an image becomes a link to it. */
  override image({ href, text, raw }: Tokens.Image): string {
    const address = linkAddress(href);
    if (address === null) return escapeHtml(raw);
    const shown = escapeHtml(text.trim() === "" ? address : text);
    return this.#inLink ? shown : anchor(address, shown);
  }

  override html({ raw }: Tokens.HTML | Tokens.Tag): string {
    return escapeHtml(raw);
  }

  /** `raw` where there is a choice, because marked resolves numeric entities in `text`. */
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

/** Entities are shown as written, too. */
function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
