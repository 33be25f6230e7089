// Tracks the messages under the pointer and with the focus, which show their actions.
import type { RefObject } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";

type Acting = {
  readonly hovered: number | null;
  readonly focused: number | null;
  /** Handlers for the log's element. */
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

  // An update may have removed the focused element; its message, or the log, gets the focus.
  useLayoutEffect(() => {
    if (focused === null || document.activeElement !== document.body) return;
    const message = log.current?.querySelector<HTMLElement>(`[data-index="${String(focused)}"] > .message`);
    (message ?? log.current)?.focus({ preventScroll: true });
  });

  const handlers = {
    // Touch does not hover before it focuses; and selecting text must not be disturbed.
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
      // Nothing has the focus: after a click on empty space, or because the element was removed, which restores it.
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
