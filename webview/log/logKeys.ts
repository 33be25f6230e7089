// Keyboard navigation among the messages of a log.
// Tab reaches the log as a whole. From there, Enter opens the newest visible code, Up goes to the newest visible message,
// Up and Down to the next ones and to folded arrivals, Enter to a message's actions (as Tab does), and Escape back to the
// composer.

const MESSAGES = "[data-index] > .message";
/** Where Up and Down stop: messages, and the buttons of folded arrivals and departures. */
const STOPS = `${MESSAGES}, .row > button`;

/** Handles a key; returns false for one without a meaning here, or one with which the browser scrolls. */
export function handleLogKey(log: HTMLElement, event: KeyboardEvent, toComposer: () => void): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false;
  const { target, key } = event;
  if (!(target instanceof HTMLElement) || target.matches("input, textarea")) return false;
  const stop = target.closest<HTMLElement>(STOPS);
  if (key === "Escape") {
    if (stop === null || stop === target) toComposer();
    else stop.focus();
    return true;
  }
  if (key === "Enter" && stop !== null && stop === target) {
    const action = stop.querySelector<HTMLElement>(".actions button");
    action?.focus();
    return action !== null;
  }
  if (key === "Enter" && target === log) return openCode(newestCode(log));
  // Long lines make a card's code a Tab stop of its own.
  if (key === "Enter" && target.matches("pre")) return openCode(target.closest<HTMLElement>(".card"));
  if (key !== "ArrowUp" && key !== "ArrowDown") return false;
  if (stop === null) return target === log && enter(log, key);
  if (continues(log, stop, key)) return false;
  const all = [...log.querySelectorAll<HTMLElement>(STOPS)];
  const next = all[all.indexOf(stop) + (key === "ArrowUp" ? -1 : 1)];
  if (next !== undefined) focusMessage(next);
  else if (key === "ArrowDown") toComposer();
  return true;
}

/** Focuses a message and scrolls it into view; one that is too tall shows its beginning. */
export function focusMessage(message: HTMLElement): void {
  message.focus({ preventScroll: true });
  message.scrollIntoView({ block: "nearest" });
}

/** From the log as a whole to the last visible message, or without one to the last folded arrivals. */
function enter(log: HTMLElement, key: string): boolean {
  if (key !== "ArrowUp") return false;
  const last = lastVisible(log, MESSAGES) ?? lastVisible(log, STOPS);
  if (last !== undefined) focusMessage(last);
  return last !== undefined;
}

function lastVisible(log: HTMLElement, selector: string): HTMLElement | undefined {
  const edge = log.getBoundingClientRect().bottom;
  const all = [...log.querySelectorAll<HTMLElement>(selector)];
  return all.findLast((stop) => stop.getBoundingClientRect().top < edge - 1);
}

/** The last card whose foot is visible. */
function newestCode(log: HTMLElement): HTMLElement | undefined {
  const view = log.getBoundingClientRect();
  return [...log.querySelectorAll<HTMLElement>(".card")].findLast((card) => {
    const { top, bottom } = (card.querySelector(".card-foot") ?? card).getBoundingClientRect();
    return top < view.bottom - 1 && bottom > view.top + 1;
  });
}

function openCode(card: HTMLElement | null | undefined): boolean {
  const open = card?.querySelector<HTMLElement>(".card-foot button");
  open?.click();
  return open != null;
}

/** Whether a message extends beyond the edge, so that the key has to scroll it first. */
function continues(log: HTMLElement, message: HTMLElement, key: string): boolean {
  const view = log.getBoundingClientRect();
  const box = message.getBoundingClientRect();
  if (box.height <= view.height) return false;
  return key === "ArrowUp" ? box.top < view.top - 1 : box.bottom > view.bottom + 1;
}
