// One entry in its place: the lines above it, and the entry or the folded row. Rendered again only when something in it
// has changed.
import { Component } from "preact";
import type { Entry, MessageEntry } from "../../protocol/webview.ts";
import { DeliveryLine, deliveryOf } from "../message/delivery.tsx";
import { FoldButton, foldClass, foldOf, shownOf } from "../message/fold.tsx";
import type { Row } from "./folding.ts";
import { opensDay, opensGroup } from "./grouping.ts";
import type { LogContext } from "../message/logContext.ts";
import { MessageActions } from "../message/messageActions.tsx";
import { Quote, Reactions } from "../message/messageParts.tsx";
import { MessageView, Time } from "../message/messageView.tsx";
import { NoticeText } from "./noticeText.tsx";
import { PresenceRow } from "./presenceRow.tsx";
import { FOLDED_ROWS, TableRows } from "./table.tsx";
import { texts } from "../base/texts.ts";
import { dayText } from "../base/timeText.ts";
import { visibleText } from "../base/visibleText.ts";

type EntryProps = {
  readonly context: LogContext;
  readonly index: number;
  readonly entry: Entry;
  readonly previous: Entry | undefined;
  /** The row that begins here; `"above"` if the entry is shown in a row that began earlier. */
  readonly row: Row | "above" | null;
  readonly hovered: boolean;
  readonly focused: boolean;
  readonly isNew: boolean;
  readonly isLastOwn: boolean;
  /** Null if no delivery is shown. */
  readonly readUpTo: number | null;
};

/** All except `row`, which is a new object each time. */
const compared = [
  ...(["context", "index", "entry", "previous", "hovered", "focused"] as const),
  ...(["isNew", "isLastOwn", "readUpTo"] as const),
] as const;

export class EntryView extends Component<EntryProps> {
  override shouldComponentUpdate(next: EntryProps): boolean {
    const { props } = this;
    return compared.some((name) => next[name] !== props[name]) || !sameRow(props.row, next.row);
  }

  override render(props: EntryProps) {
    const { index, entry, previous, row, isNew, focused } = props;
    if (row === "above") return <div class="entry" data-index={index} />;
    const apart = previous?.kind === "message";
    return (
      <div class="entry" data-index={index}>
        {opensDay(entry, previous) ? (
          <div class="day">
            <span>{dayText(entry.at)}</span>
          </div>
        ) : null}
        {isNew ? (
          <div class="new-line" role="separator" aria-label={texts.newMessages}>
            <span>{texts.new}</span>
          </div>
        ) : null}
        {row !== null ? (
          <PresenceRow row={row} apart={apart} />
        ) : entry.kind === "notice" ? (
          <Notice context={props.context} index={index} entry={entry} apart={apart} focused={focused} />
        ) : (
          <Message {...props} entry={entry} />
        )}
      </div>
    );
  }
}

function sameRow(a: EntryProps["row"], b: EntryProps["row"]): boolean {
  if (a === null || b === null || a === "above" || b === "above") return a === b;
  return a.entries.length === b.entries.length;
}

function Message(props: EntryProps & { readonly entry: MessageEntry }) {
  const { context, index, entry, previous, hovered, focused, isNew, isLastOwn, readUpTo } = props;
  const delivery = readUpTo === null || entry.retracted === true ? null : deliveryOf(entry.seq, readUpTo);
  const canAct = context.canAct && entry.seq !== undefined && entry.retracted !== true;
  const acts = canAct && (hovered || focused);
  const id = `m${String(index)}`;
  return (
    <MessageView
      entry={entry}
      opens={isNew || opensGroup(entry, previous)}
      mark={context.mark}
      id={id}
      reached={focused}
      delivery={delivery}
      fold={foldOf(context, index, entry)}
      context={context}
      index={index}
      onReplyToLine={
        acts ? (line) => context.store.composer.reply(context.number, index, entry, line) : undefined
      }
      quote={<Quote context={context} entry={entry} reached={focused} id={id} />}
    >
      <Reactions context={context} entry={entry} index={index} reached={focused} />
      {delivery !== null && isLastOwn ? <DeliveryLine delivery={delivery} /> : null}
      {acts ? <MessageActions context={context} index={index} entry={entry} /> : null}
    </MessageView>
  );
}

type NoticeProps = {
  readonly context: LogContext;
  readonly index: number;
  /** Whether it contains the focus. */
  readonly focused: boolean;
  readonly entry: Extract<Entry, { kind: "notice" }>;
  /** Whether it follows a message and needs a margin. */
  readonly apart: boolean;
};

function Notice({ context, index, entry, apart, focused }: NoticeProps) {
  if (entry.level === "output") {
    const fold = foldOf(context, index, entry);
    const id = `m${String(index)}-text`;
    const { table } = entry;
    if (table !== undefined) {
      const most = fold === null || fold.open ? table.rows.length : FOLDED_ROWS;
      return (
        <>
          <div class={`output table-${table.of} ${foldClass(fold)}`} id={id}>
            <TableRows table={table} most={most} />
          </div>
          {fold === null ? null : <FoldButton fold={fold} controls={id} reached={focused} />}
        </>
      );
    }
    return (
      <>
        <pre class={`output ${foldClass(fold)}`} id={id} dir="auto">
          {visibleText(shownOf(fold, entry.text))}
        </pre>
        {fold === null ? null : <FoldButton fold={fold} controls={id} reached={focused} />}
      </>
    );
  }
  return (
    <div class={`notice ${entry.level} ${apart ? "apart" : ""}`}>
      <NoticeText store={context.store} text={entry.text} /> <Time at={entry.at} />
    </div>
  );
}
