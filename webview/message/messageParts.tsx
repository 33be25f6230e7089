// The parts around a message's text: the message it replies to, and its reactions.
import type { LogContext } from "./logContext.ts";
import { flatText } from "../markdown/flatText.ts";
import type { MessageEntry } from "../../protocol/webview.ts";
import { cardTexts } from "../base/cardTexts.ts";
import { numberOf } from "../../protocol/codeText.ts";
import { filled } from "../base/richL10n.tsx";
import { listText, texts } from "../base/texts.ts";
import { visibleText } from "../base/visibleText.ts";

/** Names shown for one reaction; the others are counted. */
const NAMED = 10;

type PartProps = {
  readonly context: LogContext;
  readonly entry: MessageEntry;
  /** Whether its buttons are Tab stops: only in the focused message, or Tab could not leave a long log. */
  readonly reached: boolean;
};

type QuoteProps = PartProps & {
  /** Of the message that it belongs to; a message in flight has none. */
  readonly id?: string;
};

/** The beginning of the quoted message, as a link to it while it is kept. */
export function Quote({ context, entry, reached, id: messageId }: QuoteProps) {
  const { reply } = entry;
  if (reply === undefined || entry.retracted === true) return null;
  const { from, text, index, range } = reply;
  const line = entry.part?.kind === "note" && text !== "" ? entry.part.line : undefined;
  const number = line === undefined || range === undefined ? undefined : numberOf(range, line);
  const content = (
    <>
      {filled(texts.inReplyTo, <bdi class="whose">{from}</bdi>).map((part) =>
        typeof part !== "string" || part === "" ? part : <span class="unseen">{part}</span>,
      )}{" "}
      {number === undefined ? null : <span class="at-line">{cardTexts.line(number)} </span>}
      <span class="excerpt" dir="auto">
        {text === "" ? texts.retracted : flatText(visibleText(text))}
      </span>
    </>
  );
  const noted = number === undefined ? "" : "noted";
  const id = messageId === undefined ? undefined : `${messageId}-quote`;
  if (index === undefined) {
    return (
      <div class={`quoted ${noted}`} id={id}>
        {content}
      </div>
    );
  }
  return (
    <button
      id={id}
      class={`quoted ${noted}`}
      type="button"
      tabIndex={reached ? 0 : -1}
      title={number === undefined ? texts.showOriginal : cardTexts.showLine(number)}
      onClick={() =>
        context.store.reveal(context.number, index, true, number === undefined ? undefined : line)
      }
    >
      {content}
    </button>
  );
}

/** Its reactions as they are read out; empty for none. */
export function reactionNames({ reactions = [], retracted }: MessageEntry): readonly string[] {
  return retracted === true ? [] : reactions.map(reactionName);
}

function reactionName({ text, by }: NonNullable<MessageEntry["reactions"]>[number]): string {
  return texts.reaction(text, by.length, listText(by, NAMED));
}

export function Reactions({ context, entry, index, reached }: PartProps & { readonly index: number }) {
  const { reactions } = entry;
  const { store, number, canAct } = context;
  if (reactions === undefined || reactions.length === 0 || entry.retracted === true) return null;
  return (
    <div class="reactions" aria-live="off">
      {reactions.map((reaction) => {
        const { text, by, mine } = reaction;
        return (
          <button
            key={text}
            class="reaction"
            type="button"
            aria-pressed={mine}
            aria-disabled={!canAct}
            aria-label={reactionName(reaction)}
            title={listText(by, NAMED)}
            tabIndex={reached ? 0 : -1}
            onClick={() => {
              if (canAct) store.send({ type: "react", session: number, index, text, on: !mine });
            }}
          >
            <span class="emoji">{text}</span> {by.length}
          </button>
        );
      })}
    </div>
  );
}
