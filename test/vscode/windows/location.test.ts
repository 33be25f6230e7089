// The same page as an editor tab and as a view: both show the same store, and the last choice is kept.
import assert from "node:assert/strict";
import type { Frame } from "playwright-core";
import { Client } from "../../support/client.ts";
import { ServerProcess } from "../../support/serverProcess.ts";
import { eventually } from "../driver/eventually.ts";
import type { VsCodeWindow } from "../driver/vscodeWindow.ts";
import { ChatWindows, joinByPalette, untilHostKnows } from "./chatWindows.ts";

describe("the chat as a tab and as a view", function () {
  this.timeout(300_000);
  let server: ServerProcess;
  let windows: ChatWindows;
  let window: VsCodeWindow;
  const bobby = new Client();

  /** The documents of all webviews that show a conversation now. */
  async function pages(): Promise<Frame[]> {
    const found: Frame[] = [];
    for (const frame of window.page.frames()) {
      const composer = frame.getByRole("textbox", { name: "Message" });
      if (await composer.isVisible().catch(() => false)) found.push(frame);
    }
    return found;
  }

  async function untilPages(count: number): Promise<Frame[]> {
    return eventually(`${count} pages`, async () => {
      const found = await pages();
      return found.length === count ? found : undefined;
    });
  }

  async function untilAllShow(text: string): Promise<void> {
    await eventually(`“${text}” on all pages`, async () => {
      const found = await pages();
      const texts = await Promise.all(
        found.map((frame) => frame.getByRole("log").innerText({ timeout: 1000 })),
      );
      return texts.length > 0 && texts.every((shown) => shown.includes(text));
    });
  }

  before(async () => {
    server = await ServerProcess.start();
    windows = await ChatWindows.start(server.url);
    window = await windows.open("anna");
    await joinByPalette(window, "anna");
    await bobby.join("bobby", server.url);
  });

  after(async () => {
    await bobby.close();
    await windows.stop();
    await server.stop();
  });

  it("Show in Panel opens the view beside the tab; both show the same conversation", async () => {
    await window.runCommand("Chat: Show in Panel");
    const [first, second] = await untilPages(2);
    assert.ok(first !== undefined && second !== undefined);
    await bobby.type("who reads this where?");
    await untilAllShow("who reads this where?");
    const composer = second.getByRole("textbox", { name: "Message" });
    await composer.fill("in both places");
    await composer.press("Enter");
    await bobby.untilShown("lobby", "anna: in both places");
    await untilAllShow("in both places");
  });

  it("a draft in one appears in the other, until it is sent from either", async () => {
    const [first, second] = await untilPages(2);
    assert.ok(first !== undefined && second !== undefined);
    const composers = [first, second].map((frame) => frame.getByRole("textbox", { name: "Message" }));
    const untilHolds = (text: string): Promise<unknown> =>
      eventually(`“${text}” in both composers`, async () => {
        const values = await Promise.all(composers.map((composer) => composer.inputValue()));
        return values.every((value) => value === text);
      });
    await composers[0]?.click();
    await window.page.keyboard.type("said once");
    await untilHolds("said once");
    await composers[1]?.press("Enter");
    await bobby.untilShown("lobby", "anna: said once");
    await untilHolds("");
    await composers[0]?.press("Enter");
    await bobby.type("heard");
    await untilAllShow("heard");
    for (const frame of [first, second]) {
      assert.equal(await frame.getByRole("log").getByText("said once", { exact: true }).count(), 1);
    }
  });

  it("the view continues alone, and Open shows it: the last choice is kept", async () => {
    await window.runCommand("View: Close All Editors");
    await untilPages(1);
    await window.runCommand("View: Hide Panel");
    await untilPages(0);
    await bobby.type("and this?");
    await window.runCommand("Chat: Open");
    await untilPages(1);
    await untilAllShow("and this?");
    assert.deepEqual(await window.editorTitles(), []);
  });

  it("while another view covers it, its icon shows the unread count", async () => {
    const icon = window.page.locator(".part.panel .action-item", {
      has: window.page.locator('[aria-label^="Fork Chat"]'),
    });
    const untilBadge = (text: string): Promise<unknown> =>
      eventually(`“${text}” at the icon`, async () => {
        const shown = (await icon.locator(".badge-content").allTextContents()).join("").trim();
        return shown === text;
      });
    // There is room for the icons of all views.
    await window.page.setViewportSize({ width: 1920, height: 800 });
    await window.runCommand("Problems: Focus on Problems View");
    await untilPages(0);
    await untilHostKnows(window);
    await bobby.type("is nobody there?");
    await untilBadge("1");
    await window.runCommand("Chat: Open");
    await untilAllShow("is nobody there?");
    await untilBadge("");
  });

  it("a reload restores the view", async () => {
    await window.reload();
    await untilPages(1);
    await untilAllShow("and this?");
  });

  it("Show in Editor switches back", async () => {
    await window.runCommand("View: Hide Panel");
    await window.runCommand("Chat: Show in Editor");
    await untilPages(1);
    assert.deepEqual(await window.editorTitles(), ["Fork Chat"]);
  });
});
