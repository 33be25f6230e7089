// Whether the line above new messages is further up than its reader, who has not reached it yet.
import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";

type Options = {
  /** Index of the first new entry; null if there is no line. */
  readonly newFrom: number | null;
  /** Indices of the first existing entry, and of the first that is held. */
  readonly start: number;
  readonly first: number;
  readonly scroller: RefObject<HTMLElement | null>;
};

export function useNewLine({ newFrom, start, first, scroller }: Options): boolean {
  const [reached, setReached] = useState<number | null>(null);
  const [above, setAbove] = useState<number | null>(null);
  const held = newFrom !== null && newFrom >= first;
  useEffect(() => {
    const root = scroller.current;
    const line = root?.querySelector(`[data-index="${String(newFrom)}"] > .new-line`) ?? null;
    if (root === null || line === null) return;
    const observer = new IntersectionObserver(
      ([now]) => {
        if (now === undefined) return;
        // A reader in another window has not seen what is visible here.
        if (now.isIntersecting && document.hasFocus()) setReached(newFrom);
        else if (!now.isIntersecting) setAbove(isAbove(line, root) ? newFrom : null);
      },
      { root },
    );
    observer.observe(line);
    const lookAgain = () => {
      observer.unobserve(line);
      observer.observe(line);
    };
    window.addEventListener("focus", lookAgain);
    return () => {
      observer.disconnect();
      window.removeEventListener("focus", lookAgain);
    };
  }, [newFrom, held]);
  return newFrom !== null && newFrom >= start && reached !== newFrom && (!held || above === newFrom);
}

/** A line in a distant chunk, which is not laid out, has no position of its own. */
function isAbove(line: Element, root: Element): boolean {
  const placed = line.getClientRects().length > 0 ? line : (line.closest("[data-chunk]") ?? line);
  return placed.getBoundingClientRect().bottom <= root.getBoundingClientRect().top;
}
