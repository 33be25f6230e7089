// Keeps a selection that begins in a log from extending past the last entry that its reader could select; otherwise it
// would include whatever arrives. A browser ends a selected paragraph where the next one begins, and keeps selecting
// under a pressed button that does not move.

/** Active until the signal in `listen` aborts. */
export function keepSelectionEnd(log: HTMLElement, listen: AddEventListenerOptions): void {
  const { ownerDocument: page } = log;
  /** The last entry at the reader's last action: only an action may include a newer entry. */
  let last: Element | undefined;
  const acted = (): void => void (last = [...log.querySelectorAll("[data-index]")].at(-1));
  page.addEventListener("keydown", acted, listen);
  page.addEventListener("pointerdown", acted, listen);
  page.addEventListener("pointermove", ({ buttons }) => (buttons > 0 ? acted() : undefined), listen);
  page.addEventListener(
    "selectionchange",
    () => {
      if (last !== undefined && log.contains(last)) endWithin(last, log);
    },
    listen,
  );
}

/** Moves the end of the selection behind the entry's text if it is further down. */
function endWithin(last: Element, log: HTMLElement): void {
  const { ownerDocument: page } = log;
  const selection = page.getSelection();
  const { anchorNode, anchorOffset = 0, focusNode, focusOffset = 0 } = selection ?? {};
  if (selection == null || selection.isCollapsed || anchorNode == null || focusNode == null) return;
  const entry = page.createRange();
  entry.selectNodeContents(last);
  const reachesOut = entry.comparePoint(focusNode, focusOffset) > 0;
  if (!reachesOut || !log.contains(anchorNode) || entry.comparePoint(anchorNode, anchorOffset) > 0) return;
  entry.selectNodeContents([...last.querySelectorAll(".text, .card pre")].at(-1) ?? last);
  selection.setBaseAndExtent(anchorNode, anchorOffset, entry.endContainer, entry.endOffset);
}
