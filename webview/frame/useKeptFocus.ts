// Keeps the keyboard focus somewhere useful: when a focused element is removed, the browser moves the focus to nothing,
// where no key works.
import { useEffect } from "preact/hooks";

type Held = { readonly element: Element; readonly log: HTMLElement | null };

/** @param onLost called when nothing has the focus, and the log that had it, if any, is gone as well */
export function useKeptFocus(onLost: () => void): void {
  useEffect(() => {
    const listening = new AbortController();
    // Before the handlers of components: their changes are rendered before the next one is called.
    const options = { capture: true, signal: listening.signal };
    let held: Held | null = null;
    const rescue = () => {
      if (held === null || held.element.isConnected) return;
      // In another window, or in an editor, the user is not interrupted. The focus is restored when they return.
      if (!document.hasFocus() || document.activeElement !== document.body) return;
      const { log } = held;
      held = null;
      // A reader stays in the log.
      if (log?.isConnected === true) log.focus({ preventScroll: true });
      else onLost();
    };
    const onFocusIn = ({ target }: FocusEvent) => {
      if (!(target instanceof Element)) return;
      const log = target.closest(".log-frame")?.querySelector<HTMLElement>(".log") ?? null;
      held = { element: target, log };
    };
    const onFocusOut = ({ target, relatedTarget }: FocusEvent) => {
      if (relatedTarget !== null) {
        // The focus is moving there; the element that it leaves may disappear at once.
        held = null;
        return;
      }
      queueMicrotask(() => {
        // A click on empty space is a deliberate choice.
        const wanted = target instanceof Node && target.isConnected && document.hasFocus();
        if (wanted && document.activeElement === document.body) held = null;
      });
    };
    document.addEventListener("focusin", onFocusIn, options);
    document.addEventListener("focusout", onFocusOut, options);
    window.addEventListener("focus", rescue, options);
    const observer = new MutationObserver(rescue);
    observer.observe(document.body, { childList: true, subtree: true });
    return () => {
      listening.abort();
      observer.disconnect();
    };
  }, []);
}
