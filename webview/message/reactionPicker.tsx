// Emoji for a reaction: common ones, and a search by name. It is outside the log's entries, because anything that
// appears among them would be announced.
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { isForInputMethod } from "../base/inputMethod.ts";
import { commonReactions, findEmoji } from "../base/emoji.ts";
import { moveAlong } from "../base/roving.ts";
import { texts } from "../base/texts.ts";

const COLUMNS = 8;
/** Three rows: typing on finds others. */
const SHOWN = 3 * COLUMNS;

type ReactionPickerProps = {
  readonly name: string;
  /** The element of the message that it is placed near; both are in one frame. */
  readonly near: () => Element | null;
  readonly onPick: (emoji: string) => void;
  /** Whether the focus returns to the message, or has moved elsewhere already. */
  readonly onClose: (focus: "back" | "gone") => void;
};

export function ReactionPicker({ name, near, onPick, onClose }: ReactionPickerProps) {
  const [typed, setTyped] = useState("");
  const picker = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);

  useLayoutEffect(() => {
    place(picker.current, near());
    input.current?.focus({ preventScroll: true });
  }, []);

  const found: readonly { readonly text: string; readonly name?: string }[] =
    typed.trim() === ""
      ? commonReactions.map((text) => ({ text }))
      : findEmoji(typed.trim().replaceAll(":", ""), SHOWN);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isForInputMethod(event)) return;
    if (handled(event)) event.preventDefault();
    event.stopPropagation();
  };
  const handled = ({ key, target }: KeyboardEvent): boolean => {
    const [first] = found;
    const inInput = target === input.current;
    if (key === "Escape") onClose("back");
    else if (inInput && key === "Enter" && first !== undefined) onPick(first.text);
    else if (inInput && key === "ArrowDown") picker.current?.querySelector("button")?.focus();
    else if (key === "ArrowUp" && inFirstRow(target)) input.current?.focus();
    else return !inInput && picker.current !== null && moveAlong(picker.current, key, COLUMNS);
    return true;
  };
  const inFirstRow = (target: EventTarget | null) => {
    const buttons = [...(picker.current?.querySelectorAll("button") ?? [])];
    const at = buttons.findIndex((button) => button === target);
    return at >= 0 && at < COLUMNS;
  };
  return (
    <div
      class="picker"
      role="dialog"
      aria-label={name}
      ref={picker}
      onKeyDown={onKeyDown}
      onFocusOut={({ relatedTarget }) => {
        const inside = relatedTarget instanceof Node && picker.current?.contains(relatedTarget) === true;
        if (!inside && document.hasFocus()) onClose("gone");
      }}
    >
      <input
        ref={input}
        class="field"
        type="text"
        aria-label={texts.findEmoji}
        placeholder={texts.findEmoji}
        autocomplete="off"
        value={typed}
        onInput={(event) => setTyped(event.currentTarget.value)}
      />
      <div class="emojis">
        {found.map(({ text, name: called }, at) => (
          <button
            key={text}
            class="quiet emoji"
            type="button"
            title={called === undefined ? undefined : `:${called}:`}
            tabIndex={at === 0 ? 0 : -1}
            onClick={() => onPick(text)}
          >
            {text}
          </button>
        ))}
      </div>
      <p class="none" aria-live="polite">
        {found.length === 0 ? texts.noEmoji : ""}
      </p>
    </div>
  );
}

/** Above the message if there is room, otherwise over it, always within the frame. */
function place(picker: HTMLElement | null, near: Element | null): void {
  const frame = picker?.offsetParent;
  if (picker === null || near === null || frame === null || frame === undefined) return;
  const edge = frame.getBoundingClientRect();
  const box = near.getBoundingClientRect();
  const above = box.top - edge.top - picker.offsetHeight - 4;
  const highest = Math.max(4, frame.clientHeight - picker.offsetHeight - 4);
  const below = box.bottom - edge.top + 4;
  picker.style.top = `${String(Math.min(highest, above >= 4 ? above : Math.max(4, below)))}px`;
}
