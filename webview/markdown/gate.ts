// The one gate between HTML and the page: DOMPurify with short lists of what may pass, in a document that loads and runs
// nothing. Nothing else in the page makes nodes from HTML.
import DOMPurify, { type Config } from "dompurify";

const always = {
  ALLOW_ARIA_ATTR: false,
  ALLOW_DATA_ATTR: false,
  RETURN_DOM_FRAGMENT: true,
} satisfies Config;

const messages = {
  ...always,
  ALLOWED_TAGS: [
    ...["p", "br", "hr", "strong", "em", "del", "code", "a"],
    ...["ul", "ol", "li", "blockquote", "pre", "table", "thead", "tbody", "tr", "th", "td", "#text"],
  ],
  ALLOWED_ATTR: ["href", "start", "align"],
  /** Of no address; readers take numbers and known words from them alone. */
  ADD_URI_SAFE_ATTR: ["start", "align"],
  ALLOWED_URI_REGEXP: /^(?:https?|mailto):/iu,
} satisfies Config;

const colours = { ...always, ALLOWED_TAGS: ["span", "#text"], ALLOWED_ATTR: ["class"] } satisfies Config;

// Null, which DOMPurify's types do not tell, is what is left of a set of frames.

/** Of a message. */
export function cleanMessage(html: string): DocumentFragment | null {
  return DOMPurify.sanitize(html, messages);
}

/** Of a block of code with its colours. */
export function cleanColours(html: string): DocumentFragment | null {
  return DOMPurify.sanitize(html, colours);
}
