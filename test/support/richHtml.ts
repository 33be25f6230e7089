// What is read of a message's text, written as HTML: short to compare. It never meets a page.
import { chatText } from "../../webview/markdown/chatText.ts";
import type { Colour, Rich } from "../../webview/markdown/rich.ts";

/** What is read of a text; null where it is shown as it was written. */
export function htmlOf(text: string): string | null {
  const rich = chatText(text, () => null);
  return rich === null ? null : richHtml(rich);
}

function richHtml(nodes: readonly Rich[]): string {
  return nodes.map((node) => (typeof node === "string" ? escaped(node) : one(node))).join("");
}

function one(node: Exclude<Rich, string>): string {
  switch (node.kind) {
    case "plain":
      if (node.tag === "br" || node.tag === "hr") return `<${node.tag}>`;
      return `<${node.tag}>${richHtml(node.children)}</${node.tag}>`;
    case "numbered":
      return `<li value="${String(node.number)}">${richHtml(node.children)}</li>`;
    case "cell":
      return `<${node.tag}${node.align === null ? "" : ` align="${node.align}"`}>${richHtml(node.children)}</${node.tag}>`;
    case "link":
      return `<a href="${escaped(node.address)}">${richHtml(node.children)}</a>`;
    case "file":
      return `<a>${richHtml(node.children)}</a>`;
    case "code":
      return `<pre>${escaped(`${node.language}\n${node.code}`)}</pre>`;
  }
}

/** How many pieces of a code have a color. */
export function coloursIn(colours: readonly Colour[]): number {
  return colours.reduce(
    (sum, colour) => sum + (typeof colour === "string" ? 0 : 1 + coloursIn(colour.children)),
    0,
  );
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
