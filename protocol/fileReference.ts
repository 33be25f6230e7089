// A place in a file as people and tools write it: `src/a.ts:12:5`, `File "a.py", line 3`, a frame of a stack trace.
import * as v from "valibot";
import { isBlank } from "./blank.ts";
import { LineNumber } from "./part.ts";

/** As written in the message, and not trusted: the host only looks for it in open folders. */
export const FileReference = v.object({
  path: v.pipe(v.string(), v.minLength(1), v.maxLength(1024)),
  /** Counted from 1. */
  line: v.exactOptional(LineNumber),
  column: v.exactOptional(LineNumber),
  /** The last line of several. */
  toLine: v.exactOptional(LineNumber),
  /** Folders that probably contain it, such as those of a Java package: `com/example`. */
  below: v.exactOptional(v.pipe(v.string(), v.maxLength(512))),
});
export type FileReference = v.InferOutput<typeof FileReference>;

/** A reference to lines, the last one included. */
export type WrittenLines = Required<Pick<FileReference, "path" | "line" | "toLine">>;

/** A reference in a text, from `start` to before `end`, in UTF-16 units. */
export type FoundReference = {
  readonly start: number;
  readonly end: number;
  readonly reference: FileReference;
};

/** Maximum length of a path. */
const MOST = 512;

/**
 * What follows a path. Each alternative captures a line and, if it has them, a column and a last line. Each is bounded, so
 * that a search is linear.
 */
const LINES = new RegExp(
  [
    String.raw`:(\d{1,7})(?::(\d{1,6}))?(?:-(\d{1,7})(?::\d{1,6})?)?(?!\d)`,
    String.raw`#L(\d{1,7})(?:C\d{1,6})?()(?:-L?(\d{1,7})(?:C\d{1,6})?)?(?!\d)`,
    String.raw`\((\d{1,7})(?:[,:] ?(\d{1,6}))?()\)`,
    String.raw`:\[(\d{1,7}),(\d{1,6})()\]`,
    String.raw`(?::|",? | on )line (\d{1,7})()()(?!\d)`,
  ].join("|"),
  "gu",
);

/** Bounds on the candidates tried and references found in one text. A long stack trace has some hundreds. */
const MOST_PLACES = 1_000;
const MOST_REFERENCES = 400;

const FILE_URL = /\bfile:\/\/\/[^\s"'`<>|*?()]{1,512}/giu;

/** ESLint prints the path once, then a row for each problem. */
const ROW = /^[ \t]{1,8}(\d{1,7}):(\d{1,6})[ \t]{1,8}(?:error|warning)\b/u;

/** A cheap test, because most texts have no reference. */
export function mayRefer(text: string): boolean {
  return /[:#(]L?\d|:\[\d|\bline \d|file:\/\/\//u.test(text);
}

/** The references in a text, in order, in linear time. */
export function findReferences(text: string): FoundReference[] {
  if (!mayRefer(text)) return [];
  const found: FoundReference[] = [];
  const budget = { places: MOST_PLACES };
  let file: string | null = null;
  for (const { line, start } of linesIn(text)) {
    if (found.length >= MOST_REFERENCES || budget.places <= 0) break;
    const row: RegExpExecArray | null = file === null ? null : ROW.exec(line);
    if (row !== null && file !== null) {
      const [, lineNumber = "", column = ""] = row;
      const at = start + line.indexOf(lineNumber);
      const reference = { path: file, line: Number(lineNumber), column: Number(column) };
      found.push({ start: at, end: at + lineNumber.length + 1 + column.length, reference });
      continue;
    }
    for (const each of inLine(line, budget)) {
      found.push({ ...each, start: each.start + start, end: each.end + start });
    }
    if (!isBlank(line)) file = isWholePath(line) ? line.trim() : null;
  }
  return found.filter(({ reference: { line } }) => line !== 0).slice(0, MOST_REFERENCES);
}

function* linesIn(text: string): Generator<{ readonly line: string; readonly start: number }> {
  for (let start = 0; start <= text.length;) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    yield { line: text.slice(start, end), start };
    start = end + 1;
  }
}

/** The path of the rows below it: ESLint writes an absolute path, or one with folders. */
function isWholePath(line: string): boolean {
  const path = line.trim();
  return (
    path.length <= MOST && /^[^\s:*?"<>|]*[/\\][^:*?"<>|]*\.\w{1,10}$|^[A-Za-z]:[/\\][^:*?"<>|]*$/u.test(path)
  );
}

function inLine(line: string, budget: { places: number }): FoundReference[] {
  const found: FoundReference[] = [];
  let last = 0;
  LINES.lastIndex = 0;
  for (let match = LINES.exec(line); match !== null; match = LINES.exec(line)) {
    budget.places -= 1;
    if (budget.places < 0) break;
    const each = referenceAt(line, match, last);
    if (each === null) continue;
    found.push(each);
    last = each.end;
  }
  if (!line.includes("//")) return found;
  for (const { 0: url, index } of line.matchAll(FILE_URL)) {
    if (found.some((each) => each.start <= index && index < each.end)) continue;
    const end = index + url.replace(/[.,;:!?\])}]+$/u, "").length;
    found.push({ start: index, end, reference: { path: line.slice(index, end) } });
  }
  return found.sort((a, b) => a.start - b.start);
}

