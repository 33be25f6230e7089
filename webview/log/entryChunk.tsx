// A chunk of entries, rendered again only when it changes: a new message costs the same however long the log is, and so
// does hovering over one.
import { Component } from "preact";
import type { Entry } from "../../protocol/webview.ts";
import type { Chunk } from "../store/chunks.ts";
import { EntryView } from "./entryView.tsx";
import { rowAt, sameRows, type Row } from "./folding.ts";
import type { LogContext } from "../message/logContext.ts";

/** Indices of special entries; null, or one outside the chunk, means none. */
export type Marks = {
  readonly hovered: number | null;
  readonly focused: number | null;
  /** A line is shown above the first new entry. */
  readonly newFrom: number | null;
  /** The last own message, which shows its delivery. */
  readonly lastOwn: number | null;
};

type ChunkProps = {
  readonly context: LogContext;
  readonly chunk: Chunk;
  /** The entry before the chunk's first; undefined at the beginning of the log. */
  readonly previous: Entry | undefined;
  readonly rows: readonly Row[];
  readonly marks: Marks;
  /** Own messages up to this number were read; null if that is not reported. */
  readonly readUpTo: number | null;
};

export class EntryChunk extends Component<ChunkProps> {
  override shouldComponentUpdate(next: ChunkProps): boolean {
    const { chunk, previous, context, rows, marks, readUpTo } = this.props;
    return (
      next.chunk !== chunk ||
      next.previous !== previous ||
      next.context !== context ||
      next.readUpTo !== readUpTo ||
      !sameRows(next.rows, rows) ||
      !sameMarks(chunk, next.marks, marks)
    );
  }

  override render({ chunk, previous, context, rows, marks, readUpTo }: ChunkProps) {
    return (
      <div class="chunk" data-chunk={chunk.index}>
        {chunk.entries.map((entry, at) => {
          const index = chunk.index + at;
          const row = rowAt(rows, index);
          // A row is shown where it begins, or where its kept part does.
          const shownAbove = row !== undefined && index > row.first;
          return (
            <EntryView
              key={index}
              context={context}
              index={index}
              entry={entry}
              previous={at === 0 ? previous : chunk.entries[at - 1]}
              row={row === undefined ? null : shownAbove ? "above" : row}
              hovered={marks.hovered === index}
              focused={marks.focused === index}
              isNew={marks.newFrom === index}
              isLastOwn={marks.lastOwn === index}
              readUpTo={entry.kind === "message" && entry.own ? readUpTo : null}
            />
          );
        })}
      </div>
    );
  }
}

function sameMarks(chunk: Chunk, a: Marks, b: Marks): boolean {
  const within = (index: number | null) =>
    index !== null && index >= chunk.index && index < chunk.index + chunk.entries.length ? index : null;
  return (["hovered", "focused", "newFrom", "lastOwn"] as const).every(
    (name) => within(a[name]) === within(b[name]),
  );
}
