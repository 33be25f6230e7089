// The box in the top middle of a VS Code window: palette, quick pick and input box. Used by vscodeWindow.ts, and by
// tests for what a command asks.
import type { Locator, Page } from "playwright-core";
import { eventually } from "./eventually.ts";

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
  async waitFor(title: string): Promise<void> {
    await eventually(`a quick input "${title}"`, async () => {
      if (!(await this.visible())) return false;
      return (await this.title()).includes(title) || (await this.placeholder()).includes(title);
    });
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

  /** Replaces what stands in the box. */
  async fill(value: string, timeout = 10_000): Promise<void> {
    await this.#input().fill(value, { timeout });
  }

  /** Takes what stands in the box, or `value` instead of it when given. */
  async accept(value?: string): Promise<void> {
    if (value !== undefined) await this.fill(value);
    await this.#input().press("Enter");
  }

  async cancel(): Promise<void> {
    await this.#page.keyboard.press("Escape");
    await this.#widget.waitFor({ state: "hidden" });
  }

  /** The labels of the entries which are shown, from the top. */
  async labels(): Promise<string[]> {
    const labels = await this.#widget.locator(".monaco-list-row").locator(LABEL).allTextContents();
    return labels.map(normal);
  }

  /** Picks the entry with exactly this label, once it is there. */
  async pick(label: string, timeout = 10_000): Promise<void> {
    const row = await eventually(`an entry "${label}"`, async () => this.#row(label), timeout).catch(
      async (error: unknown) => {
        const shown = await this.labels();
        throw new Error(`No entry "${label}"; the list showed: ${shown.join(" | ")}`, { cause: error });
      },
    );
    await row.click({ timeout });
  }

  /** Whether an entry has exactly this label, now. */
  async offers(label: string): Promise<boolean> {
    return (await this.labels()).includes(normal(label));
  }

  async #row(label: string): Promise<Locator | undefined> {
    const index = (await this.labels()).indexOf(normal(label));
    return index < 0 ? undefined : this.#widget.locator(".monaco-list-row").nth(index).locator(LABEL);
  }

  #input(): Locator {
    return this.#widget.locator(".quick-input-box input");
  }
}

/** VS Code draws blanks as no-break spaces in some labels. */
function normal(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