/** What can precede a line number: the end of a path or of a quotation. */
const END = /[\p{L}\p{N}_)\]}"'`+~$-]/u;

function referenceAt(line: string, match: RegExpExecArray, from: number): FoundReference | null {
  const { index } = match;
  const isPython = line[index] === '"';
  if (!isPython && !END.test(line[index - 1] ?? "")) return null;
  const at = FORMS.findIndex((group) => match[group] !== undefined);
  const [number, column = "", to = ""] = match.slice(FORMS[at], (FORMS[at] ?? 0) + 3);
  const behind = index + match[0].length;
  const place =
    isPython || isQuote(line[index - 1])
      ? quotedBefore(line, isPython ? index : index - 1, from)
      : (quotedAround(line, index, behind, from) ?? bareBefore(line, index, from));
  if (place === null || !isPath(place.path)) return null;
  const numbers = { line: Number(number), ...(column === "" ? {} : { column: Number(column) }) };
  const range = Number(to) > numbers.line ? { toLine: Number(to) } : {};
  const below = place.below === undefined ? {} : { below: place.below };
  return { start: place.start, end: behind, reference: { path: place.path, ...numbers, ...range, ...below } };
}

/** The first group of each form in `LINES`. */
const FORMS = [1, 4, 7, 10, 13];

type Place = { readonly start: number; readonly path: string; readonly below?: string };

function isQuote(character: string | undefined): boolean {
  return character === '"' || character === "'" || character === "`";
}

/** `"a path":12`: the quotation that ends at an index. */
function quotedBefore(line: string, end: number, from: number): Place | null {
  const quote = line[end] ?? '"';
  const start = line.lastIndexOf(quote, end - 1);
  if (end === 0 || start < from || end - start > MOST) return null;
  return { start, path: line.slice(start + 1, end) };
}

/** `"a path:12"`, with a space in it. */
function quotedAround(line: string, index: number, behind: number, from: number): Place | null {
  const quote = line[behind];
  if (!isQuote(quote)) return null;
  const start = line.lastIndexOf(quote ?? "", index - 1);
  if (start < from || index - start > MOST) return null;
  const path = line.slice(start + 1, index);
  return path.includes(" ") && /^[^:*?<>|]+$|^[A-Za-z]:[/\\][^:*?<>|]+$/u.test(path)
    ? { start: start + 1, path }
    : null;
}

/** Characters that end an unquoted path. */
const OUTSIDE = new Set(" \t\r\u00a0\"'`<>|*?:;,=");

function bareBefore(line: string, index: number, from: number): Place | null {
  const least = Math.max(from, index - MOST);
  let start = index;
  while (start > least && !OUTSIDE.has(line[start - 1] ?? "")) start -= 1;
  const rest = line.slice(start, index);
  if (rest === "") return null;
  const address = addressed(line, from, start, rest);
  if (address !== undefined) return address === null ? null : { ...address, start: start - address.start };
  // An unclosed bracket is not part of the path: `(src/a.ts:3)`, `method(Bar.java:12)`.
  const open = unclosed(rest);
  const path = rest.slice(open);
  const before = rest.slice(0, Math.max(0, open - 1));
  const names = /^[\w$./]+$/u.test(before) && !/[/\\]/u.test(path) ? packageOf(before) : undefined;
  return { start: start + open, path, ...(names === undefined ? {} : { below: names }) };
}

/**
 * A path after a drive, a scheme or a port. Null if it is not a file's, undefined if it has none of these. `start` is the
 * number of characters before the path.
 */
