// Syncs a log's scroll position with the store, and tracks what has arrived since its reader left the end.
import type { RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { SessionView } from "../../protocol/webview.ts";
import { LogScroll } from "./logScroll.ts";
import type { PanelStore } from "../store/panelStore.ts";

type Options = {
  readonly store: PanelStore;
  readonly session: SessionView;
  readonly scroller: RefObject<HTMLElement | null>;
  readonly content: RefObject<HTMLElement | null>;
  /** Set while the log is shown. */
  readonly scroll: RefObject<LogScroll | null>;
};

/** Returns the index that came next when the reader left the end; null while they are there. */
export function useLogScroll({ store, session, scroller, content, scroll }: Options): number | null {
  const { number } = session;
  const end = useRef(0);
  end.current = session.end;
  /** The index that came next when the log was held at its end. */
  const kept = useRef<number | null>(null);
  const [seen, setSeen] = useState<number | null>(() =>
    store.position(number) === "end" ? null : firstUnseen(session),
  );
  useLayoutEffect(() => {
    if (scroller.current === null || content.current === null) return;
    const current = new LogScroll(scroller.current, content.current, store.position(number), {
      onMove: (position) => {
        store.setPosition(number, position);
        const from = kept.current ?? end.current;
        kept.current = null;
        setSeen((before) => (position === "end" ? null : (before ?? from)));
      },
      onKeep: (isKept) => (kept.current = isKept ? end.current : null),
      onNearStart: () => store.askOlder(number),
    });
    scroll.current = current;
    return () => {
      scroll.current = null;
      current.dispose();
    };
  }, []);
  return seen;
}

/** The index where unseen entries begin, or will. */
function firstUnseen({ unread, newFrom, end }: SessionView): number {
  return unread > 0 ? (newFrom ?? end) : end;
}
