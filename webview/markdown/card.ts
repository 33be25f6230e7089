// A message with lines of code or other quoted lines, as its card shows it: what is shown at first, and what is read of it.
import type { ChangesPart } from "../../protocol/changesPart.ts";
import { wordsAboutChanges } from "../../protocol/changesText.ts";
import { outputHeading, readCode, testHeading, type CodeText } from "../../protocol/codeText.ts";
import { withNamesOfHidden } from "../../protocol/hiddenCharacters.ts";
import type { MessageContent } from "../../protocol/messageContent.ts";
import type { FilePart } from "../../protocol/bulk.ts";
import { offerText } from "../../protocol/fileText.ts";
import { isQuoting, type CodePart, type QuotingPart } from "../../protocol/part.ts";
import { beginningOf, isLong } from "../base/longText.ts";
import { visibleText } from "../base/visibleText.ts";

export type Card = CodeText & { readonly part: QuotingPart };
export type CodeCard = CodeText & { readonly part: CodePart };

/** Lines of a folded card. */
const FIRST_LINES = 20;

/** Null for a message that is shown as a text. */
export function cardOf({ text, part }: MessageContent): Card | null {
  if (part === undefined || !isQuoting(part)) return null;
  const read = readCode(text, part);
  return read === null ? null : { ...read, part };
}

/** The file that a message offers, and what its author says beside that; null for other messages. */
export function offeredFile({ text, part }: MessageContent): { part: FilePart; words: string } | null {
  if (part?.kind !== "file") return null;
  return { part, words: text === offerText(part) ? "" : text };
}

/** The changes that a message brings, and what its author says beside them; null for other messages. */
export function sentChanges({ text, part }: MessageContent): { part: ChangesPart; words: string } | null {
  return part?.kind === "changes" ? { part, words: wordsAboutChanges(text, part) ?? text } : null;
}

/** A name as it can be shown: nothing in it is hidden. */
export function shownName({ name }: Pick<FilePart, "name">): string {
  return visibleText(withNamesOfHidden(name));
}

/** Whether it has lines of a file, and not a test or an output. */
export function isOfFile(card: Card): card is CodeCard {
  return card.part.kind === "code" || card.part.kind === "problem";
}

/** The heading lines, without those that say what the part says. */
export function ownHeading({ part, heading }: Card): string {
  const usual =
    part.kind === "test"
      ? testHeading(part.name)
      : part.kind === "output"
        ? outputHeading(part.command, part.exitCode)
        : "";
  return heading === usual ? "" : heading;
}

/** What of the code is shown while it is folded: of an output its end, which says how it went. */
function foldedLines({ part, code }: Card): string {
  return part.kind === "output" ? lastLines(code) : firstLines(code);
}

function lastLines(code: string): string {
  let start = code.length;
  for (let lines = 0; lines < FIRST_LINES && start >= 0; lines++) {
    const next = start === 0 ? -1 : code.lastIndexOf("\n", start - 1);
    const last = code.slice(next + 1);
    // The last line alone may be too long.
    if (isLong(last)) return lines === 0 ? beginningOf(last) : code.slice(start + 1);
    start = next;
  }
  return code.slice(start + 1);
}

function firstLines(code: string): string {
  let end = -1;
  for (let line = 0; line < FIRST_LINES; line++) {
    end = code.indexOf("\n", end + 1);
    if (end < 0) return beginningOf(code);
  }
  return beginningOf(code.slice(0, end));
}

/** What stands beside the card of a file or of changes; all of a message without such a card. */
function besideCard(content: MessageContent): string {
  return offeredFile(content)?.words ?? sentChanges(content)?.words ?? content.text;
}

/** Whether something of a message is folded at first. */
export function isFolded(content: MessageContent): boolean {
  const card = cardOf(content);
  if (card === null) return isLong(besideCard(content));
  return isLong(card.words) || isLong(card.heading) || foldedLines(card) !== card.code;
}

/** The texts of a message that are parsed to show it. */
export function parsedTexts(content: MessageContent, open: boolean): string[] {
  const card = cardOf(content);
  if (card === null) {
    const text = besideCard(content);
    return text === "" ? [] : [visibleText(open ? text : beginningOf(text))];
  }
  const words = open ? card.words : beginningOf(card.words);
  const code = codeBlocks(card, open).map(({ text }) => text);
  return words === "" ? code : [visibleText(words), ...code];
}

/** A piece of code, and the block of Markdown as which it is parsed. */
export type CodePiece = { readonly code: string; readonly text: string };

/** The code in pieces: unfolding parses only what was not shown before. */
export function codeBlocks(card: Card, open: boolean): readonly CodePiece[] {
  const { code } = card;
  const folded = foldedLines(card);
  const pieces = open ? piecesOf(code, folded) : [folded];
  return pieces.map((piece) => {
    const visible = visibleText(piece);
    const fence = "`".repeat(Math.max(3, ...(visible.match(/`+/gu) ?? []).map(({ length }) => length + 1)));
    return { code: visible, text: `${fence}${languageOf(card.part)}\n${visible}\n${fence}` };
  });
}

function piecesOf(code: string, folded: string): string[] {
  if (folded === code) return [code];
  if (code.startsWith(folded)) return [folded, code.slice(folded.length)];
  return code.endsWith(folded) ? [code.slice(0, -folded.length), folded] : [code];
}

/** VS Code's languages with another name in highlight.js. */
const names = new Map(
  Object.entries({
    ...{ typescriptreact: "typescript", javascriptreact: "javascript", jsonc: "json", jsonl: "json" },
    ...{ shellscript: "bash", vue: "html", svelte: "html", scss: "css", less: "css", dockercompose: "yaml" },
    ...{ "cuda-cpp": "cpp", "github-actions-workflow": "yaml" },
  }),
);

function languageOf(part: QuotingPart): string {
  if (part.kind === "test") return "diff";
  if (part.kind === "output") return "";
  const { language = "" } = part;
  return names.get(language) ?? language;
}
