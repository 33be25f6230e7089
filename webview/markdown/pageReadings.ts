// The time budget for parsing that all messages of the page share.
import { whenIdle } from "../base/whenIdle.ts";
import { Readings } from "./readings.ts";
import type { Rich } from "./rich.ts";
import { knownText, richText } from "./richText.ts";

/** Estimated milliseconds per element until it is on the screen. */
const ELEMENT_MS = 0.02;

export const readings = new Readings<readonly Rich[]>({
  now: () => performance.now(),
  whenIdle,
  after: (ms, act) => setTimeout(act, ms),
  known: knownText,
  read: richText,
  showMs: (rich) => elementsIn(rich) * ELEMENT_MS,
});

function elementsIn(nodes: readonly Rich[]): number {
  return nodes.reduce<number>((sum, node) => {
    if (typeof node === "string") return sum;
    return sum + 1 + (node.kind === "code" ? node.colours.length : elementsIn(node.children));
  }, 0);
}
