// A message's text as a tree of what the page can show, and nothing else: HTML that passed the gate is converted node
// by node. Recent texts are cached.
import { addressNote, linkAddress } from "./addresses.ts";
import { chatHtml, isPlain } from "./chatHtml.ts";
import { cleanColours, cleanMessage } from "./gate.ts";
import { highlighted } from "./highlight.ts";

export type Rich = string | RichElement;
export type RichElement =
  | { readonly kind: "plain"; readonly tag: PlainTag; readonly children: readonly Rich[] }
  | { readonly kind: "ordered"; readonly start: number; readonly children: readonly Rich[] }
  | {
      readonly kind: "cell";
      readonly tag: "th" | "td";
      readonly align: Align | null;
      readonly children: readonly Rich[];
    }
  | {
      readonly kind: "link";
      readonly address: string;
      /** The note beside the text, if that does not say where the link goes. */
      readonly note: string | null;
      readonly children: readonly Rich[];
    }
  | {
      readonly kind: "code";
      /** As written; "" for none. */
      readonly language: string;
      readonly code: string;
      readonly colours: readonly Colour[];
    };
/** A piece of code with its highlight.js classes. */
export type Colour = string | { readonly classes: string; readonly children: readonly Colour[] };

const plainTags = [
  ...(["p", "br", "hr", "strong", "em", "del", "code", "ul", "li", "blockquote"] as const),
  ...(["table", "thead", "tbody", "tr"] as const),
] as const;
type PlainTag = (typeof plainTags)[number];
const aligns = ["left", "center", "right"] as const;
type Align = (typeof aligns)[number];

/** A reader who switches between sessions sees the same texts again. */
const KEPT_TEXTS = 500;
const KEPT_CHARACTERS = 500_000;
const kept = new Map<string, readonly Rich[] | null>();
let keptCharacters = 0;

/** The cached result for a text; undefined if it has to be parsed. */
export function knownText(text: string): readonly Rich[] | null | undefined {
  const known = kept.get(text);
  return known === undefined && isPlain(text) ? null : known;
}

/** Null if the text is shown as plain text. Expects a text whose control characters are already visible. */
export function richText(text: string): readonly Rich[] | null {
  const known = knownText(text);
  if (known !== undefined) return known;
  const html = chatHtml(text);
  const clean = html === null ? null : cleanMessage(html);
  const rich = clean === null ? null : readAll(clean);
  kept.set(text, rich);
  keptCharacters += text.length;
  for (const oldest of kept.keys()) {
    if (kept.size <= KEPT_TEXTS && keptCharacters <= KEPT_CHARACTERS) break;
    kept.delete(oldest);
    keptCharacters -= oldest.length;
  }
  return rich;
}

function readAll(parent: Node): Rich[] {
  return [...parent.childNodes].flatMap((node): readonly Rich[] => {
    if (node instanceof Element) return read(node);
    const text = node.textContent ?? "";
    // White space between blocks; line breaks of the text itself are elements.
    return node instanceof Text && !/^\s*\n\s*$/u.test(text) ? [text] : [];
  });
}

function read(element: Element): readonly Rich[] {
  const tag = element.localName;
  const plain = plainTags.find((known) => known === tag);
  if (plain !== undefined) return [{ kind: "plain", tag: plain, children: readAll(element) }];
  switch (tag) {
    case "ol":
      return [{ kind: "ordered", start: startOf(element), children: readAll(element) }];
    case "th":
    case "td": {
      const align = aligns.find((known) => known === element.getAttribute("align")) ?? null;
      return [{ kind: "cell", tag, align, children: readAll(element) }];
    }
    case "a":
      return readLink(element);
    case "pre":
      return [readCode(element.textContent)];
    default:
      return readAll(element);
  }
}

function readLink(element: Element): readonly Rich[] {
  const address = linkAddress(element.getAttribute("href") ?? "");
  const children = readAll(element);
  if (address === null) return children;
  return [{ kind: "link", address, note: addressNote(element.textContent, address), children }];
}

function startOf(element: Element): number {
  const start = Number(element.getAttribute("start") ?? 1);
  return Number.isSafeInteger(start) ? start : 1;
}

/** The first line is the language, as chatHtml.ts writes it. */
function readCode(text: string): RichElement {
  const end = text.indexOf("\n");
  const language = text.slice(0, Math.max(0, end));
  const code = text.slice(end + 1);
  const shown = withoutTurns(code);
  const html = highlighted(shown, language);
  const clean = html === null ? null : cleanColours(html);
  return { kind: "code", language, code, colours: clean === null ? [shown] : readColours(clean) };
}

function readColours(parent: Node): Colour[] {
  return [...parent.childNodes].flatMap((node): readonly Colour[] => {
    if (!(node instanceof Element)) return [node.textContent ?? ""];
    const classes = [...node.classList].filter((name) => /^(?:hljs-[a-z_-]+|[a-z]+_)$/u.test(name));
    const children = readColours(node);
    return classes.length === 0 ? children : [{ classes: classes.join(" "), children }];
  });
}

/** Code is shown in the order in which it runs: characters that change the writing direction are named instead. */
export function withoutTurns(code: string): string {
  return code.replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, (character) => {
    return `[U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}]`;
  });
}
