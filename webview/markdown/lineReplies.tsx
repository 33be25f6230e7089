// Beside each line of a card's code, a button that starts a reply to it. Together they are one Tab stop; arrow keys move
// from line to line. The button at the line under the pointer can be seen.
import { useEffect, useRef } from "preact/hooks";
import { cardTexts } from "../base/cardTexts.ts";
import { ReplyIcon } from "../base/icons.tsx";
import { moveAlong } from "../base/roving.ts";

/** Lines that have a button: more than fit into a message of words. */
const MOST = 1_000;

type LineRepliesProps = {
  /** The number of the first line in its file. */
  readonly from: number;
  readonly count: number;
  /** Whether it is a Tab stop. */
  readonly reached: boolean;
  /** Where the pointer was last seen, from the top of the page. */
  readonly pointer: { readonly current: number };
  /** @param line counted from 1 */
  readonly onReply: (line: number) => void;
};

export function LineReplies({ from, count, reached, pointer, onReply }: LineRepliesProps) {
  const toolbar = useRef<HTMLDivElement>(null);
  useEffect(() => followPointer(toolbar.current, pointer.current), []);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || toolbar.current === null) return;
    if (event.key === "Escape") toolbar.current.closest<HTMLElement>(".message")?.focus();
    else if (!moveAlong(toolbar.current, event.key, 1)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      ref={toolbar}
      class="line-replies"
      role="toolbar"
      aria-label={cardTexts.replyToLines}
      aria-orientation="vertical"
      aria-live="off"
      onKeyDown={onKeyDown}
    >
      {Array.from({ length: Math.min(count, MOST) }, (_, at) => (
        <button
          key={at}
          type="button"
          aria-label={cardTexts.replyToLine(from + at)}
          title={cardTexts.replyToLine(from + at)}
          tabIndex={reached && at === 0 ? 0 : -1}
          onClick={() => onReply(at + 1)}
        >
          <ReplyIcon />
        </button>
      ))}
    </div>
  );
}

/** Marks the button at the line under the pointer, wherever in the line that is. */
function followPointer(toolbar: HTMLElement | null, at: number): (() => void) | undefined {
  const lines = toolbar?.closest<HTMLElement>("pre");
  if (toolbar === null || lines == null) return undefined;
  let near: Element | undefined;
  const point = (next: Element | undefined) => {
    if (next === near) return;
    near?.removeAttribute("data-near");
    next?.setAttribute("data-near", "");
    near = next;
  };
  const pointTo = (y: number) => {
    const { top, height } = toolbar.getBoundingClientRect();
    point(toolbar.children[Math.floor(((y - top) / height) * toolbar.children.length)]);
  };
  const move = ({ clientY, pointerType }: PointerEvent) => {
    if (pointerType === "mouse") pointTo(clientY);
  };
  if (lines.matches(":hover")) pointTo(at);
  const leave = () => point(undefined);
  lines.addEventListener("pointermove", move);
  lines.addEventListener("pointerleave", leave);
  return () => {
    lines.removeEventListener("pointermove", move);
    lines.removeEventListener("pointerleave", leave);
  };
}
