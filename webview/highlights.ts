// Marks what was found in a log: the words through the browser's highlights, which change nothing in the document, and
// the entry that is shown by an attribute. Called by the find bar.
import { occurrences } from "./findText.ts";

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

/** A text may be spread over several nodes, as words that are emphasized are. */
function rangesIn(entry: Element, query: string): Range[] {
  return [...entry.querySelectorAll(TEXTS)].flatMap((element) => {
    const nodes = textNodes(element);
    const whole = nodes.map(({ data }) => data).join("");
    return occurrences(whole, query).map((at) => rangeOf(nodes, at, at + query.length));
  });
}

function textNodes(element: Element): Text[] {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const nodes: Text[] = [];
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    if (node instanceof Text) nodes.push(node);
  }
  return nodes;
}

/** From one place to another in the text that the nodes make up together. */
function rangeOf(nodes: readonly Text[], from: number, to: number): Range {
  const range = new Range();
  let start = 0;
  for (const node of nodes) {
    const end = start + node.length;
    if (from >= start && from < end) range.setStart(node, from - start);
    if (to > start && to <= end) range.setEnd(node, to - start);
    start = end;
  }
  return range;
}
