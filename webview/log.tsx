// The active session's conversation: its entries in chunks, what is not confirmed yet, and the way back to the end.
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Entry, PendingMessage, SessionView } from "../protocol/webview.ts";
import { CHUNK_SIZE, type Chunks } from "./chunks.ts";
import { EntryChunk } from "./entryChunk.tsx";
import { opensGroup } from "./grouping.ts";
import { DownIcon } from "./icons.tsx";
import { LogScroll } from "./logScroll.ts";
import type { MessageEntry } from "./messageView.tsx";
import type { PanelStore } from "./panelStore.ts";
import { Pending } from "./pending.tsx";

type LogProps = {
  readonly store: PanelStore;
  readonly session: SessionView;
  /** One's own name. */
  readonly me: string;
  readonly chunks: Chunks | undefined;
  /** Filled while the log is shown. */
  readonly scroll: RefObject<LogScroll | null>;
};

/** To be keyed by the session: a fresh element is not read aloud, and its scroll position is the session's own. */
export function Log({ store, session, me, chunks, scroll }: LogProps) {
  const { number } = session;
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const end = useRef(0);
  end.current = session.end;
  // The index that comes next when the reader left the end; null while they are there.
  const [seen, setSeen] = useState<number | null>(() =>
    store.position(number) === "end" ? null : session.end,
  );

  useLayoutEffect(() => {
    if (scroller.current === null || content.current === null) return;
    const current = new LogScroll(scroller.current, content.current, store.position(number), {
      onMove: (position) => {
        store.setPosition(number, position);
        setSeen((before) => (position === "end" ? null : (before ?? end.current)));
      },
      onNearStart: () => store.askOlder(number),
    });
    scroll.current = current;
    return () => {
      scroll.current = null;
      current.dispose();
    };
  }, []);

  const submits = store.submits.value;
  const submitsShown = useRef(submits);
  useEffect(() => {
    if (submits !== submitsShown.current) scroll.current?.toEnd();
    submitsShown.current = submits;
  }, [submits]);

  const asked = store.olderAsked.value.has(number);
  const list = chunks?.list ?? [];
  const before = (at: number): Entry | undefined => {
    const former = session.pending[at - 1];
    return former === undefined ? list.at(-1)?.entries.at(-1) : asEntry(former, me);
  };
  const fresh = seen === null ? 0 : Math.max(0, session.end - seen);
  return (
    <div class="log-frame">
      <div
        class="log"
        role="log"
        aria-label={session.name}
        aria-live="polite"
        aria-busy={asked}
        tabIndex={0}
        ref={scroller}
      >
        <div class="log-content" ref={content}>
          <div class="log-start">{startText(session, chunks, asked)}</div>
          {list.map((chunk, at) => (
            <EntryChunk
              key={Math.floor(chunk.index / CHUNK_SIZE)}
              chunk={chunk}
              previous={list[at - 1]?.entries.at(-1)}
              mark={session.mark}
            />
          ))}
          {session.pending.map((message, at) => (
            <Pending
              key={message.id}
              store={store}
              session={session}
              message={message}
              entry={asEntry(message, me)}
              opens={opensGroup(asEntry(message, me), before(at))}
            />
          ))}
        </div>
      </div>
      {seen === null ? null : (
        <button
          class="to-end"
          type="button"
          aria-label={fresh === 0 ? "To the newest messages" : undefined}
          onClick={() => scroll.current?.toEnd()}
        >
          <DownIcon />
          {fresh === 0 ? null : <span>{fresh} new</span>}
        </button>
      )}
    </div>
  );
}

function asEntry({ at, text }: PendingMessage, me: string): MessageEntry {
  return { kind: "message", from: me, own: true, at, text };
}

function startText(session: SessionView, chunks: Chunks | undefined, asked: boolean): string | null {
  if (asked) return "Loading earlier messages…";
  if (session.start > 0 && (chunks?.first ?? 0) <= session.start)
    return "Earlier messages are no longer kept";
  return null;
}
