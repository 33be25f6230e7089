// A text as its reader sees it, in one string, for find. It matches what messageText.tsx renders, with a line break at
// each block boundary, so that no match crosses one.
import { withNamesOfHidden } from "../../protocol/hiddenCharacters.ts";
import { lineLabel } from "../../protocol/codeText.ts";
import type { MessageContent } from "../../protocol/messageContent.ts";
import { visibleText } from "../base/visibleText.ts";
import { cardOf, offeredFile, ownHeading, shownName, type Card } from "./card.ts";
import type { Rich } from "./rich.ts";
import { richText } from "./richText.ts";

/** The same for a message, with its card. */
export function shownContent(content: MessageContent): string {
  const file = offeredFile(content);
  if (file !== null) return [shownText(file.words), shownName(file.part)].join("\n");
  const card = cardOf(content);
  if (card === null) return shownText(content.text);
  return [
    shownText(card.words),
    ...headingOf(card).map(visibleText),
    visibleText(ownHeading(card)),
    withNamesOfHidden(visibleText(card.code)),
  ].join("\n");
}

function headingOf({ part }: Card): string[] {
  if (part.kind === "output") return part.command === undefined ? [] : [part.command];
  if (part.kind !== "test") return [lineLabel(part.path, part.range)];
  const { name, path, line } = part;
  if (path === undefined) return [name];
  return [name, line === undefined ? path : lineLabel(path, { from: line, to: line })];
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
  if (node.kind === "code") return `\n${node.language}\n${withNamesOfHidden(node.code)}\n`;
  const words = within(node.children);
  if (node.kind === "link") return node.note === null ? words : `${words} ${node.note}`;
  if (node.kind === "file") return words;
  if (node.kind !== "plain") return `\n${words}\n`;
  if (node.tag === "code") return withNamesOfHidden(words);
  return inline.has(node.tag) ? words : `\n${words}\n`;
}
