// Restricted Mode: in a folder that the user has not trusted, cards and notes do what they do elsewhere, without git.
import { mkdir } from "node:fs/promises";
import type { Locator } from "playwright-core";
import { Client } from "../../support/client.ts";
import { commit, functionsOf, git, write } from "../../support/gitRepository.ts";
import { quoteOf, sayWith } from "../../support/sentCode.ts";
import { ServerProcess } from "../../support/serverProcess.ts";
import { ChatPanel } from "../driver/chatPanel.ts";
import { eventually } from "../driver/eventually.ts";
import type { VsCodeWindow } from "../driver/vscodeWindow.ts";
import { ChatWindows, joinByPalette } from "./chatWindows.ts";

const FILE = functionsOf("number");

describe("code in Restricted Mode", function () {
  this.timeout(240_000);
  let server: ServerProcess;
  let windows: ChatWindows;
  let window: VsCodeWindow;
  let bobby: ChatPanel;
  const anna = new Client();

  const card = (): Locator =>
    bobby.log("lobby").getByRole("group", { name: "Code src/numbers.ts:15-20", exact: true });
  const glyph = (): Locator => window.page.locator(".monaco-editor .margin-view-overlays .comment-thread");

  before(async () => {
    server = await ServerProcess.start();
    windows = await ChatWindows.start(server.url, {}, ["git", "git-base"], "asked");
    await windows.setUserSettings({ "security.workspace.trust.startupPrompt": "never" });
    const folder = windows.folderOf("bobby");
    await mkdir(folder, { recursive: true });
    await git(folder, "init", "--quiet");
    await commit(folder, { "src/numbers.ts": FILE });
    await write(folder, { "src/numbers.ts": `// One.\n// Two.\n// Three.\n${FILE}` });
    window = await windows.open("bobby");
    bobby = await joinByPalette(window, "bobby");
    await anna.join("anna", server.url);
    await sayWith(anna, "Why twice?", quoteOf("src/numbers.ts", FILE, { from: 15, to: 20 }));
  });

  after(async () => {
    await anna.close();
    await windows.stop();
    await server.stop();
  });

  it("is found and opened by its content", async () => {
    await window.page.locator(".part.statusbar").getByText("Restricted Mode").waitFor();
    const status = card().getByRole("status");
    await eventually("the lines", async () => (await status.textContent()) === "moved: src/numbers.ts:18-23");
    await card().getByRole("button", { name: "Open", exact: true }).click();
    await window.page.getByRole("button", { name: "Ln 18, Col 1" }).waitFor();
  });

  it("has notes at its lines, which are answered in the editor", async () => {
    await glyph().first().click();
    const thread = window.page.locator(".review-widget:visible", { hasText: "Why twice?" });
    await thread.getByRole("button", { name: "Reply…" }).click();
    await thread.locator(".comment-form .monaco-editor").click();
    await window.page.keyboard.insertText("Because of the sum.");
    await thread.getByRole("button", { name: /^Send\b/u }).click();
    await anna.untilShown("lobby", "Because of the sum.");
  });

  it("is sent with the lines that are on screen", async () => {
    await window.runCommand("Chat: Send Selection");
    const dialog = window.page.locator(".monaco-dialog-box");
    await dialog.getByRole("button", { name: "Attach" }).click();
    bobby = await ChatPanel.of(window);
    await bobby.composer.press("Enter");
    await anna.untilShown("lobby", "numberC");
  });
});
