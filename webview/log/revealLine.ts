// Shows a line of a card's code: scrolls to it, highlights it for a moment, and focuses its button if there is one. Returns false if there
// is no such line.
import type { LogScroll } from "./logScroll.ts";

/** @param line counted from 1 */
export function revealLine(
  entry: HTMLElement,
  index: number,
  line: number,
  scroll: LogScroll | null,
): boolean {
  const gutter = entry.querySelector<HTMLElement>(".card .gutter");
  const numbers = gutter?.querySelector<HTMLElement>(".numbers")?.dataset["numbers"];
  const lines = numbers?.split("\n").length ?? 0;
  if (gutter === null || line > lines) return false;
  const { top, height } = gutter.getBoundingClientRect();
  const each = height / lines;
  scroll?.toPart(index, { top: top - entry.getBoundingClientRect().top + each * (line - 1), height: each });
  gutter.style.setProperty("--line", String(line - 1));
  gutter.style.setProperty("--lines", String(lines));
  gutter.dataset["revealed"] = "";
  gutter.addEventListener("animationend", () => gutter.removeAttribute("data-revealed"), { once: true });
  const buttons = [...gutter.querySelectorAll("button")];
  const button = buttons[line - 1];
  if (button !== undefined && document.activeElement === entry.querySelector(":scope > .message")) {
    for (const other of buttons) other.tabIndex = other === button ? 0 : -1;
    button.focus({ preventScroll: true });
  }
  return true;
}
