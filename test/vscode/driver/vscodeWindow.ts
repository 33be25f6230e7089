// One VS Code window in Chromium, as a person at its keyboard has it. For window tests and screenshots, which get
// theirs from vscodeBrowser.ts.
import type { Frame, Page } from "playwright-core";
import { eventually, PATIENCE_MS } from "./eventually.ts";
import { QuickInput } from "./quickInput.ts";

/** VS Code's themes by the name that its picker shows, with the class which the workbench then bears. */
const THEME_CLASSES = {
  "Dark Modern": "vs-dark",
  "Light Modern": "vs",
  "Dark High Contrast": "hc-black",
  "Light High Contrast": "hc-light",
} as const;

export type Theme = keyof typeof THEME_CLASSES;

/** An extension's commands come to the palette a moment after the window; the first look may be too early. */
const COMMAND_TIMEOUT_MS = 2 * PATIENCE_MS;
const PALETTE_LOOK_MS = 1500;
const LONGEST_LOOK_MS = 12_000;
const THEMES_LOOK_MS = 5000;
const THEMES_TIMEOUT_MS = PATIENCE_MS;

export class VsCodeWindow {
  readonly page: Page;
  readonly quickInput: QuickInput;

  constructor(page: Page) {
    this.page = page;
    this.quickInput = new QuickInput(page);
  }

  /** Waits until the workbench has restored its parts, and shows the extension's icon: its commands are registered then. */
  async whenReady(timeout = 2 * PATIENCE_MS): Promise<void> {
    await this.page.locator(".monaco-workbench .part.statusbar").waitFor({ timeout });
    await this.page
      .locator(".monaco-workbench .part.editor .editor-group-container")
      .first()
      .waitFor({ timeout });
    await this.page
      .locator(".activitybar a[aria-label^='Fork Chat']")
      .waitFor({ state: "attached", timeout });
  }

  /** Runs the command with exactly this title, category included ("Chat: Open"), as soon as the palette has it. */
  async runCommand(title: string): Promise<void> {
    let shown: string[] = [];
    // Where everything is slow, so is each key.
    let lookMs = PALETTE_LOOK_MS;
    await eventually(
      `"${title}" in the palette`,
      async () => {
        await this.#openPalette(title);
        try {
          await this.quickInput.pick(title, lookMs);
          return true;
        } catch {
          shown = await this.quickInput.labels();
          lookMs = Math.min(2 * lookMs, LONGEST_LOOK_MS);
          // An open palette keeps the list of commands which it was opened with.
          await this.quickInput.cancel();
          return false;
        }
      },
      COMMAND_TIMEOUT_MS,
    ).catch((error: unknown) => {
      throw new Error(`The palette has no "${title}"; it showed: ${shown.join(" | ")}`, { cause: error });
    });
  }

  /** Whether the palette has a command with exactly this title now; leaves the palette closed. */
  async paletteOffers(title: string): Promise<boolean> {
    await this.#openPalette(title);
    const offered = await eventually(title, async () => this.quickInput.offers(title), PALETTE_LOOK_MS).catch(
      () => false,
    );
    await this.quickInput.cancel();
    return offered;
  }

