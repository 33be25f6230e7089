// Finds places in files in a text: as people write them, in stack traces, and in the output of compilers, linters and test
// runners. The work is bounded for any hostile text.
import { isBlank } from "./blank.ts";
import type { FileReference } from "./fileReference.ts";
import { SearchWork } from "./searchWork.ts";
import { isDigit, isWholePath, isWord, MOST_IN_PATH } from "./writtenPath.ts";
import { placeBefore, type Look, type Place } from "./writtenPlace.ts";
import { placeInUrl, urlsIn, withoutPunctuation, type Url } from "./writtenUrl.ts";

/** A reference in a text, from `start` to before `end`, in UTF-16 units. */
export type FoundReference = {
  readonly start: number;
  readonly end: number;
  readonly reference: FileReference;
};

/** The end of a number, as in `12:5`, or in a sentence that has no spaces. */
const OVER = "(?![A-Za-z0-9])";
// .NET speaks the language of its system.
const WORD = "(?:lines?|Zeile|ligne|línea|行号|行)";

/** What follows a path, by how it looks. Each captures a line and, if it has them, a column and a last line. */
const FORMS: readonly { readonly look: Look; readonly form: RegExp }[] = [
  { look: "line", form: form(String.raw`:(\d{1,7})(?::(\d{1,6}))?(?:-(\d{1,7})(?::\d{1,6})?)?${OVER}`) },
  { look: "call", form: form(String.raw`\((\d{1,7})(?:[,:] ?(\d{1,6}))?\)`) },
  { look: "line", form: form(String.raw`#L(\d{1,7})(?:C\d{1,6})?()(?:-L?(\d{1,7})(?:C\d{1,6})?)?${OVER}`) },
  { look: "said", form: form(String.raw`(?::|",? | on )${WORD} (\d{1,7})()(?:-(\d{1,7}))?${OVER}`) },
  { look: "line", form: form(String.raw`: \((\d{1,7}), (\d{1,6})\)`) },
  { look: "line", form: form(String.raw`:\[(\d{1,7}),(\d{1,6})\]`) },
];

function form(source: string): RegExp {
  return new RegExp(source, "uy");
}

