// Reveals an entry as soon as it is loaded: scrolls to it, highlights it for a moment, and focuses it. The same for a line of
// its code.
import type { RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";
import type { SessionNumber } from "../../protocol/webview.ts";
import { isFolded } from "../markdown/card.ts";
import { type Chunks, entryAt } from "../store/chunks.ts";
import type { LogScroll } from "./logScroll.ts";
import type { PanelStore } from "../store/panelStore.ts";
import { revealLine } from "./revealLine.ts";

type Options = {
  readonly store: PanelStore;
  readonly number: SessionNumber;
  readonly chunks: Chunks;
  readonly scroll: RefObject<LogScroll | null>;
  readonly scroller: RefObject<HTMLElement | null>;
};

export function useReveal({ store, number, chunks, scroll, scroller }: Options): void {
  const reveal = store.toReveal.value;
  useLayoutEffect(() => {
    if (reveal?.session !== number || reveal.index < chunks.first || reveal.index >= chunks.end) return;
    const entry = scroll.current?.toEntry(reveal.index) ?? null;
    store.revealed(reveal);
    if (entry === null || !reveal.focus) return;
    const message = entry.querySelector<HTMLElement>(":scope > .message") ?? scroller.current;
    if (document.hasFocus()) message?.focus({ preventScroll: true });
    else window.addEventListener("focus", () => message?.focus({ preventScroll: true }), { once: true });
    const { line, index } = reveal;
    const content = entryAt(chunks, index);
    if (line === undefined || content?.kind !== "message") {
      mark(shownFor(entry));
      return;
    }
    if (isFolded(content)) store.unfolded.set(number, index, true);
    // Once it is unfolded, and has its buttons because it has the focus.
    requestAnimationFrame(() => {
      if (!revealLine(entry, index, line, scroll.current)) mark(entry);
    });
  }, [reveal, chunks]);
}

/** The element to reveal: the entry itself, or the line further up into which it is folded. */
function shownFor(entry: HTMLElement): HTMLElement {
  const all = [...(entry.closest(".log")?.querySelectorAll<HTMLElement>("[data-index]") ?? [])];
  const upTo = all.slice(0, all.indexOf(entry) + 1);
  return upTo.findLast((one) => one.childElementCount > 0) ?? entry;
}

/** The stylesheet makes the highlight fade, or stand still for readers who prefer reduced motion. */
function mark(entry: HTMLElement): void {
  entry.removeAttribute("data-revealed");
  // Restarts an unfinished animation.
  entry.getBoundingClientRect();
  entry.dataset["revealed"] = "";
  entry.addEventListener("animationend", () => entry.removeAttribute("data-revealed"), { once: true });
}
