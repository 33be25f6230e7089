// The box in the top middle of a VS Code window: palette, quick pick and input box. Used by vscodeWindow.ts, and by
// tests for what a command asks.
import type { Locator, Page } from "playwright-core";
import { enterArrives } from "./enterArrives.ts";
import { eventually, PATIENCE_MS } from "./eventually.ts";

/** A key that has done nothing for so long was pressed while the box was about to be shown again. */
const AGAIN_MS = 1_000;
/** What has had a key shows no effect of it for as long as this, where all is slow. */
const LATE_MS = 10_000;
/** A box that was closed by Escape fades for a moment. */
const CLOSING_MS = 300;
/** Looks at a box that is not there, before it counts as closed. */
const MOST_GONE = 20;
const LABEL = ".quick-input-list-row:first-child .label-name";

export class QuickInput {
  readonly #page: Page;
  readonly #widget: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.#widget = page.locator(".quick-input-widget");
  }

  async visible(): Promise<boolean> {
    return this.#widget.isVisible();
  }

  /** Waits until a box with this title is open: one whose title or, without one, whose placeholder contains it. */
  async waitFor(title: string, timeout?: number): Promise<void> {
    await eventually(
      `a quick input "${title}"`,
      async () => {
        if (!(await this.visible())) return false;
        return (await this.title()).includes(title) || (await this.placeholder()).includes(title);
      },
      timeout,
    );
  }

  async title(): Promise<string> {
    return (await this.#widget.locator(".quick-input-title").textContent()) ?? "";
  }

  async placeholder(): Promise<string> {
    return (await this.#input().getAttribute("placeholder")) ?? "";
  }

  async value(): Promise<string> {
    return this.#input().inputValue();
  }

  /** The line below an input box: the prompt, or what validation has to say. */
  async message(): Promise<string> {
    return (await this.#widget.locator(".quick-input-message").textContent()) ?? "";
  }

  /** Replaces what stands in the box, again if something took the focus in the midst, and the text with it. */
  async fill(value: string, timeout = PATIENCE_MS): Promise<void> {
    await eventually(
      `"${value}" in the box`,
      async () => {
        await this.#input().fill(value, { timeout });
        return (await this.value()) === value;
      },
      timeout,
    );
  }

  /** Takes what stands in the box, or `value` instead of it when given. */
  async accept(value?: string, timeout = PATIENCE_MS): Promise<void> {
    if (value !== undefined) await this.fill(value, timeout);
    const arrived = await enterArrives(this.#input());
    await eventually(
      "Enter in the box",
      async () => {
        await this.#input().press("Enter", { timeout });
        return arrived();
      },
      timeout,
    );
  }

  /** Closes the box, also one that comes again because it has only just been shown. */
  async cancel(): Promise<void> {
    let [gone, triedAt] = [0, -Infinity];
    await eventually("the box to be closed", async () => {
      const there = await this.visible();
      gone = there ? 0 : gone + 1;
      if (there && performance.now() - triedAt > CLOSING_MS) {
        triedAt = performance.now();
        await this.#page.keyboard.press("Escape");
      }
      return gone > 2;
    });
  }

  /** The labels of the entries which are shown, from the top. */
  async labels(): Promise<string[]> {
    const labels = await this.#widget.locator(".monaco-list-row").locator(LABEL).allTextContents();
    return labels.map(normal);
  }

  /**
   * Picks the entry with exactly this label, once it is there, as a keyboard does: the box slides into its place, and
   * a click may hit the row beside.
   */
  async pick(label: string, timeout = PATIENCE_MS): Promise<void> {
    await eventually(`an entry "${label}"`, () => this.offers(label), timeout).catch(
      async (error: unknown) => {
        const shown = await this.labels();
        throw new Error(`No entry "${label}"; the list showed: ${shown.join(" | ")}`, { cause: error });
      },
    );
    await eventually(
      `"${label}" to be picked`,
      async () => {
        if ((await this.#focusedLabel()) === normal(label)) return true;
        await this.#input().press("ArrowDown", { timeout: 1000 });
        return false;
      },
      timeout,
    );
    // Tried again after it has arrived, it would press into what it has opened.
    await this.#take(label, Math.max(timeout, LATE_MS));
  }

  /** Presses Enter upon the focused entry until it has arrived there: what takes the focus closes the box as well. */
  async #take(label: string, timeout: number): Promise<void> {
    const arrived = await enterArrives(this.#input());
    let [gone, pressedAt] = [0, -Infinity];
    const outcome = await eventually(
      `"${label}" to be taken`,
      async () => {
        const isThere = (await this.visible()) && (await this.#focusedLabel()) === normal(label);
        if (!isThere && (await arrived())) return "taken";
        gone = isThere ? 0 : gone + 1;
        if (!isThere) return gone > MOST_GONE ? "closed" : false;
        // What has come there may only be late in showing it: pressed again, it would answer the box that comes next.
        const patience = (await arrived()) ? LATE_MS : AGAIN_MS;
        if (performance.now() - pressedAt > patience) {
          pressedAt = performance.now();
          await this.accept(undefined, AGAIN_MS);
        }
        return false;
      },
      timeout,
    );
    if (outcome === "closed") throw new Error(`The box was closed before "${label}" was taken`);
  }

  /** Whether an entry has exactly this label, now. */
  async offers(label: string): Promise<boolean> {
    return (await this.labels()).includes(normal(label));
  }

  async #focusedLabel(): Promise<string | undefined> {
    const [label] = await this.#widget.locator(".monaco-list-row.focused").locator(LABEL).allTextContents();
    return label === undefined ? undefined : normal(label);
  }

  #input(): Locator {
    return this.#widget.locator(".quick-input-box input");
  }
}

/** VS Code draws blanks as no-break spaces in some labels. */
function normal(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
