// Keeps a log at its reader's position: at the end while they are there, otherwise at the entry they look at, whatever
// is added or resized above or below. While something holds the log, it does not follow its end; afterwards it does
// again. The log component owns one instance while it is shown.
import { LogHold } from "./logHold.ts";
import type { LogPosition } from "../store/logPosition.ts";

/** Pixels from the end that still count as the end, because of fractions of a pixel at some zoom levels. */
const END_TOLERANCE = 12;

type Callbacks = {
  onMove(position: LogPosition): void;
  /** Whether new entries will be below the visible part, although the reader is at the end. */
  onKeep(kept: boolean): void;
  /** The reader is close to the first entry. */
  onNearStart(): void;
};

export class LogScroll {
  readonly #scroller: HTMLElement;
  readonly #callbacks: Callbacks;
  readonly #observer: ResizeObserver;
  readonly #listening = new AbortController();
  readonly #hold: LogHold;
  #position: LogPosition;
  /** The position of a log that is held at its end. */
  #kept: LogPosition | null = null;
  /** The reader left the end only because the log was held. */
  #returns = false;
  /** Where this class left the scroller: a scroll event with this position was caused here. */
  #settledTop = 0;
  /** The heights of the scroller and its content at that moment. */
  #settledSize = "";
  /** The reader has done something that scrolls since the last scroll event. */
  #touched = false;

  /** `content` is the scroller's only child; its entries have `data-index`. */
  constructor(scroller: HTMLElement, content: HTMLElement, position: LogPosition, callbacks: Callbacks) {
    this.#scroller = scroller;
    this.#callbacks = callbacks;
    this.#position = position;
    this.#hold = new LogHold(scroller, (held) => (held ? this.#keep() : this.#letGo()));
    this.#anchor();
    this.#observer = new ResizeObserver(() => this.#resized());
    this.#observer.observe(scroller);
    this.#observer.observe(content);
    const options = { passive: true, signal: this.#listening.signal } as const;
    scroller.addEventListener("scroll", () => this.#scrolled(), options);
    for (const input of ["wheel", "touchmove", "pointerdown", "keydown"]) {
      scroller.addEventListener(input, () => (this.#touched = true), options);
    }
    this.#settle();
  }

  toEnd(): void {
    this.#move("end");
    this.#settle();
  }

  /** Scrolls an entry into view, with room above it. Returns its element, or null if it is not held. */
  toEntry(index: number): HTMLElement | null {
    const scroller = this.#scroller;
    const entry = scroller.querySelector<HTMLElement>(`[data-index="${String(index)}"]`);
    if (entry === null) return null;
    const room = Math.max(0, (scroller.clientHeight - entry.offsetHeight) / 3);
    this.#move({ index, offset: room });
    this.#settle();
    // Near either end there is less room: the reader is where the log can scroll to.
    this.#move(this.#isAtEnd() ? "end" : { index, offset: this.#offset(entry) });
    return entry;
  }

  /** Scrolls a part of an entry into view, in pixels below the entry's beginning. */
  toPart(index: number, { top, height }: { readonly top: number; readonly height: number }): void {
    const scroller = this.#scroller;
    const entry = scroller.querySelector<HTMLElement>(`[data-index="${String(index)}"]`);
    if (entry === null) return;
    const offset = this.#offset(entry) + top;
    if (offset >= 0 && offset + height <= scroller.clientHeight) return;
    this.#move({ index, offset: (scroller.clientHeight - height) / 2 - top });
    this.#settle();
    this.#move(this.#isAtEnd() ? "end" : { index, offset: this.#offset(entry) });
  }

  /** Leaves the end, and keeps the entries that are visible now. */
  stay(): void {
    if (this.#position === "end") this.#move(this.#firstVisible());
  }

  /** Scrolls by pages; negative towards older entries. */
  byPages(pages: number): void {
    this.#scroller.scrollTop += pages * this.#scroller.clientHeight * 0.9;
  }

  dispose(): void {
    this.#observer.disconnect();
    this.#hold.dispose();
    this.#listening.abort();
  }

  /** Keeps what is visible now, although the end moves away. */
  #keep(): void {
    if (this.#position !== "end" || this.#returns) return;
    this.#kept = this.#firstVisible();
    this.#callbacks.onKeep(true);
    this.#anchor();
  }

  #letGo(): void {
    this.#callbacks.onKeep(false);
    this.#kept = null;
    if (this.#returns) this.toEnd();
    else this.#anchor();
  }

  #settle(): void {
    const scroller = this.#scroller;
    const position = this.#kept ?? this.#position;
    if (position === "end") {
      scroller.scrollTop = scroller.scrollHeight;
    } else {
      const entry = scroller.querySelector(`[data-index="${String(position.index)}"]`);
      if (entry !== null) {
        const drift = this.#offset(entry) - position.offset;
        if (Math.abs(drift) >= 1) scroller.scrollTop += drift;
      }
    }
    this.#settledTop = scroller.scrollTop;
    this.#settledSize = this.#size();
    this.#askAtStart();
  }

  #size(): string {
    const { clientHeight, scrollHeight } = this.#scroller;
    return `${clientHeight} ${scrollHeight}`;
  }

  /** With more room, or less content, the end may come into view by itself. */
  #resized(): void {
    this.#hold.look();
    this.#settle();
    if (this.#kept !== null && !this.#isAtEnd()) {
      this.#move(this.#kept);
      this.#returns = true;
    }
    if (this.#position !== "end" && this.#isAtEnd()) this.#move("end");
  }

  #scrolled(): void {
    const scroller = this.#scroller;
    const top = scroller.scrollTop;
    const touched = this.#touched;
    this.#touched = false;
    if (Math.abs(top - this.#settledTop) < 1) return;
    // A log at its end that gets more room is scrolled by the browser, not by its reader.
    if (this.#position === "end" && !touched && this.#size() !== this.#settledSize) return this.#settle();
    const movedDown = top > this.#settledTop;
    this.#settledTop = top;
    // Only scrolling up leaves the end: being further down means that something was added in the meantime.
    if (this.#position === "end" && movedDown) return;
    this.#move(this.#isAtEnd() ? "end" : this.#firstVisible());
    if (this.#hold.held) this.#keep();
    this.#askAtStart();
  }

  #isAtEnd(): boolean {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    return scrollHeight - scrollTop - clientHeight <= END_TOLERANCE;
  }

  #move(position: LogPosition): void {
    this.#position = position;
    this.#kept = null;
    this.#returns = false;
    this.#anchor();
    this.#callbacks.onMove(position);
  }

  /**
   * The browser's own scroll anchoring keeps an entry in place even while it scrolls by itself. At the end it is
   * disabled: when entries above are dropped, its adjustment would look like a reader scrolling up.
   */
  #anchor(): void {
    this.#scroller.style.overflowAnchor = this.#position === "end" && this.#kept === null ? "none" : "auto";
  }

  #askAtStart(): void {
    if (this.#scroller.scrollTop < this.#scroller.clientHeight * 1.5) this.#callbacks.onNearStart();
  }

  #firstVisible(): LogPosition {
    for (const chunk of this.#scroller.querySelectorAll("[data-chunk]")) {
      if (this.#offset(chunk) + chunk.clientHeight <= 0) continue;
      for (const entry of chunk.querySelectorAll<HTMLElement>("[data-index]")) {
        const offset = this.#offset(entry);
        if (offset + entry.offsetHeight > 0) return { index: Number(entry.dataset["index"]), offset };
      }
    }
    return "end";
  }

  #offset(element: Element): number {
    return element.getBoundingClientRect().top - this.#scroller.getBoundingClientRect().top;
  }
}
