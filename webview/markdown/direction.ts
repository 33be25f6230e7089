// The direction of a text, by its first letter, as dir="auto" has it: but the browser would look for that letter again with
// each node that comes into the text.
import type { Rich } from "./rich.ts";

const STRONG = /[\p{L}\u200e\u200f]/u;
const RIGHT_TO_LEFT =
  /[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

export type Direction = "ltr" | "rtl";

export function directionOf(nodes: readonly Rich[]): Direction {
  const [letter] = firstLetter(nodes) ?? [];
  return letter !== undefined && RIGHT_TO_LEFT.test(letter) ? "rtl" : "ltr";
}

/** Links are isolated, and code is left to right. */
function firstLetter(nodes: readonly Rich[]): RegExpExecArray | null {
  for (const node of nodes) {
    if (typeof node !== "string" && (node.kind === "link" || node.kind === "code")) continue;
    const found = typeof node === "string" ? STRONG.exec(node) : firstLetter(node.children);
    if (found !== null) return found;
  }
  return null;
}
