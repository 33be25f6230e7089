// A box whose content may be wider than it is: only then is it a Tab stop, so that arrow keys can scroll it.
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

type ScrolledBoxProps = {
  readonly as: "div" | "pre";
  readonly class?: string;
  readonly dir?: "ltr";
  readonly onPointerMove?: (event: PointerEvent) => void;
  readonly children: ComponentChildren;
};

export function ScrolledBox({ as: Box, children, ...rest }: ScrolledBoxProps) {
  const box = useRef<HTMLElement>(null);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    // Measured when the browser lays out anyway; invisible content is not laid out for it.
    const observer = new ResizeObserver(() => {
      const scrolls =
        element.scrollWidth > element.clientWidth || element.scrollHeight > element.clientHeight;
      if (scrolls) element.tabIndex = 0;
      else element.removeAttribute("tabindex");
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return (
    <Box
      {...rest}
      ref={(element: HTMLElement | null) => {
        box.current = element;
      }}
    >
      {children}
    </Box>
  );
}
