// A message's words without their form, for the one line in which it is quoted.
import type { Rich } from "./rich.ts";
import { richText } from "./richText.ts";

/** Expects a text whose control characters are already visible. */
export function flatText(text: string): string {
  const rich = richText(text);
  const flat = rich === null ? text : inlineText(rich).replace(/\s+/gu, " ").trim();
  // A horizontal rule has no text.
  return flat === "" ? text : flat;
}

/** Inline elements; all others are blocks. */
const inline = new Set(["strong", "em", "del", "code"]);
const within = new Set(["link", "file"]);

function inlineText(nodes: readonly Rich[]): string {
  return nodes
    .map((node) => {
      if (typeof node === "string") return node;
      if (node.kind === "code") return ` ${node.code} `;
      const text = inlineText(node.children);
      return within.has(node.kind) || (node.kind === "plain" && inline.has(node.tag)) ? text : ` ${text} `;
    })
    .join("");
}
