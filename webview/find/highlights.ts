// Marks what was found in a log: the words through the browser's highlights, which change nothing in the document, and the
// entry that is shown by an attribute.
import { occurrences } from "./findText.ts";
import { texts } from "../base/texts.ts";

const FOUND = "found";
const CURRENT = "found-current";
const MARK = "data-found";

/** Where an entry's own words stand. */
const TEXTS = ".text, .output";

export function highlight(
  root: HTMLElement,
  query: string,
  matches: readonly number[],
  current: number | null,
): void {
  clearHighlights(root);
  if (query === "") return;
  const found = new Highlight();
  const here = new Highlight();
  for (const index of matches) {
    const entry = root.querySelector(`[data-index="${String(index)}"]`);
    if (entry === null) continue;
    if (index === current) entry.setAttribute(MARK, "");
    for (const range of rangesIn(entry, query)) (index === current ? here : found).add(range);
  }
  CSS.highlights.set(FOUND, found);
  CSS.highlights.set(CURRENT, here);
}

export function clearHighlights(root: HTMLElement): void {
  CSS.highlights.delete(FOUND);
  CSS.highlights.delete(CURRENT);
  for (const entry of root.querySelectorAll(`[${MARK}]`)) entry.removeAttribute(MARK);
}

/** A text may be spread over several nodes, as words that are emphasized are, but not over what stands apart. */
function rangesIn(entry: Element, query: string): Range[] {
  return [...entry.querySelectorAll(TEXTS)].flatMap((element) => {
    const pieces = piecesOf(element);
    const whole = pieces.map((piece) => (piece === APART ? "\n" : piece.data)).join("");
    return occurrences(whole, query).map((at) => rangeOf(pieces, at, at + query.length));
  });
}

const APART = "apart";
type Piece = Text | typeof APART;

/** Elements that begin and end a line, as in shownText.ts. */
const blocks = new Set([
  ...["p", "div", "pre", "ul", "ol", "li", "blockquote", "hr", "br"],
  ...["table", "thead", "tbody", "tr", "th", "td"],
]);
/** What the page itself says in a text of others. */
function isOwnWords(element: Element): boolean {
  return element.matches(".copied") || (element.matches(".language") && element.textContent === texts.code);
}

function piecesOf(element: Element): Piece[] {
  return [...element.childNodes].flatMap((node): Piece[] => {
    if (node instanceof Text) return [node];
    if (!(node instanceof Element) || isOwnWords(node)) return [];
    const within = piecesOf(node);
    return blocks.has(node.localName) ? [APART, ...within, APART] : within;
  });
}

/** From one place to another in the text that the pieces make up together. */
function rangeOf(pieces: readonly Piece[], from: number, to: number): Range {
  const range = new Range();
  let start = 0;
  for (const piece of pieces) {
    const end = start + (piece === APART ? 1 : piece.length);
    if (piece !== APART && from >= start && from < end) range.setStart(piece, from - start);
    if (piece !== APART && to > start && to <= end) range.setEnd(piece, to - start);
    start = end;
  }
  return range;
}

/** Scrolls the log to the words that are shown, where their message is longer than what is in sight. */
export function revealWords(root: HTMLElement): void {
  const log = root.querySelector(".log");
  const [range] = CSS.highlights.get(CURRENT) ?? [];
  if (log === null || !(range instanceof Range)) return;
  const [words, sight] = [range.getBoundingClientRect(), log.getBoundingClientRect()];
  if (words.top >= sight.top && words.bottom <= sight.bottom) return;
  log.scrollTop += words.top - sight.top - sight.height / 3;
}
