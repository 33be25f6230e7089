// The active session's conversation: its entries in chunks, unacknowledged messages, and the button to the end.
import * as l10n from "@vscode/l10n";
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Entry, SessionView } from "../../protocol/webview.ts";
import { chunksOf, entryAt, messagesFrom, type Chunks } from "../store/chunks.ts";
import { deliveryOfPending, shownDelivery } from "../message/delivery.tsx";
import { EntryChunk, type Marks } from "./entryChunk.tsx";
import { chunkNumber, rowsByChunk, type Row } from "./folding.ts";
import { DownIcon, UpIcon } from "../base/icons.tsx";
import type { LogContext } from "../message/logContext.ts";
import { handleLogKey } from "./logKeys.ts";
import type { LogScroll } from "./logScroll.ts";
import { readings } from "../markdown/pageReadings.ts";
import type { PanelStore } from "../store/panelStore.ts";
import { PendingChange, PendingLine } from "./pending.tsx";
import { asEntry, isLine } from "../store/pendingKind.ts";
import { newTexts } from "./readAhead.ts";
import { ReactionPicker } from "../message/reactionPicker.tsx";
import { texts } from "../base/texts.ts";
import { useActing } from "./useActing.ts";
import { useLogScroll } from "./useLogScroll.ts";
import { useNewLine } from "./useNewLine.ts";
import { useReveal } from "./useReveal.ts";

type LogProps = {
  readonly store: PanelStore;
  readonly session: SessionView;
  /** The user's own name. */
  readonly me: string;
  readonly chunks: Chunks | undefined;
  /** Set while the log is shown. */
  readonly scroll: RefObject<LogScroll | null>;
  /** The reader returns to the composer. */
  readonly onLeave: () => void;
};

const none = chunksOf(0, []);
const noRows: readonly Row[] = [];

/** Must be keyed by the session: a new element is not announced, and has its own scroll position. */
export function Log({ store, session, me, chunks = none, scroll, onLeave }: LogProps) {
  const { number, mark } = session;
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const seen = useLogScroll({ store, session, scroller, content, scroll });
  const { hovered, focused, handlers } = useActing(scroller);
  const [reactingTo, setReactingTo] = useState<number | null>(null);
  useReveal({ store, number, chunks, scroll, scroller });

  const sent = store.composer.sent.value;
  const sentShown = useRef(sent);
  useEffect(() => {
    if (sent !== sentShown.current) scroll.current?.toEnd();
    sentShown.current = sent;
  }, [sent]);

  const read = useRef<Chunks | null>(null);
  useMemo(() => {
    readings.ahead(newTexts(chunks, read.current, (index) => store.unfolded.has(number, index)));
    read.current = chunks;
  }, [chunks]);

  const canAct = session.state === "open" || session.state === "waiting";
  const context = useMemo(
    (): LogContext => ({
      store,
      number,
      me,
      mark,
      canAct,
      onReact: setReactingTo,
      onUnfold: () => scroll.current?.stay(),
    }),
    [store, number, me, mark, canAct],
  );
  const newFrom = session.newFrom ?? null;
  const newIsAbove = useNewLine({ newFrom, start: session.start, first: chunks.first, scroller });
  const rows = useMemo(() => rowsByChunk(chunks.list, newFrom), [chunks, newFrom]);
  const asked = store.older.asked.value.has(number);
  const { list } = chunks;
  const shownBy = shownDelivery(session, list);
  const readUpTo = session.peer === undefined ? null : (session.peer.readUpTo ?? 0);
  const marks: Marks = {
    hovered,
    focused: focused ?? reactingTo,
    newFrom,
    lastOwn: typeof shownBy === "number" ? shownBy : null,
  };
  const lines = session.pending.filter(isLine);
  const before = (at: number): Entry | undefined => {
    const former = lines[at - 1];
    return former === undefined ? list.at(-1)?.entries.at(-1) : asEntry(former, me, chunks);
  };
  const messageAt = (index: number) =>
    scroller.current?.querySelector<HTMLElement>(`[data-index="${String(index)}"] > .message`) ?? null;
  const reacted = reactingTo === null || !canAct ? undefined : entryAt(chunks, reactingTo);
  const reactable = reacted?.kind === "message" && reacted.retracted !== true ? reacted : undefined;
  const stopReacting = (focus: "back" | "gone") => {
    if (focus === "back" && reactingTo !== null) (messageAt(reactingTo) ?? scroller.current)?.focus();
    setReactingTo(null);
  };
  // The message disappeared, or the session ended, while its picker was open.
  useLayoutEffect(() => {
    if (reactingTo === null || reactable !== undefined) return;
    stopReacting(document.activeElement === document.body ? "back" : "gone");
  }, [reactingTo, reactable]);
  const fresh = seen === null ? 0 : messagesFrom(chunks, seen);
  return (
    <div class="log-frame">
      <div
        class="log"
        role="log"
        aria-label={session.name}
        aria-live="polite"
        aria-relevant="additions"
        aria-busy={asked}
        tabIndex={0}
        ref={scroller}
        onKeyDown={(event) => {
          if (!handleLogKey(event.currentTarget, event, onLeave)) return;
          event.preventDefault();
          event.stopPropagation();
        }}
        {...handlers}
      >
        <div class="log-content" ref={content}>
          <div class="log-start">{startText(session, chunks, asked)}</div>
          {list.map((chunk, at) => (
            <EntryChunk
              key={chunkNumber(chunk.index)}
              context={context}
              chunk={chunk}
              previous={list[at - 1]?.entries.at(-1)}
              rows={rows.get(chunkNumber(chunk.index)) ?? noRows}
              marks={marks}
              readUpTo={readUpTo}
            />
          ))}
          {lines.map((message, at) => (
            <PendingLine
              key={message.id}
              store={store}
              session={session}
              message={message}
              context={context}
              entry={asEntry(message, me, chunks)}
              previous={before(at)}
              delivery={deliveryOfPending(session, message)}
              showsDelivery={message.id === shownBy}
            />
          ))}
          {session.pending.map((message) =>
            isLine(message) ? null : (
              <PendingChange key={message.id} store={store} session={session} message={message} />
            ),
          )}
        </div>
      </div>
      {newFrom === null || !newIsAbove ? null : (
        <button class="to-new" type="button" onClick={() => store.reveal(number, newFrom)}>
          <UpIcon />
          <span>{l10n.t("Jump to the first new message")}</span>
        </button>
      )}
      {seen === null ? null : (
        <button
          class="to-end"
          type="button"
          aria-label={fresh === 0 ? l10n.t("Jump to the newest messages") : undefined}
          onClick={() => scroll.current?.toEnd()}
        >
          <DownIcon />
          {fresh === 0 ? null : <span>{texts.fresh(fresh)}</span>}
        </button>
      )}
      {reactingTo === null || reactable === undefined ? null : (
        <ReactionPicker
          key={reactingTo}
          name={texts.react(reactable.from, reactable.own)}
          near={() => messageAt(reactingTo)?.querySelector(".actions") ?? messageAt(reactingTo)}
          onPick={(text) => {
            store.send({ type: "react", session: number, index: reactingTo, text, on: true });
            stopReacting("back");
          }}
          onClose={stopReacting}
        />
      )}
    </div>
  );
}

function startText(session: SessionView, chunks: Chunks, asked: boolean): string | null {
  if (asked) return l10n.t("Loading earlier messages…");
  if (session.start > 0 && chunks.first <= session.start)
    return l10n.t("Earlier messages are no longer kept");
  return null;
}
