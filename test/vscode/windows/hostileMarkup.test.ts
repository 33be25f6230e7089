// The corpus of hostile texts, said in the lobby, in a real webview; and what links and blocks of code do in VS Code.
import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { Client } from "../../support/client.ts";
import { ServerProcess } from "../../support/serverProcess.ts";
import { Findings, hostileTexts, lookThrough, setTrap } from "../../webview/hostileMarkup.ts";
import { ChatPanel } from "../driver/chatPanel.ts";
import { eventually } from "../driver/eventually.ts";
import type { VsCodeWindow } from "../driver/vscodeWindow.ts";
import { ChatWindows, joinByPalette } from "./chatWindows.ts";

/** Fewer than the page holds, so that each is looked at. */
const BATCH = 80;
const CODE = "const inserted = 1;\nconst two = 2;";

describe("texts from others in a real webview", function () {
  this.timeout(300_000);
  let server: ServerProcess;
  let windows: ChatWindows;
  let window: VsCodeWindow;
  let panel: ChatPanel;
  const mallory = new Client();

  before(async () => {
    server = await ServerProcess.start();
    windows = await ChatWindows.start(server.url);
    await mkdir(windows.folderOf("anna"), { recursive: true });
    await writeFile(join(windows.folderOf("anna"), "notes.ts"), "// here\n");
    window = await windows.open("anna");
    panel = await joinByPalette(window, "anna");
    assert.deepEqual(await mallory.join("mallory", server.url), { ok: true });
  });

  after(async () => {
    await mallory.close();
    await windows.stop();
    await server.stop();
  });

  it("run nothing, request nothing and navigate nowhere, whatever they contain", async () => {
    const { page } = window;
    const caused: string[] = [];
    page.on("request", (request) => {
      const ours = request.frame() === panel.frame || request.url().includes("hostile.invalid");
      if (ours) caused.push(`asked for ${request.url()}`);
    });
    page.on("framenavigated", (frame) => {
      if (frame === panel.frame || frame.parentFrame() === panel.frame) caused.push(`went to ${frame.url()}`);
    });
    page.on("dialog", (dialog) => {
      caused.push(`asked “${dialog.message()}”`);
      void dialog.dismiss();
    });
    page.on("popup", () => caused.push("a window"));
    await panel.frame.evaluate(setTrap);
    let looked = 0;
    for (let at = 0; at < hostileTexts.length; at += BATCH) {
      for (const { text } of hostileTexts.slice(at, at + BATCH)) {
        // Half a character cannot be said; a backslash at the start would be a command.
        const said = text.replace(/\p{Cs}/gu, "\ufffd").replace(/^\\/u, "\\\\");
        assert.deepEqual(await mallory.type(said), { ok: true }, said);
      }
      await mallory.type(`*batch* ${at}`);
      await panel
        .log("lobby")
        .locator(".text", { hasText: `batch ${at}` })
        .waitFor();
      // A page that has much to read shows some texts as they were written at first.
      await panel.frame.waitForFunction(() => document.querySelector(".text.later") === null);
      const found = v.parse(Findings, await panel.frame.evaluate(lookThrough(false)));
      assert.deepEqual(found.foreign, []);
      assert.equal(found.hits, 0, "something ran");
      looked = Math.max(looked, found.texts);
    }
    assert.ok(looked > BATCH);
    assert.deepEqual(caused, []);
  });

  it("a link asks in VS Code, with its real address, and the webview stays", async () => {
    await mallory.type("[https://example.org/safe](https://hostile.invalid/real)");
    const { frame } = panel;
    await frame.getByRole("link", { name: "https://hostile.invalid/real" }).click();
    const dialog = window.page.locator(".monaco-dialog-box");
    await dialog.getByText("https://hostile.invalid/real").first().waitFor();
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await dialog.waitFor({ state: "detached" });
    await panel.composer.waitFor();
  });

  it("a link opens exactly the address that was written, including escapes", async () => {
    const context = window.page.context();
    await context.route("https://opened.invalid/**", (route) => route.fulfill({ body: "opened" }));
    for (const rest of [
      "search?q=a%26b%3Dc",
      "a%2Fb",
      "%23frag",
      "100%25",
      "login?next=https%3A%2F%2Fx.invalid%2F%3Fa%3D1%26b%3D2#top",
    ]) {
      const address = `https://opened.invalid/${rest}`;
      await mallory.type(address);
      await panel.frame.getByTitle(address, { exact: true }).click();
      const opened = context.waitForEvent("page");
      await window.page
        .locator(".monaco-dialog-box")
        .getByRole("button", { name: "Open", exact: true })
        .click();
      const tab = await opened;
      await tab.waitForURL("https://opened.invalid/**");
      assert.equal(tab.url(), address);
      await tab.close();
    }
  });

  it("code is inserted into the last used editor, as one step to undo", async () => {
    const file = join(windows.folderOf("anna"), "notes.ts");
    const saved = async (what: string, expected: string) => {
      await window.page.keyboard.press("Control+s");
      await eventually(what, async () => (await readFile(file, "utf8")) === expected);
    };
    await window.openFile("notes.ts");
    await window.page.keyboard.press("Control+End");
    await window.runCommand("Chat: Open");
    // The file was opened in its place, which unloads a hidden page.
    panel = await ChatPanel.of(window);
    await mallory.type(`\`\`\`ts\n${CODE}\n\`\`\``);
    const insert = panel.frame.getByRole("button", { name: "Insert code at cursor" }).last();
    await panel.frame.locator("pre", { hasText: "inserted" }).waitFor();
    await insert.click();
    await window.page.locator(".monaco-editor.focused").waitFor();
    await saved("the code in the file", `// here\n${CODE}`);
    await window.page.keyboard.press("Control+z");
    await saved("the file as it was", "// here\n");
  });

  it("an editor that does not accept code is reported", async () => {
    await window.runCommand("File: Set Active Editor Read-only in Session");
    await window.runCommand("Chat: Open");
    panel = await ChatPanel.of(window);
    await panel.frame.getByRole("button", { name: "Insert code at cursor" }).last().click();
    await window.notification("Couldn't insert this");
    await window.clearNotifications();
    await window.openFile("notes.ts");
    await window.runCommand("File: Set Active Editor Writeable in Session");
  });

  it("code is copied as it was written", async () => {
    await window.runCommand("Chat: Open");
    panel = await ChatPanel.of(window);
    await panel.frame.getByRole("button", { name: "Copy code" }).last().click();
    await panel.frame.getByText("Copied").last().waitFor();
    await panel.composer.press("Control+v");
    await eventually("the code in the composer", async () => (await panel.composer.inputValue()) === CODE);
  });
});
