// The fold of a long text: whether it is shown whole, and the button for that.
import { useLayoutEffect, useRef } from "preact/hooks";
import type { LogContext } from "./logContext.ts";
import { beginningOf, isLong } from "../base/longText.ts";
import { texts } from "../base/texts.ts";
import type { FoldKey } from "../store/unfolded.ts";

export type Fold = { readonly open: boolean; readonly set: (open: boolean) => void };

/** Null for a text that is short enough to be shown whole anyway. */
export function foldOf(context: LogContext, key: FoldKey, text: string): Fold | null {
  if (!isLong(text)) return null;
  const { store, number } = context;
  return {
    open: store.unfolded.has(number, key),
    set: (open) => {
      // Whoever unfolds a text reads it from where they are.
      context.onUnfold();
      store.unfolded.set(number, key, open);
    },
  };
}

/** The class of what is folded. */
export function foldClass(fold: Fold | null): string {
  return fold === null ? "" : fold.open ? "unfolded" : "folded";
}

/** What is shown of a text: the rest of a folded one would cost its readers time for nothing. */
export function shownOf(fold: Fold | null, text: string): string {
  return fold === null || fold.open ? text : beginningOf(text);
}

/** Unfolds what hides the element that has come to the focus. */
export function unfoldFor(fold: Fold | null, { currentTarget, target }: FocusEvent): void {
  if (fold === null || fold.open || !(currentTarget instanceof Element) || !(target instanceof Element))
    return;
  if (target.getBoundingClientRect().bottom > currentTarget.getBoundingClientRect().bottom) fold.set(true);
}

type FoldButtonProps = {
  readonly fold: Fold;
  /** Of the text. */
  readonly controls?: string | undefined;
  readonly reached: boolean;
};

export function FoldButton({ fold, controls, reached }: FoldButtonProps) {
  const { open } = fold;
  const button = useRef<HTMLButtonElement>(null);
  const wasOpen = useRef(open);
  // What was read may be far above what is left of it.
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
      {open ? texts.showLess : texts.showAll}
    </button>
  );
}
