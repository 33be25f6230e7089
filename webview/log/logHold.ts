// Detects when a log must not move, whatever arrives: while a mouse button is down in it, something in it is selected,
// or its reader uses a message's buttons.
import { keepSelectionEnd } from "./selectionEnd.ts";

/** Message buttons and pickers that are in use. */
const IN_USE = ".actions:hover, .actions:focus-within, .picker";

export class LogHold {
  readonly #log: HTMLElement;
  readonly #changed: (held: boolean) => void;
  readonly #listening = new AbortController();
  #pressed = false;
  #held = false;

  constructor(log: HTMLElement, changed: (held: boolean) => void) {
    this.#log = log;
    this.#changed = changed;
    const listen = { signal: this.#listening.signal, passive: true };
    const { ownerDocument: page } = log;
    log.addEventListener("pointerdown", (event) => this.#press(event), listen);
    // The end of a press may be missed, for example outside the window.
    for (const end of ["pointerup", "pointercancel", "pointerover"] as const) {
      page.addEventListener(end, ({ type, buttons }) => this.#release(type, buttons), listen);
    }
    keepSelectionEnd(log, listen);
    for (const change of ["selectionchange", "focusin", "focusout"]) {
      page.addEventListener(change, () => this.look(), listen);
    }
  }

  get held(): boolean {
    return this.#held;
  }

  /** Checks again, because elements in use may have disappeared without an event. */
  look(): void {
    const held =
      this.#pressed || this.#isSelected() || this.#log.parentElement?.querySelector(IN_USE) != null;
    if (held === this.#held) return;
    this.#held = held;
    this.#changed(held);
  }

  dispose(): void {
    this.#listening.abort();
  }

  /** Pressing the scroll bar is meant to scroll. */
  #press({ target, offsetX }: PointerEvent): void {
    this.#pressed = target !== this.#log || offsetX < this.#log.clientWidth;
    this.look();
  }

  #release(type: string, buttons: number): void {
    if (type !== "pointerover" || buttons === 0) this.#pressed = false;
    this.look();
  }

  #isSelected(): boolean {
    const selection = this.#log.ownerDocument.getSelection();
    if (selection === null || selection.isCollapsed || selection.rangeCount === 0) return false;
    return selection.getRangeAt(0).intersectsNode(this.#log);
  }
}
