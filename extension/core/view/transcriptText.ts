// A conversation as a Markdown text, for an editor: each message under its author, with the session's mark before it as in the
// panel.
import * as l10n from "@vscode/l10n";
import type { Entry, MessageEntry } from "../../../protocol/webview.ts";
import { escaped } from "./markdownText.ts";

export type TranscriptText = {
  readonly text: string;
  /** For each entry, the line that it begins on, counted from 0. */
  readonly lines: readonly number[];
};

type Options = {
  readonly title: string;
  /** `P->` or `P~>`; empty for the lobby, and where it is not known any more. */
  readonly mark: string;
  readonly entries: readonly Entry[];
};

const texts = {
  edited: l10n.t("edited"),
  retracted: `*${l10n.t("This message was retracted.")}*`,
} as const;

/** What would open an address that the panel does not: those of the web and of mail alone are links there. */
const ADDRESS = /\]\((?!\s*(?:https?:|mailto:))/giu;
/** In a list or a quote a block of code begins and ends by other rules: from there on all counts as text. */
const NESTING = /^\s*(?:[-*+>]|\d+[.)])/u;
const FENCE = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/u;
/** Only these may stand after the end of a block of code. */
const BLANK = /^[ \t]*$/u;
/** Languages that previews draw, what could be another way to write them, and bars, with which the line may be a table's. */
const DRAWN =
  /^((?:[ \t]|[-*+>]|\d+[.)])*(?:`{3,}(?=[^`]*$)|~{3,}))[ \t]*(?:(?:math|mermaid|katex|latex|tex)\b|\S*[{&\\]|.*\|).*$/iu;
/** Formulas begin and end with it. */
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
  const reply = entry.reply === undefined ? "" : `${quoted(entry.reply)}\n>\n`;
  const body = entry.retracted === true ? texts.retracted : enclosed(entry.text);
  const reactions = (entry.reactions ?? []).map(({ text, by }) => `${text} ${by.map(escaped).join(", ")}`);
  const after = reactions.length === 0 ? "" : `\n\n${reactions.join(" · ")}`;
  return `${head}\n\n${reply}${body}${after}\n\n`;
}

function noticeText({ level, at, text }: Extract<Entry, { kind: "notice" }>): string {
  if (level === "output") return `${fenced(text)}\n\n`;
  return `*${timeText(at)} · ${escaped(text)}*\n\n`;
}

function quoted({ from, text }: { readonly from: string; readonly text: string }): string {
  return linesOf(`${from}: ${text}`)
    .map((line) => `> > ${escaped(line)}`)
    .join("\n");
}

/**
 * Somebody's text as a quote: whatever it begins ends with it, and no line of it looks like another message's first. Outside
 * of blocks of code nothing is left of it that is HTML, a picture, a formula, or a link elsewhere than to the web.
 */
function enclosed(text: string): string {
  let fence = "";
  let isNested = false;
  // One alone begins nothing, and is more often a price.
  const hasFormulas = text.split("$").length > 2;
  return linesOf(text)
    .map((line) => {
      // Behind the mark of a quote a tab is narrower, and would make a fence of what is none.
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
    })
    .join("\n");
}

function harmless(line: string): string {
  return line
    .replace(/<(?=[a-z/!?])/giu, "&lt;")
    .replaceAll("![", "!\\[")
    .replace(ADDRESS, "]\\(")
    .replaceAll("]:", "]\\:");
}

/** A block of code, which nothing in it can end. */
function fenced(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/gu) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}

function linesOf(text: string): string[] {
  return text.split(/\r\n|\r|\n/u);
}

/** In the time zone of who reads it. */
export function timeText(at: number): string {
  const date = new Date(at);
  const two = (n: number): string => String(n).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
