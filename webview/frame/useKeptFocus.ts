// Keeps the keyboard's user somewhere: when what had the focus is removed, the browser leaves it at nothing, where no key leads
// anywhere.
import { useEffect } from "preact/hooks";

type Held = { readonly element: Element; readonly log: HTMLElement | null };

/** @param onLost the focus is at nothing, and the log that it was in, if any, is gone as well */
export function useKeptFocus(onLost: () => void): void {
  useEffect(() => {
    const listening = new AbortController();
    // Before the handlers of components: what they change is rendered before the next one is called.
    const options = { capture: true, signal: listening.signal };
    let held: Held | null = null;
    const rescue = () => {
      if (held === null || held.element.isConnected) return;
      // In another window, or in an editor: whoever works there is not called away. It is made good on the way back.
      if (!document.hasFocus() || document.activeElement !== document.body) return;
      const { log } = held;
      held = null;
      // Whoever read goes on reading.
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
        // It is on its way there; what it leaves may go at once.
        held = null;
        return;
      }
      queueMicrotask(() => {
        // A click beside everything: that is where its user wants to be.
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
