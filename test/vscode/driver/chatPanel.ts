// The chat's panel in a window, found by accessible roles alone, as the design promises them.
import type { Frame, Locator } from "playwright-core";
import { eventually } from "./eventually.ts";
import type { VsCodeWindow } from "./vscodeWindow.ts";

export class ChatPanel {
  readonly frame: Frame;

  private constructor(frame: Frame) {
    this.frame = frame;
  }

  /** The panel of this window, once it shows a conversation. */
  static async of(window: VsCodeWindow): Promise<ChatPanel> {
    const panel = new ChatPanel(await window.panel("Fork Chat"));
    await panel.composer.waitFor();
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

  /** Types a line into the composer, key by key, and sends it. */
  async type(text: string): Promise<void> {
    await this.composer.focus();
    await this.composer.pressSequentially(text);
    await this.composer.press("Enter");
  }
}
