// One message: acknowledged, or an own one in flight.
import type { ComponentChildren } from "preact";
import type { MessageEntry, PendingMessage, SessionView } from "../../protocol/webview.ts";
import { authorClass } from "./authorClass.ts";
import { type Fold, FoldButton, foldClass, shownOf, unfoldFor } from "./fold.tsx";
import { MessageText } from "../markdown/messageText.tsx";
import { Reached } from "../markdown/textContext.ts";
import { type Delivery, deliveryTexts, texts } from "../base/texts.ts";
import { timeText } from "../base/timeText.ts";

type MessageProps = {
  readonly entry: MessageEntry;
  /** Whether it has a heading of its own. */
  readonly opens: boolean;
  readonly mark: SessionView["mark"] | undefined;
  /** For an unacknowledged message. */
  readonly status?: PendingMessage["status"];
  /** Shown before the text, on the same line. */
  readonly before?: ComponentChildren;
  /** The id of an acknowledged message, which can be focused. */
  readonly id?: string;
  /** Whether elements in its text are Tab stops. */
  readonly reached?: boolean;
  readonly delivery?: Delivery | null;
  /** For a long text. */
  readonly fold?: Fold | null;
  /** Above the text: the quoted message. */
  readonly quote?: ComponentChildren;
  /** Below it: reactions, delivery, actions. */
  readonly children?: ComponentChildren;
};

export function MessageView(props: MessageProps) {
  const {
    entry,
    opens,
    mark,
    status,
    before,
    id,
    reached = true,
    delivery = null,
    fold = null,
    quote,
    children,
  } = props;
  const side = entry.own ? "own" : authorClass(entry.from);
  const word = delivery === null ? undefined : deliveryTexts[delivery];
  const mentions = entry.mentions === true ? "mentions" : "";
  return (
    <div
      class={`message ${side} ${opens ? "opens" : ""} ${status ?? ""} ${mentions}`}
      {...(id === undefined
        ? {}
        : { role: "article", tabIndex: -1, "aria-labelledby": `${id}-head ${id}-text` })}
      aria-description={word}
    >
      {entry.own || !opens ? null : (
        <span class="avatar" aria-hidden="true">
          {Array.from(entry.from).slice(0, 1).join("").toUpperCase()}
        </span>
      )}
      <div class="head" id={id === undefined ? undefined : `${id}-head`}>
        <bdi class="author">{entry.from}</bdi> <Time at={entry.at} />
        {mentions === "" ? null : <span class="unseen"> {texts.mentionsYou}</span>}
      </div>
      {quote}
      <div
        class={`line ${foldClass(fold)}`}
        title={word}
        id={id === undefined ? undefined : `${id}-text`}
        onFocusIn={(event) => unfoldFor(fold, event)}
      >
        {before}
        {mark === undefined ? null : <span class="mark">{mark}</span>}
        {entry.retracted === true ? (
          <div class="gone">{texts.retracted}</div>
        ) : (
          <Reached.Provider value={reached}>
            <MessageText text={shownOf(fold, entry.text)} />
          </Reached.Provider>
        )}
        {entry.edited === true && entry.retracted !== true ? (
          <span class="edited">{texts.edited}</span>
        ) : null}
      </div>
      {fold === null ? null : (
        <div class="line">
          {mark === undefined ? null : (
            <span class="mark room" aria-hidden="true">
              {mark}
            </span>
          )}
          <FoldButton fold={fold} controls={id === undefined ? undefined : `${id}-text`} reached={reached} />
        </div>
      )}
      {children}
    </div>
  );
}

/** `at` in milliseconds since 1970. */
export function Time({ at }: { readonly at: number }) {
  return <time dateTime={new Date(at).toISOString()}>{timeText(at)}</time>;
}
