// The chat's panel in a window, found by accessible roles alone, as the design promises them.
import type { Frame, Locator } from "playwright-core";
import { enterArrives } from "./enterArrives.ts";
import { eventually, PATIENCE_MS } from "./eventually.ts";
import type { VsCodeWindow } from "./vscodeWindow.ts";

/** A key that takes longer has found no composer. */
const KEY_MS = 5_000;

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
    await this.#eventually(`“${text}” in ${session}`, async () =>
      (await this.log(session).innerText({ timeout: 1000 })).includes(text),
    );
  }

  async untilActive(session: string): Promise<void> {
    await this.#eventually(
      `${session} to be active`,
      async () => (await this.tab(session).getAttribute("aria-selected", { timeout: 1000 })) === "true",
    );
  }

  /** Waits until the tabs' accessible names satisfy the condition. */
  async untilTabs(what: string, condition: (names: string[]) => boolean): Promise<void> {
    await this.#eventually(what, async () => condition(await this.tabs()));
  }

  /** Types a line into the composer, key by key, and sends it; as often as VS Code takes the focus away. */
  async type(text: string): Promise<void> {
    await this.#eventually(`“${text}” to be typed`, async () => {
      await this.composer.focus();
      await this.composer.pressSequentially(text);
      if ((await this.composer.inputValue()) === text) return true;
      await this.composer.fill("");
      return false;
    });
    const arrived = await enterArrives(this.composer);
    let pressed = false;
    await this.#eventually(`“${text}” to be sent`, async () => {
      if (pressed && (await arrived())) return true;
      pressed = true;
      await this.composer.press("Enter", { timeout: KEY_MS });
      return arrived();
    });
  }

  /** Presses a button of the lobby's message that contains this text, as a mouse does: they are there while it is upon it. */
  async press(text: string, button: string): Promise<void> {
    const message = this.log("lobby").getByRole("article").filter({ hasText: text });
    await this.#eventually(`“${button}” at “${text}”`, async () => {
      // What comes meanwhile moves the message from under the mouse.
      await message.hover({ timeout: 5_000 });
      await message.getByRole("button", { name: button }).click({ timeout: 5_000 });
      return true;
    });
  }

  /** Waits for a condition of the panel; says what the panel shows instead when it does not come. */
  async #eventually(what: string, probe: () => Promise<boolean>): Promise<void> {
    await eventually(what, probe).catch(async (error: unknown) => {
      const shown = await this.frame.locator("body").innerText({ timeout: 1000 }).catch(String);
      const written = await this.composer.inputValue({ timeout: 1000 }).catch(String);
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`${reason}\nThe panel showed:\n${shown}\nIn its composer: “${written}”`, {
        cause: error,
      });
    });
  }
}