  async #openPalette(text: string): Promise<void> {
    await eventually("the palette", async () => {
      await this.page.keyboard.press("F1");
      await this.page.locator(".quick-input-widget input").first().waitFor({ timeout: PALETTE_LOOK_MS });
      // Whatever takes the focus at this moment closes it again.
      await this.quickInput.fill(`>${text}`, PALETTE_LOOK_MS);
      return true;
    });
  }

  /** Takes the focus from the window, as another program does; resolves with what gives it back. */
  async loseFocus(): Promise<() => Promise<void>> {
    const context = this.page.context();
    const devTools = await context.newCDPSession(this.page);
    // Without this every page of a test would have the focus for ever.
    await devTools.send("Emulation.setFocusEmulationEnabled", { enabled: false });
    const other = await context.newPage();
    await other.bringToFront();
    return async () => {
      await other.close();
      await this.page.bringToFront();
    };
  }

  /** The document of the webview whose editor has this title, once it is loaded. */
  async panel(title = "Fork Chat", timeout = PATIENCE_MS): Promise<Frame> {
    return eventually(
      `a webview "${title}"`,
      async () => {
        for (const frame of this.page.frames()) {
          const element = await frame.frameElement().catch(() => undefined);
          if ((await element?.getAttribute("id")) !== "active-frame") continue;
          if ((await element?.getAttribute("title")) === title) return frame;
        }
        return undefined;
      },
      timeout,
    );
  }

  /** Opens a file of the window's folder by its name, and puts the cursor into it. */
  async openFile(name: string): Promise<void> {
    await this.runCommand("Go to File...");
    await this.quickInput.fill(name);
    await this.quickInput.pick(name);
    await this.page.locator(".part.editor .monaco-editor").first().waitFor();
  }

  /**
   * Replaces the user's settings in the editor of their file, and closes it. They must keep it from being a dialog, and
   * from closing what is typed.
   */
  async editUserSettings(settings: Readonly<Record<string, unknown>>): Promise<void> {
    await this.runCommand("Preferences: Open User Settings (JSON)");
    const editor = this.page.locator('.part.editor .monaco-editor[data-uri$="settings.json"]').first();
    await editor.waitFor();
    await eventually("the settings in their editor", async () => {
      await editor.locator(".view-lines").click({ timeout: 5_000 });
      await this.page.keyboard.press("Control+A");
      await this.page.keyboard.insertText(JSON.stringify(settings));
      return (await editor.innerText()).includes(Object.keys(settings).at(-1) ?? "{");
    });
    await this.runCommand("File: Save");
    await this.runCommand("View: Close Editor");
    await eventually("no settings", async () => !(await this.editorTitles()).includes("settings.json"));
  }

  /** The titles of the open editors, in all groups. */
  async editorTitles(): Promise<string[]> {
    return this.page.locator(".part.editor .tab .label-name").allTextContents();
  }

  /** What the notifications on screen say, newest last. A host with `testDriver` never shows any. */
  async notifications(): Promise<string[]> {
    return this.page.locator(".notifications-toasts .notification-list-item-message").allTextContents();
  }

  /** Waits for a notification that contains this text; presses one of its buttons when one is named. */
  async notification(text: string, button?: string): Promise<string> {
    const item = this.page.locator(".notifications-toasts .notification-list-item", { hasText: text }).last();
    await item.waitFor();
    const message = (await item.locator(".notification-list-item-message").textContent()) ?? "";
    if (button !== undefined) await item.getByRole("button", { name: button, exact: true }).click();
    return message;
  }

  async clearNotifications(): Promise<void> {
    await this.runCommand("Notifications: Clear All Notifications");
    await this.page
      .locator(".notifications-toasts .notification-list-item")
      .first()
      .waitFor({ state: "detached" });
  }

  /** What the status bar item shows whose accessible name or text contains this; undefined without such an item. */
  async statusBarItem(name: string): Promise<string | undefined> {
    // All in one look: items come and go while a window starts.
    const items = await this.page
      .locator(".part.statusbar .statusbar-item")
      .evaluateAll((elements) =>
        elements.map(
          (element) => [element.getAttribute("aria-label") ?? "", element.textContent.trim()] as const,
        ),
      );
    return items.find(([label, text]) => label.includes(name) || text.includes(name))?.[1];
  }

  /** The items of a tree view as "label description"; the view's container has to be open. */
  async treeItems(view: string): Promise<string[]> {
    const rows = this.page.getByRole("tree", { name: view, exact: true }).getByRole("treeitem");
    return rows.evaluateAll((elements) =>
      elements.map((element) =>
        [".label-name", ".label-description"]
          .map((selector) => element.querySelector(selector)?.textContent ?? "")
          .join(" ")
          .trim(),
      ),
    );
  }

  /** Presses an inline action, by its accessible name, of a tree's item. */
  async treeAction(view: string, item: string, action: string): Promise<void> {
    const tree = this.page.getByRole("tree", { name: view, exact: true });
    const row = tree.getByRole("treeitem").filter({ hasText: item }).first();
    await row.hover();
    await row.getByRole("button", { name: action }).first().click();
  }

  /** What stands in the terminal on top, one line per row; needs `terminal.integrated.gpuAcceleration: "off"`. */
  async terminalText(): Promise<string> {
    const rows = this.page.locator(".terminal-wrapper.active .xterm-rows > div");
    return (await rows.allTextContents())
      .map((row) => row.replaceAll("\u00a0", " ").trimEnd())
      .join("\n")
      .trim();
  }

  /** Presses a key in the terminal on top, once that takes keys. */
  async pressInTerminal(key: string): Promise<void> {
    await this.page.locator(".terminal-wrapper.active .xterm-helper-textarea").press(key);
  }

  /** Changes the theme as its user would, in this window alone. */
  async setTheme(theme: Theme): Promise<void> {
    // A picker that was opened before the themes were registered never gets them; one of a busy machine gets them late.
    await eventually(
      "the list of themes",
      async () => {
        await this.runCommand("Preferences: Color Theme");
        const there = await eventually(
          theme,
          () => this.quickInput.offers("Dark Modern"),
          THEMES_LOOK_MS,
        ).catch(() => false);
        if (!there) await this.quickInput.cancel();
        return there;
      },
      THEMES_TIMEOUT_MS,
    );
    await this.quickInput.fill(theme);
    await this.quickInput.pick(theme);
    const workbench = this.page.locator(`.monaco-workbench.${THEME_CLASSES[theme]}`);
    await workbench.waitFor();
  }

  /** A picture of the window with nothing pointed at, as a PNG. */
  async screenshot(caret: "hide" | "initial" = "hide"): Promise<Buffer> {
    await this.page.mouse.move(0, 0);
    return this.page.screenshot({ animations: "disabled", caret });
  }

  /** "Developer: Reload Window", and waits until the window can be used again. */
  async reload(): Promise<void> {
    const loaded = this.page.waitForEvent("load");
    await this.runCommand("Developer: Reload Window");
    await loaded;
    await this.whenReady(COMMAND_TIMEOUT_MS);
  }

  /** Closes the window as its user would; its extension host ends at once. */
  async close(): Promise<void> {
    await this.page.close();
  }
}