/** Where one can begin, behind the end of a path or of a quotation. */
const HEAD = /(?<=[^\s:#(,;.])(?::[\d [lLZ行]|\(\d|#L\d| on [lLZ行])|",? [lLZ行]/gu;

/** Links in one text. A message of the largest size that is all stack trace has about 300. */
const MOST_REFERENCES = 350;

/** ESLint prints the path once, then a row for each problem. */
const ROW = /^[ \t]{1,8}(\d{1,7}):(\d{1,6})[ \t]{1,8}(?:(?:error|warning|info)\b|[✖✘×⚠ℹ])/u;

/** The cost of what may be a line number, before it is known whether a path precedes it. */
const CANDIDATE_WORK = 110;

/** A cheap test, because most texts have no reference. */
export function mayRefer(text: string): boolean {
  return /[:#(]L?\d|:\[\d|: \(\d|(?:lines?|Zeile|ligne|línea|行号?) \d|:\/\//u.test(text);
}

/** The references in a text, in order. Those behind too much work are not found. */
export function findReferences(text: string, work = new SearchWork(text.length)): FoundReference[] {
  if (!mayRefer(text)) return [];
  const found: FoundReference[] = [];
  const hasUrls = /:\/\/|[Ww][Ww][Ww]\./.test(text);
  /** The line above, and the file that rows below it are about. */
  let above = "";
  let file: string | null = null;
  let end = 0;
  for (let start = 0; start <= text.length; start = end + 1) {
    if (found.length >= MOST_REFERENCES || work.isSpent) break;
    const newline = text.indexOf("\n", start);
    end = newline < 0 ? text.length : newline;
    const line = text.slice(start, end);
    const row = line.startsWith(" ") || line.startsWith("\t") ? ROW.exec(line) : null;
    if (row !== null) {
      work.spend(CANDIDATE_WORK);
      file ??= fileIn(above, work);
      if (file !== null) {
        found.push(moved(inRow(row, file), start));
        continue;
      }
    }
    for (const each of inLine(line, hasUrls ? urlsIn(line) : [], work)) found.push(moved(each, start));
    if (row !== null || isBlank(line)) continue;
    above = line;
    file = null;
  }
  return found.filter(({ reference: { line } }) => line !== 0).slice(0, MOST_REFERENCES);
}

function moved({ start, end, reference }: FoundReference, by: number): FoundReference {
  return { start: start + by, end: end + by, reference };
}

function fileIn(line: string, work: SearchWork): string | null {
  const path = line.trim();
  if (path.length > MOST_IN_PATH) return null;
  work.spend(path.length);
  return isWholePath(path) ? path : null;
}

function inRow(row: RegExpExecArray, path: string): FoundReference {
  const [all, line = "", column = ""] = row;
  const start = all.indexOf(line);
  const reference = { path, line: Number(line), ...columnOf(column) };
  return { start, end: start + line.length + 1 + column.length, reference };
}

/** Numbers behind what may be a path. */
type Lines = {
  readonly look: Look;
  readonly index: number;
  readonly behind: number;
  readonly text: string;
  readonly line: string;
  readonly column: string;
  readonly to: string;
};

function inLine(line: string, urls: Url[], work: SearchWork): FoundReference[] {
  const found: FoundReference[] = [];
  let last = 0;
  const add = (each: FoundReference | null) => {
    if (each === null || each.start < last) return;
    found.push(each);
    last = each.end;
  };
  HEAD.lastIndex = 0;
  for (let head = HEAD.exec(line); head !== null && !work.isSpent; head = HEAD.exec(line)) {
    const { index } = head;
    HEAD.lastIndex = index + 1;
    // A second number in a place belongs to the first.
    if (index < last) continue;
    while ((urls[0]?.end ?? line.length) <= index) add(wholeUrl(line, urls.shift()));
    const [url] = urls;
    const isInUrl = url !== undefined && url.start <= index;
    if (!isInUrl && isNumberBefore(line, index)) continue;
    work.spend(CANDIDATE_WORK);
    const lines = linesAt(line, index);
    if (lines !== null) add(isInUrl ? inUrl(line, url, lines, work) : inText(line, lines, last, work));
  }
  for (const url of urls) add(wholeUrl(line, url));
  return found;
}

/** A time or a ratio, but not `a.f90:3`. */
function isNumberBefore(line: string, index: number): boolean {
  let at = index - 1;
  while (at > index - 4 && isDigit(line.charCodeAt(at))) at -= 1;
  return at < index - 1 && !isWord(line.charCodeAt(at)) && line[at] !== ")";
}

function linesAt(text: string, index: number): Lines | null {
  for (const { look, form } of FORMS) {
    form.lastIndex = index;
    const match = form.exec(text);
    if (match === null) continue;
    const [all, line = "", column = "", to = ""] = match;
    const isColumn = look === "line" && column !== "";
    return {
      look: isColumn ? "column" : look,
      index,
      behind: index + all.length,
      text: all,
      line,
      column,
      to,
    };
  }
  return null;
}

/** The address of a file without a line. */
function wholeUrl(line: string, url: Url | undefined): FoundReference | null {
  if (url?.kind !== "file") return null;
  const text = withoutPunctuation(line.slice(url.start, url.end));
  const place = placeInUrl(url, text);
  return place === null
    ? null
    : { start: url.start, end: url.start + text.length, reference: { path: place.path } };
}

function inUrl(line: string, url: Url, lines: Lines, work: SearchWork): FoundReference | null {
  const { index, behind } = lines;
  if (url.kind === "other" || /^(?:[\w/\\]|\.\w)/u.test(line.slice(behind, behind + 2))) return null;
  work.spend(index - url.start);
  const place = placeInUrl(url, line.slice(url.start, index));
  return place === null ? null : referenceTo({ start: url.start, ...place }, lines);
}

function inText(line: string, lines: Lines, from: number, work: SearchWork): FoundReference | null {
  const place = placeBefore(line, { from, ...lines }, lines.look, work);
  return place === null ? null : referenceTo(place, lines);
}

function referenceTo(
  { start, path, below }: Place,
  { text, line, column, to, behind }: Lines,
): FoundReference {
  // Behind a column, a second number without one is a column too.
  const isLine = column === "" || /-\d+:\d+$/u.test(text);
  return {
    start,
    end: behind,
    reference: {
      path,
      line: Number(line),
      ...columnOf(column),
      ...(isLine && Number(to) > Number(line) ? { toLine: Number(to) } : {}),
      ...(below === undefined ? {} : { below }),
    },
  };
}

/** Some tools count columns from 0. */
function columnOf(column: string): { column?: number } {
  return Number(column) === 0 ? {} : { column: Number(column) };
}
