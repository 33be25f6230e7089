// The only gate between HTML and the page: DOMPurify with short allowlists, in a document that loads and runs nothing.
// Nothing else in the page creates nodes from HTML.
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
  /** They contain no address; readers accept only numbers and known words. */
  ADD_URI_SAFE_ATTR: ["start", "align"],
  ALLOWED_URI_REGEXP: /^(?:https?|mailto):/iu,
} satisfies Config;

const colours = { ...always, ALLOWED_TAGS: ["span", "#text"], ALLOWED_ATTR: ["class"] } satisfies Config;

// A frameset leaves null, which DOMPurify's types omit.

/** For messages. */
export function cleanMessage(html: string): DocumentFragment | null {
  return DOMPurify.sanitize(html, messages);
}

/** For colored code blocks. */
export function cleanColours(html: string): DocumentFragment | null {
  return DOMPurify.sanitize(html, colours);
}
