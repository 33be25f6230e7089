// Enter and Escape act once while they are held. Their repeats would reach whatever gets the focus next, such as the question
// whether to retract a message.
import { useLayoutEffect } from "preact/hooks";

export function useHeldKeys(): void {
  useLayoutEffect(() => {
    const listening = new AbortController();
    const onKeyDown = (event: KeyboardEvent) => {
      const { key, repeat, shiftKey, target } = event;
      if (!repeat || shiftKey || (key !== "Enter" && key !== "Escape")) return;
      // Holding Enter goes from match to match.
      if (target instanceof Element && target.closest("[role=search] input") !== null) return;
      event.preventDefault();
      event.stopPropagation();
    };
    document.addEventListener("keydown", onKeyDown, { capture: true, signal: listening.signal });
    return () => listening.abort();
  }, []);
}
