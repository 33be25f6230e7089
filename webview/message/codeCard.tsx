// The card of a message with lines of code: where they are from, the code, and where they are in the reader's own files.
import * as l10n from "@vscode/l10n";
import { useContext, useEffect, useMemo, useRef } from "preact/hooks";
import { lineLabel } from "../../protocol/codeText.ts";
import type { CodeMatch } from "../../protocol/webview.ts";
import { FileIcon, SeverityIcon } from "../base/icons.tsx";
import { Place } from "../base/place.tsx";
import { filled } from "../base/richL10n.tsx";
import { cardTexts } from "../base/cardTexts.ts";
import { visibleText } from "../base/visibleText.ts";
import { codeBlocks, type CodeCard as Card } from "../markdown/card.ts";
import { CodeActions } from "../markdown/codeActions.tsx";
import { CodeLines } from "../markdown/codeLines.tsx";
import { Reached } from "../markdown/textContext.ts";
import { type Fold, FoldButton, shownOf } from "./fold.tsx";
import type { LogContext } from "./logContext.ts";

type CodeCardProps = {
  readonly context: LogContext;
  readonly card: Card;
  /** The message's text. */
  readonly text: string;
  /** Null for a message in flight, of which the host knows no lines yet. */
  readonly index: number | null;
  readonly id: string | undefined;
  readonly fold: Fold | null;
  /** Starts a reply to a line of the code, counted from 1. */
  readonly onReplyToLine?: ((line: number) => void) | undefined;
};

export function CodeCard({ context, card, text, index, id, fold, onReplyToLine }: CodeCardProps) {
  const reached = useContext(Reached);
  const { part, heading, code } = card;
  const { path, range } = part;
  const element = useRef<HTMLDivElement>(null);
  useSeen(context, element, index, text);
  const open = fold?.open !== false;
  const pieces = useMemo(() => codeBlocks(card, open), [text, open]);
  const statusId = id === undefined ? undefined : `${id}-match`;
  const act = (action: "open" | "compare") => () => {
    if (index !== null) context.store.send({ type: "code", action, session: context.number, index });
  };
  return (
    <div
      ref={element}
      class="card"
      role="group"
      id={id === undefined ? undefined : `${id}-card`}
      aria-label={l10n.t("Code {0}", cardTexts.placeName(path, range))}
      aria-describedby={statusId}
    >
      <div class="code-head">
        <FileIcon />
        <span class="found-in">
          <Place path={path} range={range} />
        </span>
        {part.unsaved === true ? <span class="unsaved">{cardTexts.unsaved}</span> : null}
        <CodeActions code={code} names={cardTexts.actions} />
      </div>
      {heading === "" ? null : (
        <div class="heading">
          {part.kind === "problem" ? (
            <SeverityIcon severity={part.severity} name={cardTexts.severity[part.severity]} />
          ) : null}
          <span class="found-in" dir="auto">
            {visibleText(shownOf(fold, heading))}
          </span>
        </div>
      )}
      <CodeLines pieces={pieces} from={range.from} onReply={onReplyToLine} />
      {fold === null ? null : (
        <FoldButton
          fold={fold}
          more={cardTexts.showLines(code.split("\n").length)}
          controls={id === undefined ? undefined : `${id}-card`}
          reached={reached}
        />
      )}
      {index === null ? null : (
        <div class="card-foot">
          {/* Screen readers read it with the card, not while scrolling past. */}
          <span class="match" role="status" aria-live="off" id={statusId}>
            <Match match={context.store.matches.of(context.number, index, text)} card={card} />
          </span>
          <button class="link" type="button" tabIndex={reached ? 0 : -1} onClick={act("open")}>
            {cardTexts.open}
          </button>
          <button class="link" type="button" tabIndex={reached ? 0 : -1} onClick={act("compare")}>
            {cardTexts.compare}
          </button>
        </div>
      )}
    </div>
  );
}

/** The reader's own place is shown wherever it is not the author's. */
function Match({ match, card }: { readonly match: CodeMatch | undefined; readonly card: Card }) {
  if (match === undefined) return null;
  const { state, place } = match;
  const { path, range } = card.part;
  const isThere = place !== undefined && lineLabel(place.path, place.range) !== lineLabel(path, range);
  const says = cardTexts.match[state];
  return (
    <span class="state" data-match={state} title={says.why}>
      {isThere ? filled(says.at, <Place path={place.path} range={place.range} />) : says.plain}
    </span>
  );
}

/** Asks for the card's lines while it is in view. */
function useSeen(
  { store, number }: LogContext,
  element: { readonly current: Element | null },
  index: number | null,
  text: string,
): void {
  useEffect(() => {
    const { current } = element;
    if (current === null || index === null) return;
    const observer = new IntersectionObserver((changes) => {
      if (changes.at(-1)?.isIntersecting === true) store.matches.see(number, index, text);
      else store.matches.leave(number, index);
    });
    observer.observe(current);
    return () => {
      observer.disconnect();
      store.matches.leave(number, index);
    };
  }, [store, number, index, text]);
}
