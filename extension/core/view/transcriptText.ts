// A conversation as Markdown for an editor: each message under its author, with the session's mark as in the panel.
import * as l10n from "@vscode/l10n";
import { numberOf, readCode, readPlace } from "../../../protocol/codeText.ts";
import { isQuoting } from "../../../protocol/part.ts";
import type { Entry, MessageEntry } from "../../../protocol/webview.ts";
import { escaped } from "./markdownText.ts";

export type TranscriptText = {
  readonly text: string;
  /** For each entry, the line where it begins, counted from 0. */
  readonly lines: readonly number[];
};

type Options = {
  readonly title: string;
  /** `P->` or `P~>`; empty for the lobby, or if unknown. */
  readonly mark: string;
  readonly entries: readonly Entry[];
};

const texts = {
  edited: l10n.t("edited"),
  retracted: `*${l10n.t("This message was retracted.")}*`,
} as const;

/** Link targets that the panel does not open: only web and mail addresses stay links. */
const ADDRESS = /\]\((?!\s*(?:https?:|mailto:))/giu;
/** In a list or a quote, code blocks begin and end by other rules: from there on everything counts as text. */
const NESTING = /^\s*(?:[-*+>]|\d+[.)])/u;
const FENCE = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/u;
/** Only this may follow the end of a code block. */
const BLANK = /^[ \t]*$/u;
/**
 * Languages that previews render as diagrams, possible other spellings of them, and bars, because the line may be part
 * of a table.
 */
const DRAWN =
  /^((?:[ \t]|[-*+>]|\d+[.)])*(?:`{3,}(?=[^`]*$)|~{3,}))[ \t]*(?:(?:math|mermaid|katex|latex|tex)\b|\S*[{&\\]|.*\|).*$/iu;
/** The delimiter of formulas. */
const DOLLAR = /(?<!\\)((?:\\\\)*)\$/gu;

export function transcriptText({ title, mark, entries }: Options): TranscriptText {
  const parts = [`# ${title}\n\n`];
  const lines: number[] = [];
  let line = 2;
  for (const entry of entries) {
    const part = entry.kind === "message" ? messageText(entry, mark) : noticeText(entry);
    lines.push(line);
    parts.push(part);
    line += part.split("\n").length - 1;
  }
  return { text: parts.join(""), lines };
}

function messageText(entry: MessageEntry, mark: string): string {
  const before = mark === "" ? "" : `${mark} `;
  const edited = entry.edited === true ? ` · ${texts.edited}` : "";
  const head = `${before}**${escaped(entry.from)}** · ${timeText(entry.at)}${edited}`;
  const body = entry.retracted === true ? texts.retracted : bodyText(entry);
  const reactions = (entry.reactions ?? []).map(({ text, by }) => `${text} ${by.map(escaped).join(", ")}`);
  const after = reactions.length === 0 ? "" : `\n\n${reactions.join(" · ")}`;
  return `${head}\n\n${repliedText(entry)}${body}${after}\n\n`;
}

function noticeText({ level, at, text }: Extract<Entry, { kind: "notice" }>): string {
  if (level === "output") return `${fenced(text)}\n\n`;
  return `*${timeText(at)} · ${escaped(text)}*\n\n`;
}

/** The message that is answered, and the line of its code that the answer is about. */
function repliedText({ reply, part }: MessageEntry): string {
  if (reply === undefined) return "";
  const { from, text, range } = reply;
  const isNote = part?.kind === "note" && range !== undefined && text !== "";
  const number = isNote ? numberOf(range, part.line) : undefined;
  const author = number === undefined ? from : `${from} · ${l10n.t("line {0}", number)}`;
  const lines = linesOf(`${author}: ${text}`).map((line) => `> > ${escaped(line)}`);
  return `${lines.join("\n")}\n>\n`;
}

/** Quoted lines of code stand in a block of their own, whatever the words above them begin. */
function bodyText({ text, part }: MessageEntry): string {
  const card = readCode(text, part);
  if (card === null || part === undefined || !isQuoting(part)) return enclosed(text).text;
  const above = [card.words, card.heading.trimEnd()].filter((each) => each !== "").join("\n\n");
  const { text: shown, open, isNested } = enclosed(above);
  // What a list or a quote begins, and where that ends, is not known for certain.
  if (isNested && /`{3}|~{3}/u.test(above)) return enclosed(text).text;
  const { place, language } = readPlace(part);
  const first = `\`\`\`${language}`.replace(DRAWN, "$1text").slice(3);
  const block = linesOf(fenced(card.code, first === "" ? "text" : first)).map((line) => `> ${line}`);
  return [
    ...(above === "" ? [] : [shown]),
    ...(open === "" ? [] : [`> ${open}`]),
    ...(above === "" ? [] : [">"]),
    ...(place === "" ? [] : [`> ${escaped(place)}`]),
    ...block,
  ].join("\n");
}

type Enclosed = {
  readonly text: string;
  /** The fence of a code block that the text does not end. */
  readonly open: string;
  /** It has a list or a quote. */
  readonly isNested: boolean;
};

/**
 * Another person's text as a quote: it contains everything that the text begins, and no line of it can pass for another
 * message's first line. Outside code blocks, no HTML, image, formula, or non-web link remains.
 */
function enclosed(text: string): Enclosed {
  let fence = "";
  let isNested = false;
  // A single one begins nothing, and is more often a price.
  const hasFormulas = text.split("$").length > 2;
  const lines = linesOf(text).map((line) => {
    // After the quote marker a tab is narrower, and could turn the line into a fence.
    const fitted = line.replace(/^[ \t]+(?=[`~]{3})/u, (blanks) => blanks.replaceAll("\t", "    "));
    const shown = fence === "" ? fitted.replace(DRAWN, "$1text") : fitted;
    isNested ||= fence === "" && NESTING.test(shown);
    const match = isNested ? null : FENCE.exec(shown);
    const [before = "", found = ""] = match ?? [];
    const rest = shown.slice(before.length);
    if (fence !== "") {
      if (found.startsWith(fence) && BLANK.test(rest)) fence = "";
      return `> ${shown}`;
    }
    fence = found;
    if (found !== "") return `> ${shown}`;
    const safe = harmless(shown);
    return `> ${hasFormulas ? safe.replace(DOLLAR, "$1\\$$") : safe}`.trimEnd();
  });
  return { text: lines.join("\n"), open: fence, isNested };
}

function harmless(line: string): string {
  return line
    .replace(/<(?=[a-z/!?])/giu, "&lt;")
    .replaceAll("![", "!\\[")
    .replace(ADDRESS, "]\\(")
    .replaceAll("]:", "]\\:");
}

/** A code block that nothing inside can end. */
function fenced(text: string, language = "text"): string {
  const longest = Math.max(2, ...(text.match(/`+/gu) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

function linesOf(text: string): string[] {
  return text.split(/\r\n|\r|\n/u);
}

/** In the reader's time zone. */
export function timeText(at: number): string {
  const date = new Date(at);
  const two = (n: number): string => String(n).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
