// A conversation as a Markdown text, for an editor: each message under its author, with the session's mark before it as in
// the panel. Used by export and by what a search finds.
import * as l10n from "@vscode/l10n";
import type { Entry } from "../../protocol/webview.ts";

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

/** How a message's first line looks; a line of somebody's text that looks so is escaped. */
const HEADER = /^\s*(?:P[-~]> )?\*\*.*\*\* · \d{4}-/u;
/** What begins a block of HTML, which may go on to the end of everything. */
const HTML = /^ {0,3}</u;
/** A block of code inside of a list or a quote. */
const INNER_FENCE = /^\s*(?:[-*+>]|\d+[.)])[\s\d>*+.)-]*(?:`{3,}|~{3,})/u;

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

function messageText(entry: Extract<Entry, { kind: "message" }>, mark: string): string {
  const before = mark === "" ? "" : `${mark} `;
  const edited = entry.edited === true ? ` · ${texts.edited}` : "";
  const head = `${before}**${escaped(entry.from)}** · ${timeText(entry.at)}${edited}`;
  const reply = entry.reply === undefined ? "" : `${quoted(entry.reply)}\n\n`;
  const body = entry.retracted === true ? texts.retracted : closed(entry.text);
  const reactions = (entry.reactions ?? []).map(({ text, by }) => `${text} ${by.map(escaped).join(", ")}`);
  const after = reactions.length === 0 ? "" : `\n\n${reactions.join(" · ")}`;
  return `${head}\n\n${reply}${body}${after}\n\n`;
}

function noticeText({ level, at, text }: Extract<Entry, { kind: "notice" }>): string {
  if (level === "output") return `${closed(`\`\`\`text\n${text}\n\`\`\``)}\n\n`;
  return `*${timeText(at)} · ${escaped(text.replaceAll("\n", " "))}*\n\n`;
}

function quoted({ from, text }: { readonly from: string; readonly text: string }): string {
  return `${escaped(from)}: ${text}`
    .split("\n")
    .map((line) => `> ${line}`)
    .join("\n");
}

/**
 * A text as it is, but that it ends where it ends: a block of code that nobody has ended is ended, raw HTML and lines that
 * look like another message's first are escaped. One with code inside of lists or quotes becomes a quote as a whole.
 */
function closed(text: string): string {
  const all = text.split(/\r\n|\r|\n/u);
  if (all.some((line) => INNER_FENCE.test(line))) return all.map((line) => `> ${line}`).join("\n");
  let fence = "";
  const lines: string[] = [];
  for (const line of all) {
    const [, found = ""] = /^ {0,3}(`{3,}|~{3,})/u.exec(line) ?? [];
    lines.push(fence === "" && (HEADER.test(line) || HTML.test(line)) ? `\\${line.trimStart()}` : line);
    if (fence === "") fence = found;
    else if (found.startsWith(fence) && line.trim() === found) fence = "";
  }
  return [...lines, ...(fence === "" ? [] : [fence])].join("\n");
}

function escaped(text: string): string {
  return text.replace(/[\\`*_[\]<>#|]/gu, "\\$&");
}

/** In the time zone of who reads it. */
export function timeText(at: number): string {
  const date = new Date(at);
  const two = (n: number): string => String(n).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
