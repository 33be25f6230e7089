// The path that is written before a line number: quoted, in a frame of a stack trace, or up to where it can begin.
import type { SearchWork } from "./searchWork.ts";
import { isPath, isWord, MOST_IN_PATH, type Look as PathLook } from "./writtenPath.ts";

export type Place = {
  readonly start: number;
  readonly path: string;
  /** Folders that probably contain it. */
  readonly below?: string;
};

/** What precedes the line number is before `index`, what follows it from `behind` on. Nothing is read before `from`. */
type Range = { readonly from: number; readonly index: number; readonly behind: number };

/** What a line number looks like: `line 12`, `:12:5`, `:12` or `(12)`. */
export type Look = "said" | "column" | "line" | "call";

const certainty: Readonly<Record<Look, PathLook>> = {
  ...{ said: "certain", column: "certain", line: "likely", call: "call" },
};

/** What can precede a line number: the end of a path or of a quotation. */
const END = new Set(")]}\"'`+~$-");

/** The marks that begin a quotation, by those that end it. */
const QUOTES: Readonly<Record<string, string>> = {
  ...{ '"': '"', "'": "'", "`": "`", "”": "“", "“": "„", "»": "«", "«": "»", "’": "‘", "」": "「" },
};

/** Characters that end an unquoted path. */
const OUTSIDE = new Set(" \t\r\u00a0\u3000\"'`<>|*?:;,=“”„«»‘’「」（）【】：；，、。");

export function placeBefore(line: string, range: Range, look: Look, work: SearchWork): Place | null {
  const { index } = range;
  const before = line[index - 1] ?? "";
  const isPython = line[index] === '"';
  if (!isPython && !END.has(before) && !isWord(before.charCodeAt(0))) return null;
  const near = { ...range, from: Math.max(range.from, index - MOST_IN_PATH) };
  if (isPython || QUOTES[before] !== undefined) {
    const place = quotedBefore(line, isPython ? index : index - 1, near.from, work);
    return place !== null && isPath(place.path, "certain") ? place : null;
  }
  const spaced = quotedAround(line, near, work) ?? framed(line, near, look, work);
  if (spaced !== null && isPath(spaced.path, "certain")) return spaced;
  const place = bareBefore(line, near, work);
  if (place === null || !isPath(place.path, certainty[look])) return null;
  const below = /[/\\]/u.test(place.path) ? undefined : packageBefore(line, near.from, place.start);
  return below === undefined ? place : { ...place, below };
}

/** `"a path":12`: the quotation that ends at an index. */
function quotedBefore(line: string, end: number, from: number, work: SearchWork): Place | null {
  const text = line.slice(from, end);
  const at = text.lastIndexOf(QUOTES[line[end] ?? ""] ?? '"');
  work.spend(text.length - Math.max(0, at));
  return at < 0 ? null : { start: from + at, path: text.slice(at + 1) };
}

/** `"a path:12"`, with a space in it. */
function quotedAround(line: string, { from, index, behind }: Range, work: SearchWork): Place | null {
  const quote = QUOTES[line[behind] ?? ""];
  if (quote === undefined) return null;
  const text = line.slice(from, index);
  const at = text.lastIndexOf(quote);
  work.spend(text.length - Math.max(0, at));
  if (at < 0 || isWord(line.charCodeAt(from + at - 1))) return null;
  const path = text.slice(at + 1);
  return path.includes(" ") && isSpaced(path) ? { start: from + at + 1, path } : null;
}

/** A path with a space, where a frame of a stack trace says where it begins: `at run (C:\My App\a.js:3:5)`. */
function framed(line: string, { from, index, behind }: Range, look: Look, work: SearchWork): Place | null {
  const openers =
    look === "said" ? [" in "] : look === "column" && /^\s{0,40}at /u.test(line) ? ["(", "at "] : [];
  if (openers.length === 0 || (openers[0] === "(" && line[behind] !== ")" && behind < line.trimEnd().length))
    return null;
  const text = line.slice(from, index);
  work.spend(text.length);
  for (const opener of openers) {
    const at = text.lastIndexOf(opener);
    const path = text.slice(at + opener.length);
    const isRooted = /^(?:\/|[A-Za-z]:[/\\]|\\\\)\S/u.test(path);
    if (at >= 0 && isRooted && path.includes(" ") && isSpaced(path))
      return { start: from + at + opener.length, path };
  }
  return null;
}

function isSpaced(path: string): boolean {
  return !/[:*?<>|]/u.test(/^[A-Za-z]:[/\\]/u.test(path) ? path.slice(2) : path);
}

function bareBefore(line: string, { from, index }: Range, work: SearchWork): Place | null {
  let start = index;
  while (start > from && !OUTSIDE.has(line[start - 1] ?? "")) start -= 1;
  // It is read once more for brackets, and once for what a path has.
  work.spend(3 * (index - start));
  const rest = line.slice(start, index);
  if (rest === "") return null;
  const word = line[start - 1] === ":" ? wordBefore(line, from, start - 1) : "";
  if (/^[A-Za-z]$/u.test(word) && /^[/\\]/u.test(rest)) return { start: start - 2, path: `${word}:${rest}` };
  // A module of Node's own, or a port.
  if (word === "node" || (word !== "" && /^\d{1,5}\//u.test(rest))) return null;
  // An unclosed bracket is not part of the path: `(src/a.ts:3)`, `method(Bar.java:12)`.
  const open = unclosed(rest);
  const path = rest.slice(open);
  // Nor are the words of a sentence that has no spaces.
  const words = path.charCodeAt(0) < 0x3000 ? 0 : (SENTENCE.exec(path)?.[0].length ?? 0);
  return { start: start + open + words, path: path.slice(words) };
}

const SENTENCE = /^[\u3040-\u30ff\u3400-\u9fff]+(?=[\w.~-])(?=[\w./\\~@+-]+$)/u;

function wordBefore(line: string, from: number, index: number): string {
  return runBefore(line, Math.max(from, index - 40), index, /[\w.]/u);
}

function runBefore(line: string, from: number, index: number, of: RegExp): string {
  let start = index;
  while (start > from && of.test(line[start - 1] ?? "")) start -= 1;
  return line.slice(start, index);
}

/** The index after the last unclosed bracket, and after closed ones that were never opened. */
function unclosed(text: string): number {
  const open: number[] = [];
  let after = 0;
  for (let i = 0; i < text.length; i += 1) {
    const character = text[i] ?? "";
    if ("([{".includes(character)) open.push(i);
    else if (")]}".includes(character) && open.pop() === undefined) after = i + 1;
  }
  return Math.max((open.at(-1) ?? -1) + 1, after);
}

/** Of `com.example.Bar.<init>(`, before an index: `com/example`. */
function packageBefore(line: string, from: number, index: number): string | undefined {
  if (line[index - 1] !== "(") return undefined;
  const least = Math.max(from, index - 200);
  const end = line.endsWith("<init>", index - 1)
    ? index - 7
    : line.endsWith("<clinit>", index - 1)
      ? index - 9
      : index - 1;
  const folders = runBefore(line, least, end, /[\w$.]/u)
    .split(".")
    .slice(0, -2)
    .filter((name) => /^[a-z_]\w*$/u.test(name));
  return folders.length === 0 ? undefined : folders.join("/");
}
