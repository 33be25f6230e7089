// Moving among the messages of a log with the keyboard.
//
// Tab leads to the log as a whole. From there Up goes to the newest message in view, Up and Down to the next ones, Enter to
// what can be done with a message (as Tab does), Escape back to the composer.

const MESSAGES = "[data-index] > .message";

/** Handles a key; false for one that means nothing here, or that the browser scrolls with. */
export function handleLogKey(log: HTMLElement, event: KeyboardEvent, toComposer: () => void): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false;
  const { target, key } = event;
  if (!(target instanceof HTMLElement) || target.matches("input, textarea")) return false;
  const message = target.closest<HTMLElement>(MESSAGES);
  if (key === "Escape") {
    if (message === null || message === target) toComposer();
    else message.focus();
    return true;
  }
  if (key === "Enter" && message !== null && message === target) {
    const action = message.querySelector<HTMLElement>(".actions button");
    action?.focus();
    return action !== null;
  }
  if (key !== "ArrowUp" && key !== "ArrowDown") return false;
  if (message === null) return target === log && enter(log, key);
  if (continues(log, message, key)) return false;
  const all = [...log.querySelectorAll<HTMLElement>(MESSAGES)];
  const next = all[all.indexOf(message) + (key === "ArrowUp" ? -1 : 1)];
  if (next !== undefined) focusMessage(next);
  else if (key === "ArrowDown") toComposer();
  return true;
}

/** Puts the focus on a message, in view; what needs more room than there is shows its beginning. */
export function focusMessage(message: HTMLElement): void {
  message.focus({ preventScroll: true });
  message.scrollIntoView({ block: "nearest" });
}

/** From the log as a whole to the last message in view. */
function enter(log: HTMLElement, key: string): boolean {
  if (key !== "ArrowUp") return false;
  const edge = log.getBoundingClientRect().bottom;
  const all = [...log.querySelectorAll<HTMLElement>(MESSAGES)];
  const last = all.findLast((message) => message.getBoundingClientRect().top < edge - 1);
  if (last !== undefined) focusMessage(last);
  return last !== undefined;
}

/** Whether a message goes on beyond the edge, so that the key has to scroll it first. */
function continues(log: HTMLElement, message: HTMLElement, key: string): boolean {
  const view = log.getBoundingClientRect();
  const box = message.getBoundingClientRect();
  if (box.height <= view.height) return false;
  return key === "ArrowUp" ? box.top < view.top - 1 : box.bottom > view.bottom + 1;
}
