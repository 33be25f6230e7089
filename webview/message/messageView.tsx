// One message: acknowledged, or an own one in flight.
import type { ComponentChildren } from "preact";
import type { MessageEntry, PendingMessage, SessionView } from "../../protocol/webview.ts";
import { authorClass } from "./authorClass.ts";
import { ChangesCard } from "./changesCard.tsx";
import { CodeCard } from "./codeCard.tsx";
import { FileCard } from "./fileCard.tsx";
import type { LogContext } from "./logContext.ts";
import { cardOf, isOfFile, offeredFile, sentChanges } from "../markdown/card.ts";
import { isLong } from "../base/longText.ts";
import { type Fold, FoldButton, foldClass, shownOf, unfoldFor } from "./fold.tsx";
import { reactionNames } from "./messageParts.tsx";
import { MessageText } from "../markdown/messageText.tsx";
import { Reached } from "../markdown/textContext.ts";
import { QuoteCard } from "./quoteCard.tsx";
import { type Delivery, deliveryTexts, texts } from "../base/texts.ts";
import { timeText } from "../base/timeText.ts";

type MessageProps = {
  readonly entry: MessageEntry;
  /** Whether it has a heading of its own. */
  readonly opens: boolean;
  readonly mark: SessionView["mark"] | undefined;
  readonly context: LogContext;
  /** Of an acknowledged message. */
  readonly index?: number;
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
  /** Starts a reply to a line of its code, counted from 1. */
  readonly onReplyToLine?: ((line: number) => void) | undefined;
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
    context,
    index = null,
    status,
    before,
    id,
    reached = true,
    delivery = null,
    fold = null,
    onReplyToLine,
    quote,
    children,
  } = props;
  const side = entry.own ? "own" : authorClass(entry.from);
  const word = delivery === null ? undefined : deliveryTexts[delivery];
  const described = [...(word === undefined ? [] : [word]), ...reactionNames(entry)];
  const card = entry.retracted === true ? null : cardOf(entry);
  const file = entry.retracted === true ? null : offeredFile(entry);
  const changes = entry.retracted === true ? null : sentChanges(entry);
  const hasCard = card !== null || file !== null || changes !== null;
  const words = card?.words ?? file?.words ?? changes?.words ?? entry.text;
  const textFold = card === null || isLong(words) ? fold : null;
  const isEdited = entry.edited === true && entry.retracted !== true;
  const hasLine = !hasCard || words !== "" || isEdited || before != null;
  const mentions = entry.mentions === true ? "mentions" : "";
  return (
    <div
      class={`message ${side} ${opens ? "opens" : ""} ${status ?? ""} ${mentions}`}
      {...(id === undefined
        ? {}
        : {
            ...{ role: "article", tabIndex: -1 },
            "aria-labelledby": ["head", "quote", "text", "card"].map((part) => `${id}-${part}`).join(" "),
          })}
      aria-description={described.length === 0 ? undefined : described.join("; ")}
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
      {!hasLine ? null : (
        <div
          class={`line ${foldClass(textFold)}`}
          title={word}
          id={id === undefined ? undefined : `${id}-text`}
          onFocusIn={(event) => unfoldFor(textFold, event)}
        >
          {before}
          {mark === undefined ? null : <span class="mark">{mark}</span>}
          {entry.retracted === true ? (
            <div class="gone">{texts.retracted}</div>
          ) : hasCard && words === "" ? null : (
            <Reached.Provider value={reached}>
              <MessageText text={shownOf(textFold, words)} />
            </Reached.Provider>
          )}
          {isEdited ? <span class="edited">{texts.edited}</span> : null}
        </div>
      )}
      {!hasCard ? (
        fold === null ? null : (
          <div class="line">
            <Room mark={mark} />
            <FoldButton
              fold={fold}
              controls={id === undefined ? undefined : `${id}-text`}
              reached={reached}
            />
          </div>
        )
      ) : (
        <div class="line of-card">
          {hasLine ? <Room mark={mark} /> : mark === undefined ? null : <span class="mark">{mark}</span>}
          <Reached.Provider value={reached}>
            {file !== null ? (
              <FileCard
                {...{ context, index, id }}
                part={file.part}
                kept={entry.kept}
                own={entry.own}
                isCurrent={entry.seq !== undefined}
              />
            ) : changes !== null ? (
              <ChangesCard {...{ context, index, id, entry }} part={changes.part} />
            ) : card === null ? null : isOfFile(card) ? (
              <CodeCard {...{ context, card, index, id, fold, onReplyToLine }} text={entry.text} />
            ) : (
              <QuoteCard card={card} text={entry.text} id={id} fold={fold} />
            )}
          </Reached.Provider>
        </div>
      )}
      {children}
    </div>
  );
}

/** What stands below the text does not stand below its mark. */
function Room({ mark }: Pick<MessageProps, "mark">) {
  return mark === undefined ? null : (
    <span class="mark room" aria-hidden="true">
      {mark}
    </span>
  );
}

/** `at` in milliseconds since 1970. */
export function Time({ at }: { readonly at: number }) {
  return <time dateTime={new Date(at).toISOString()}>{timeText(at)}</time>;
}
