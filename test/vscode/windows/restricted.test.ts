// Restricted Mode: in a folder that the user has not trusted, cards and notes do what they do elsewhere, without git. Changes can be
// reviewed, and not applied.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { buildChanges } from "../../../extension/core/changes/buildChanges.ts";
import { ChangesSide } from "../../support/changesSide.ts";
import type { Client } from "../../support/client.ts";
import { TOKEN } from "../../support/core.ts";
import { commit, functionsOf, git, write } from "../../support/gitRepository.ts";
import { quoteOf, sayWith } from "../../support/sentCode.ts";
import { ServerProcess } from "../../support/serverProcess.ts";
import { ChatPanel } from "../driver/chatPanel.ts";
import { openThread } from "../driver/commentThread.ts";
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
  let side: ChangesSide;
  let sideFolder: string;
  let anna: Client;

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
    sideFolder = await mkdtemp(join(tmpdir(), "fork-chat-restricted-"));
    side = new ChangesSide(sideFolder);
    anna = side.client;
    await anna.join("anna", server.url);
    await sayWith(anna, "Why twice?", quoteOf("src/numbers.ts", FILE, { from: 15, to: 20 }));
  });

  after(async () => {
    await anna.close();
    await windows.stop();
    await server.stop();
    await rm(sideFolder, { recursive: true, force: true });
  });

  it("is found and opened by its content", async () => {
    await window.page.locator(".part.statusbar").getByText("Restricted Mode").waitFor();
    const status = card().getByRole("status");
    await eventually("the lines", async () => (await status.textContent()) === "moved: src/numbers.ts:18-23");
    await card().getByRole("button", { name: "Open", exact: true }).click();
    await window.page.getByRole("button", { name: "Ln 18, Col 1" }).waitFor();
  });

  it("has notes at its lines, which are answered in the editor", async () => {
    const thread = window.page.locator(".review-widget:visible", { hasText: "Why twice?" });
    // On a busy machine, the clicks that open it may take effect late, and the last one fold it again.
    await eventually("the field for a reply", async () => {
      await openThread(glyph(), thread);
      await thread.getByRole("button", { name: "Reply…" }).click({ timeout: 2_000 });
      return true;
    });
    const field = thread.locator(".comment-form .monaco-editor");
    // It opens a moment before it takes text.
    await eventually("the reply to be written", async () => {
      if ((await field.innerText()).includes("Because")) return true;
      await field.click();
      await window.page.keyboard.insertText("Because of the sum.");
      return false;
    });
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

  it("has changes that are reviewed and not applied, and shows the way to trust", async () => {
    const file = (text: string) => ({
      ...({ path: "src/numbers.ts", mode: "100644", text, encoding: "utf8", bom: false } as const),
    });
    const set = buildChanges(TOKEN, [
      { was: file(FILE), is: file(FILE.replace("second * 2;", "second * 20;")) },
    ]);
    assert.ok(set.ok);
    await anna.run("\\fork bobby");
    await side.attach("bobby", { set: set.value, bases: new Map([["src/numbers.ts", FILE]]) });
    await side.send("bobby", "Twice is not enough.");
    await bobby.type("\\switch anna");
    await bobby.untilActive("anna");
    const changes = bobby.frame.getByRole("group", { name: "Changes: 1 file", exact: true });
    await changes.getByRole("button", { name: "Apply", exact: true }).click();
    await window.notification(
      "Changes can be applied only in a trusted workspace. You can review them here.",
    );
    const toasts = window.page.locator(".notifications-toasts");
    await toasts.getByRole("button", { name: "Manage Workspace Trust", exact: true }).first().waitFor();
    await changes.getByRole("button", { name: "Review", exact: true }).click();
    await eventually("the diff", async () =>
      (await window.editorTitles()).some((title) => title.startsWith("Changes from anna")),
    );
    const text = await readFile(join(windows.folderOf("bobby"), "src/numbers.ts"), "utf8");
    assert.ok(!text.includes("second * 20;"));
  });
});
