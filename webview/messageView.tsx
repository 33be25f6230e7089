// One message: confirmed, or an own one on its way. Rendered by the log's chunks and for what is pending.
import type { ComponentChildren } from "preact";
import type { Entry, PendingMessage, SessionView } from "../protocol/webview.ts";
import { authorClass } from "./authorClass.ts";
import { timeText } from "./timeText.ts";
import { visibleText } from "./visibleText.ts";

export type MessageEntry = Extract<Entry, { kind: "message" }>;

type MessageProps = {
  readonly entry: MessageEntry;
  /** Whether it stands under a head of its own. */
  readonly opens: boolean;
  readonly mark: SessionView["mark"] | undefined;
  /** Of a message that is not confirmed. */
  readonly status?: PendingMessage["status"];
  /** Before the text, in its line. */
  readonly before?: ComponentChildren;
};

export function MessageView({ entry, opens, mark, status, before }: MessageProps) {
  const side = entry.own ? "own" : authorClass(entry.from);
  return (
    <div class={`message ${side} ${opens ? "opens" : ""} ${status ?? ""}`}>
      {entry.own || !opens ? null : (
        <span class="avatar" aria-hidden="true">
          {Array.from(entry.from).slice(0, 1).join("").toUpperCase()}
        </span>
      )}
      <div class="head">
        <bdi class="author">{entry.from}</bdi> <Time at={entry.at} />
      </div>
      <div class="line">
        {before}
        {mark === undefined ? null : <span class="mark">{mark}</span>}
        <div class="text" dir="auto">
          {visibleText(entry.text)}
        </div>
      </div>
    </div>
  );
}

/** `at` in milliseconds since 1970. */
export function Time({ at }: { readonly at: number }) {
  return <time dateTime={new Date(at).toISOString()}>{timeText(at)}</time>;
}
