// A message's words without their form, for the one line in which it is quoted.
import { richText, type Rich } from "./richText.ts";

/** Takes a text whose control characters are visible already. */
export function flatText(text: string): string {
  const rich = richText(text);
  const flat = rich === null ? text : words(rich).replace(/\s+/gu, " ").trim();
  // A line alone has no words.
  return flat === "" ? text : flat;
}

/** What stands within a line; whatever else there is stands apart. */
const inline = new Set(["strong", "em", "del", "code"]);

function words(nodes: readonly Rich[]): string {
  return nodes
    .map((node) => {
      if (typeof node === "string") return node;
      if (node.kind === "code") return ` ${node.code} `;
      const within = words(node.children);
      return node.kind === "link" || (node.kind === "plain" && inline.has(node.tag)) ? within : ` ${within} `;
    })
    .join("");
}
