// The folding of a long text: whether it is shown in full, and the button for that.
import { useLayoutEffect, useRef } from "preact/hooks";
import type { LogContext } from "./logContext.ts";
import type { MessageContent } from "../../protocol/messageContent.ts";
import { beginningOf } from "../base/longText.ts";
import { isFolded } from "../markdown/card.ts";
import { texts } from "../base/texts.ts";
import type { FoldKey } from "../store/unfolded.ts";

export type Fold = { readonly open: boolean; readonly set: (open: boolean) => void };

/** Null for what is short enough to be shown in full anyway. */
export function foldOf(context: LogContext, key: FoldKey, content: MessageContent): Fold | null {
  if (!isFolded(content)) return null;
  const { store, number } = context;
  return {
    open: store.unfolded.has(number, key),
    set: (open) => {
      // A reader who unfolds a text reads it from where they are.
      context.onUnfold();
      store.unfolded.set(number, key, open);
    },
  };
}

/** The class of a folded text. */
export function foldClass(fold: Fold | null): string {
  return fold === null ? "" : fold.open ? "unfolded" : "folded";
}

/** The visible part of a text: rendering the rest of a folded one would waste time. */
export function shownOf(fold: Fold | null, text: string): string {
  return fold === null || fold.open ? text : beginningOf(text);
}

/** Unfolds the text that hides the element with the focus. */
export function unfoldFor(fold: Fold | null, { currentTarget, target }: FocusEvent): void {
  if (fold === null || fold.open || !(currentTarget instanceof Element) || !(target instanceof Element))
    return;
  if (target.getBoundingClientRect().bottom > currentTarget.getBoundingClientRect().bottom) fold.set(true);
}

type FoldButtonProps = {
  readonly fold: Fold;
  /** The id of the text. */
  readonly controls?: string | undefined;
  readonly reached: boolean;
  /** What unfolds it. */
  readonly more?: string;
};

export function FoldButton({ fold, controls, reached, more = texts.showAll }: FoldButtonProps) {
  const { open } = fold;
  const button = useRef<HTMLButtonElement>(null);
  const wasOpen = useRef(open);
  // The reader may have been far below what is left of it.
  useLayoutEffect(() => {
    if (wasOpen.current && !open) button.current?.scrollIntoView({ block: "nearest" });
    wasOpen.current = open;
  }, [open]);
  return (
    <button
      ref={button}
      class="link fold"
      type="button"
      aria-expanded={open}
      aria-controls={controls}
      tabIndex={reached ? 0 : -1}
      onClick={() => fold.set(!open)}
    >
      {open ? texts.showLess : more}
    </button>
  );
}