function addressed(line: string, from: number, start: number, rest: string): Place | null | undefined {
  if (line[start - 1] !== ":" || start - 1 < from) return undefined;
  const word = wordBefore(line, from, start - 1, /[A-Za-z+-]/u, 40);
  if (word.length === 1 && /^[/\\]/u.test(rest)) {
    const isUrl = line.slice(Math.max(from, start - 10), start - 2).toLowerCase() === "file:///";
    const [more, scheme] = isUrl ? [10, "file:///"] : [2, ""];
    return { start: more, path: `${scheme}${word}:${rest}` };
  }
  if (rest.startsWith("//") && word !== "") return withScheme(word, rest);
  if (!/^\d{1,5}\//u.test(rest)) return undefined;
  const host = wordBefore(line, from, start - 1, /[\w.-]/u, 100);
  const scheme = line.slice(Math.max(from, start - host.length - 9), start - host.length - 1);
  const [, protocol = ""] = /(https?:\/\/)$/u.exec(scheme) ?? [];
  if (protocol === "") return undefined;
  if (!isLocal(host)) return null;
  return { start: protocol.length + host.length + 1, path: rest.slice(rest.indexOf("/")) };
}

/** The longest run of such characters before an index. */
function wordBefore(line: string, from: number, index: number, of: RegExp, most: number): string {
  let start = index;
  while (start > Math.max(from, index - most) && of.test(line[start - 1] ?? "")) start -= 1;
  return line.slice(start, index);
}

function withScheme(scheme: string, rest: string): Place | null {
  const start = scheme.length + 1;
  if (/^https?$/iu.test(scheme)) {
    const [, host, path = ""] = /^\/\/([^/]*)(\/.*)$/u.exec(rest) ?? [];
    return isLocal(host) ? { start, path } : null;
  }
  if (/^file$/iu.test(scheme)) return { start, path: `file:${rest}` };
  // Bundlers put their own name before the path.
  const path = rest.replace(/^\/+(?:[^/]*\/)?(?=\.\/)|^\/+/u, "").replace(/[?#].*$/u, "");
  return { start, path };
}

function isLocal(host: string | undefined): boolean {
  return host !== undefined && /^(?:localhost|127(?:\.\d{1,3}){3}|0\.0\.0\.0|\[::1\])$/iu.test(host);
}

/** The index after the last unclosed bracket. */
function unclosed(text: string): number {
  const open: number[] = [];
  for (let i = 0; i < text.length; i += 1) {
    const character = text[i] ?? "";
    if ("([{".includes(character)) open.push(i);
    else if (")]}".includes(character)) open.pop();
  }
  const at = text.lastIndexOf("@");
  return Math.max(open.at(-1) ?? -1, at > 0 && !text.includes("/") ? at : -1) + 1;
}

/** Of `com.example.Bar.method`: `com/example`. */
function packageOf(method: string): string | undefined {
  const names = method.replace(/^.*\//u, "").split(".");
  const folders = names.slice(0, -2).filter((name) => /^[a-z_]\w*$/u.test(name));
  return folders.length === 0 ? undefined : folders.join("/");
}

const NAMED =
  /^(?:Makefile|Dockerfile|Containerfile|Jenkinsfile|Gemfile|Rakefile|Vagrantfile|Procfile|CMakeLists\.txt|README|LICENSE|BUILD|WORKSPACE|\.\w[\w.-]*)$/u;

/** Endings of host names: `example.com:8080` is not a file. */
const DOMAINS = /\.(?:com|org|net|edu|gov|io|dev|app|local|localhost|internal|lan|home)$/iu;

function isPath(path: string): boolean {
  if (path.length > MOST || path.startsWith("node:") || /^file:\/\/\/./iu.test(path))
    return /^file:\/\/\/./iu.test(path);
  if (/[\p{Cc}\p{Cf}]/u.test(path)) return false;
  const names = path.split(/[/\\]/u);
  const name = names.at(-1) ?? "";
  if (name === "" || /^[\d.,:-]+$/u.test(path)) return false;
  if (names.length === 1 && DOMAINS.test(name)) return false;
  if (NAMED.test(name) || /[^.]\.[A-Za-z][\w-]{0,11}$/u.test(name)) return true;
  return (
    /^(?:\.{0,2}[/\\]|[A-Za-z]:[/\\]|~[/\\])/u.test(path) && /^[\w.@+-]+$/u.test(name) && names.length > 2
  );
}
