// Which message of a log is under the pointer and which has the focus: those show what can be done with them.
import type { RefObject } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";

type Acting = {
  readonly hovered: number | null;
  readonly focused: number | null;
  /** To be put on the log. */
  readonly handlers: {
    readonly onPointerOver: (event: PointerEvent) => void;
    readonly onPointerLeave: () => void;
    readonly onFocusIn: (event: FocusEvent) => void;
    readonly onFocusOut: (event: FocusEvent) => void;
  };
};

export function useActing(log: RefObject<HTMLElement | null>): Acting {
  const [hovered, setHovered] = useState<number | null>(null);
  const [focused, setFocused] = useState<number | null>(null);

  // What had the focus may be gone with a change from elsewhere; its message, or the log, has it then.
  useLayoutEffect(() => {
    if (focused === null || document.activeElement !== document.body) return;
    const message = log.current?.querySelector<HTMLElement>(`[data-index="${String(focused)}"] > .message`);
    (message ?? log.current)?.focus({ preventScroll: true });
  });

  const handlers = {
    // A finger points at nothing before it touches, which gives the focus; who selects text is not to be disturbed.
    onPointerOver: ({ pointerType, buttons, target }: PointerEvent) => {
      if (pointerType === "mouse" && buttons === 0) setHovered(indexOf(target));
    },
    onPointerLeave: () => setHovered(null),
    onFocusIn: ({ target }: FocusEvent) => setFocused(indexOf(target)),
    onFocusOut: ({ target, relatedTarget }: FocusEvent) => {
      const left = (to: Node | null) => {
        if (log.current?.contains(to) !== true) setFocused(null);
      };
      if (relatedTarget instanceof Node) {
        left(relatedTarget);
        return;
      }
      // It went nowhere: as with a click beside everything, or because it was removed, after which it comes back.
      queueMicrotask(() => {
        if (target instanceof Node && target.isConnected) left(document.activeElement);
      });
    },
  };
  return { hovered, focused, handlers };
}

function indexOf(target: EventTarget | null): number | null {
  const entry = target instanceof Element ? target.closest<HTMLElement>("[data-index]") : null;
  return entry === null ? null : Number(entry.dataset["index"]);
}
