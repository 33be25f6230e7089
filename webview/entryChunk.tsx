// A chunk of entries, rendered once and again only when it changes: the work for a new message stays the same however
// long the log is. Rendered by the log.
import { Component } from "preact";
import type { Entry, SessionView } from "../protocol/webview.ts";
import { authorClass } from "./authorClass.ts";
import type { Chunk } from "./chunks.ts";
import { opensDay, opensGroup } from "./grouping.ts";
import { dayText, timeText } from "./timeText.ts";
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
        <Notice entry={entry} />
      ) : (
        <Message entry={entry} opens={opensGroup(entry, previous)} mark={mark} />
      )}
    </div>
  );
}

type MessageProps = {
  readonly entry: Extract<Entry, { kind: "message" }>;
  readonly opens: boolean;
  readonly mark: SessionView["mark"] | undefined;
};

function Message({ entry, opens, mark }: MessageProps) {
  const side = entry.own ? "own" : authorClass(entry.from);
  return (
    <div class={`message ${side} ${opens ? "opens" : ""}`}>
      {entry.own || !opens ? null : (
        <span class="avatar" aria-hidden="true">
          {Array.from(entry.from).slice(0, 1).join("").toUpperCase()}
        </span>
      )}
      <div class="head">
        <bdi class="author">{entry.from}</bdi> <Time at={entry.at} />
      </div>
      <div class="line">
        {mark === undefined ? null : <span class="mark">{mark}</span>}
        <div class="text" dir="auto">
          {visibleText(entry.text)}
        </div>
      </div>
    </div>
  );
}

function Notice({ entry }: { readonly entry: Extract<Entry, { kind: "notice" }> }) {
  if (entry.level === "output") {
    return (
      <pre class="output" tabIndex={0} dir="auto">
        {visibleText(entry.text)}
      </pre>
    );
  }
  return (
    <div class={`notice ${entry.level}`}>
      <span class="text" dir="auto">
        {visibleText(entry.text)}
      </span>{" "}
      <Time at={entry.at} />
    </div>
  );
}

function Time({ at }: { readonly at: number }) {
  return <time dateTime={new Date(at).toISOString()}>{timeText(at)}</time>;
}
