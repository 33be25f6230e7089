// A chunk of entries, rendered once and again only when it changes: the work for a new message stays the same however
// long the log is. Rendered by the log.
import { Component } from "preact";
import type { Entry, SessionView } from "../protocol/webview.ts";
import type { Chunk } from "./chunks.ts";
import { opensDay, opensGroup } from "./grouping.ts";
import { MessageView, Time } from "./messageView.tsx";
import { dayText } from "./timeText.ts";
import { visibleText } from "./visibleText.ts";

type ChunkProps = {
  readonly chunk: Chunk;
  /** The entry before the chunk's first; undefined where the log begins. */
  readonly previous: Entry | undefined;
  readonly mark: SessionView["mark"] | undefined;
};

export class EntryChunk extends Component<ChunkProps> {
  override shouldComponentUpdate(next: ChunkProps): boolean {
    const { chunk, previous, mark } = this.props;
    return next.chunk !== chunk || next.previous !== previous || next.mark !== mark;
  }

  override render({ chunk, previous, mark }: ChunkProps) {
    return (
      <div class="chunk" data-chunk={chunk.index}>
        {chunk.entries.map((entry, at) => (
          <EntryView
            key={chunk.index + at}
            index={chunk.index + at}
            entry={entry}
            previous={at === 0 ? previous : chunk.entries[at - 1]}
            mark={mark}
          />
        ))}
      </div>
    );
  }
}

type EntryProps = {
  readonly index: number;
  readonly entry: Entry;
  readonly previous: Entry | undefined;
  readonly mark: SessionView["mark"] | undefined;
};

function EntryView({ index, entry, previous, mark }: EntryProps) {
  return (
    <div class="entry" data-index={index}>
      {opensDay(entry, previous) ? (
        <div class="day">
          <span>{dayText(entry.at)}</span>
        </div>
      ) : null}
      {entry.kind === "notice" ? (
        <Notice entry={entry} apart={previous?.kind === "message"} />
      ) : (
        <MessageView entry={entry} opens={opensGroup(entry, previous)} mark={mark} />
      )}
    </div>
  );
}

type NoticeProps = {
  readonly entry: Extract<Entry, { kind: "notice" }>;
  /** Whether it follows a message, from which it keeps its distance. */
  readonly apart: boolean;
};

function Notice({ entry, apart }: NoticeProps) {
  if (entry.level === "output") {
    return (
      <pre class="output" tabIndex={0} dir="auto">
        {visibleText(entry.text)}
      </pre>
    );
  }
  return (
    <div class={`notice ${entry.level} ${apart ? "apart" : ""}`}>
      <span class="text" dir="auto">
        {visibleText(entry.text)}
      </span>{" "}
      <Time at={entry.at} />
    </div>
  );
}
