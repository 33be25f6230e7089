// Highlights matches in a log: words through the CSS Custom Highlight API, which changes nothing in the document, and
// the current entry with an attribute.
import { occurrences } from "./findText.ts";
import { texts } from "../base/texts.ts";

const FOUND = "found";
const CURRENT = "found-current";
const MARK = "data-found";

/** Elements with an entry's own text. */
const TEXTS = ".text, .output, .found-in";

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

/** A match may span several nodes, such as emphasized words, but not a block boundary. */
function rangesIn(entry: Element, query: string): Range[] {
  return [...entry.querySelectorAll(TEXTS)].flatMap((element) => {
    const pieces = piecesOf(element);
    const whole = pieces.map((piece) => (piece === APART ? "\n" : piece.data)).join("");
    return occurrences(whole, query).map(([from, to]) => rangeOf(pieces, from, to));
  });
}

const APART = "apart";
type Piece = Text | typeof APART;

/** Elements that begin and end a line, as in shownText.ts. */
const blocks = new Set([
  ...["p", "div", "pre", "ul", "ol", "li", "blockquote", "hr", "br"],
  ...["table", "thead", "tbody", "tr", "th", "td"],
]);
/** Labels of the page itself inside a text from others. */
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

/** A range in the text that the pieces form together. */
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

/** Scrolls the log to the current match if its message is taller than the visible part. */
export function revealWords(root: HTMLElement): void {
  const log = root.querySelector(".log");
  const [range] = CSS.highlights.get(CURRENT) ?? [];
  if (log === null || !(range instanceof Range)) return;
  const [words, sight] = [range.getBoundingClientRect(), log.getBoundingClientRect()];
  if (words.top >= sight.top && words.bottom <= sight.bottom) return;
  log.scrollTop += words.top - sight.top - sight.height / 3;
}
