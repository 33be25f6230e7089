// A text as its reader sees it, in one string, for find. It matches what messageText.tsx renders, with a line break at
// each block boundary, so that no match crosses one.
import { lineLabel } from "../../protocol/codeText.ts";
import type { MessageContent } from "../../protocol/messageContent.ts";
import { visibleText } from "../base/visibleText.ts";
import { cardOf } from "./card.ts";
import { withoutTurns, type Rich } from "./rich.ts";
import { richText } from "./richText.ts";

/** The same for a message, with its card. */
export function shownContent(content: MessageContent): string {
  const card = cardOf(content);
  if (card === null) return shownText(content.text);
  const { part, heading, code } = card;
  return [
    shownText(card.words),
    lineLabel(part.path, part.range),
    visibleText(heading),
    withoutTurns(visibleText(code)),
  ].join("\n");
}

export function shownText(text: string): string {
  const visible = visibleText(text);
  const rich = richText(visible);
  return rich === null ? visible : within(rich);
}

const inline = new Set(["strong", "em", "del"]);

function within(nodes: readonly Rich[]): string {
  return nodes.map((node) => (typeof node === "string" ? node : one(node))).join("");
}

function one(node: Exclude<Rich, string>): string {
  if (node.kind === "code") return `\n${node.language}\n${withoutTurns(node.code)}\n`;
  const words = within(node.children);
  if (node.kind === "link") return node.note === null ? words : `${words} ${node.note}`;
  if (node.kind === "file") return words;
  if (node.kind !== "plain") return `\n${words}\n`;
  if (node.tag === "code") return withoutTurns(words);
  return inline.has(node.tag) ? words : `\n${words}\n`;
}
