// Moves the focus among buttons that are one Tab stop.

/**
 * Handles an arrow key, Home or End; returns false for any other key. Up and down move by `columns`, if there are any.
 */
export function moveAlong(container: Element, key: string, columns = 0): boolean {
  const buttons = [...container.querySelectorAll("button")];
  const at = buttons.findIndex((button) => button === document.activeElement);
  const to = target(key, at, buttons.length, columns);
  if (to === null) return false;
  const next = buttons.at(to);
  for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
  next?.focus();
  return true;
}

/** Null if the key moves nothing. Left and right wrap around, up and down stop at the edge. */
function target(key: string, at: number, count: number, columns: number): number | null {
  if (at < 0) return null;
  switch (key) {
    case "ArrowRight":
      return (at + 1) % count;
    case "ArrowLeft":
      return (at - 1 + count) % count;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    case "ArrowDown":
      return columns === 0 ? null : at + columns < count ? at + columns : at;
    case "ArrowUp":
      return columns === 0 ? null : at - columns >= 0 ? at - columns : at;
    default:
      return null;
  }
}
