// The chat's panel in a window, found by accessible roles alone, as the design promises them.
import type { Frame, Locator } from "playwright-core";
import { eventually, PATIENCE_MS } from "./eventually.ts";
import type { VsCodeWindow } from "./vscodeWindow.ts";

export class ChatPanel {
  readonly frame: Frame;

  private constructor(frame: Frame) {
    this.frame = frame;
  }

  /** The panel of this window, once it shows a conversation. */
  static async of(window: VsCodeWindow, timeout = 2 * PATIENCE_MS): Promise<ChatPanel> {
    const panel = new ChatPanel(await window.panel("Fork Chat", timeout));
    await panel.composer.waitFor({ timeout });
    return panel;
  }

  get composer(): Locator {
    return this.frame.getByRole("textbox", { name: "Message" });
  }

  /** Accessible names of the tabs, in order. */
  tabs(): Promise<string[]> {
    return this.frame
      .getByRole("tablist", { name: "Sessions" })
      .getByRole("tab")
      .evaluateAll((tabs) => tabs.map((tab) => tab.getAttribute("aria-label") ?? tab.textContent));
  }

  tab(name: string): Locator {
    return this.frame.getByRole("tab", { name: new RegExp(`^${name}\\b`) });
  }

  log(name: string): Locator {
    return this.frame.getByRole("log", { name, exact: true });
  }

  /** Waits until the conversation of this session, which is the active one, contains the text. */
  async shows(session: string, text: string): Promise<void> {
    await eventually(`“${text}” in ${session}`, async () =>
      (await this.log(session).innerText({ timeout: 1000 })).includes(text),
    );
  }

  async untilActive(session: string): Promise<void> {
    await eventually(
      `${session} to be active`,
      async () => (await this.tab(session).getAttribute("aria-selected", { timeout: 1000 })) === "true",
    );
  }

  /** Waits until the tabs' accessible names satisfy the condition. */
  async untilTabs(what: string, condition: (names: string[]) => boolean): Promise<void> {
    await eventually(what, async () => condition(await this.tabs()));
  }

  /** Types a line into the composer, key by key, and sends it; again when VS Code took the focus away meanwhile. */
  async type(text: string): Promise<void> {
    await eventually(`“${text}” to be typed`, async () => {
      await this.composer.focus();
      await this.composer.pressSequentially(text);
      if ((await this.composer.inputValue()) === text) return true;
      await this.composer.fill("");
      return false;
    });
    await eventually(`“${text}” to be sent`, async () => {
      await this.composer.press("Enter");
      // What quits leaves no composer.
      const left = await this.composer.inputValue({ timeout: 1000 }).catch(() => "");
      return left !== text || (await this.#hasFocus());
    });
  }

  /** Presses a button of the lobby's message that contains this text, as a mouse does: they are there while it is upon it. */
  async press(text: string, button: string): Promise<void> {
    const message = this.log("lobby").getByRole("article").filter({ hasText: text });
    await eventually(`“${button}” at “${text}”`, async () => {
      // What comes meanwhile moves the message from under the mouse.
      await message.hover({ timeout: 5_000 });
      await message.getByRole("button", { name: button }).click({ timeout: 5_000 });
      return true;
    });
  }

  #hasFocus(): Promise<boolean> {
    return this.composer.evaluate((element) => document.hasFocus() && document.activeElement === element);
  }
}
