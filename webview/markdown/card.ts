// A message with lines of code, as its card shows it: what is shown at first, and what is read of it.
import { readCode, type CodeText } from "../../protocol/codeText.ts";
import type { MessageContent } from "../../protocol/messageContent.ts";
import type { CodePart } from "../../protocol/part.ts";
import { beginningOf, isLong } from "../base/longText.ts";
import { visibleText } from "../base/visibleText.ts";

export type Card = CodeText & { readonly part: CodePart };

/** Lines of a folded card. */
const FIRST_LINES = 20;

/** Null for a message that is shown as a text. */
export function cardOf({ text, part }: MessageContent): Card | null {
  if (part?.kind !== "code" && part?.kind !== "problem") return null;
  const read = readCode(text, part);
  return read === null ? null : { ...read, part };
}

/** What of the code is shown while it is folded. */
export function firstLines(code: string): string {
  let end = -1;
  for (let line = 0; line < FIRST_LINES; line++) {
    end = code.indexOf("\n", end + 1);
    if (end < 0) return beginningOf(code);
  }
  return beginningOf(code.slice(0, end));
}

/** Whether something of a message is folded at first. */
export function isFolded(content: MessageContent): boolean {
  const card = cardOf(content);
  if (card === null) return isLong(content.text);
  return isLong(card.words) || isLong(card.heading) || firstLines(card.code) !== card.code;
}

/** The texts of a message that are parsed to show it. */
export function parsedTexts(content: MessageContent, open: boolean): string[] {
  const card = cardOf(content);
  if (card === null) return [visibleText(open ? content.text : beginningOf(content.text))];
  const words = open ? card.words : beginningOf(card.words);
  const code = codeBlocks(card, open).map(({ text }) => text);
  return words === "" ? code : [visibleText(words), ...code];
}

/** A piece of code, and the block of Markdown as which it is parsed. */
export type CodePiece = { readonly code: string; readonly text: string };

/** The code in pieces: unfolding parses only what was not shown before. */
export function codeBlocks({ code, part }: Card, open: boolean): readonly CodePiece[] {
  const first = firstLines(code);
  const pieces = !open || first === code ? [first] : [first, code.slice(first.length)];
  return pieces.map((piece) => {
    const visible = visibleText(piece);
    const fence = "`".repeat(Math.max(3, ...(visible.match(/`+/gu) ?? []).map(({ length }) => length + 1)));
    return { code: visible, text: `${fence}${languageOf(part.language)}\n${visible}\n${fence}` };
  });
}

/** VS Code's languages with another name in highlight.js. */
const names: Readonly<Record<string, string>> = {
  ...{ typescriptreact: "typescript", javascriptreact: "javascript", jsonc: "json", jsonl: "json" },
  ...{ shellscript: "bash", vue: "html", svelte: "html", scss: "css", less: "css", dockercompose: "yaml" },
  ...{ "cuda-cpp": "cpp", "github-actions-workflow": "yaml" },
};

function languageOf(language = ""): string {
  return names[language] ?? language;
}
