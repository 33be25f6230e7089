// A start that fails midway leaves nothing behind, says why, and is tried again by the next command. The reason is a real one:
// a file is in the place of the extension's folder.
import assert from "node:assert/strict";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { Client } from "../../support/client.ts";
import { ServerProcess } from "../../support/serverProcess.ts";
import { eventually } from "../driver/eventually.ts";
import type { VsCodeWindow } from "../driver/vscodeWindow.ts";
import { ChatWindows, joinByPalette } from "./chatWindows.ts";

describe("a start that fails", function () {
  this.timeout(300_000);
  let server: ServerProcess;
  let windows: ChatWindows;
  let window: VsCodeWindow;
  /** The extension's own folder. */
  let folder: string;
  const bobby = new Client();

  before(async () => {
    server = await ServerProcess.start();
    windows = await ChatWindows.start(server.url);
    folder = dirname(windows.keptFolder);
    await mkdir(dirname(folder), { recursive: true });
    await writeFile(folder, "not a folder");
    window = await windows.open("anna");
    await bobby.join("bobby", server.url);
  });

  after(async () => {
    await bobby.close();
    await windows.stop();
    await server.stop();
  });

  /** Runs a command that cannot work, and resolves with the dialog in which VS Code says so, which is closed again. */
  async function failureOf(command: string): Promise<string> {
    await window.runCommand(command);
    const dialog = window.page.locator(".monaco-dialog-box");
    // It is shown a moment before it gets the focus.
    await dialog.locator(":focus").waitFor();
    const text = await dialog.innerText();
    await window.page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    return text;
  }

  const welcome = async (): Promise<string> =>
    (await window.page.locator(".welcome-view-content").allInnerTexts()).join("\n");

  it("says why, each time a command tries again", async () => {
    for (const command of ["Chat: Join as…", "Chat: Diagnose Connection", "Chat: Join as…"]) {
      const text = await failureOf(command);
      assert.match(text, /Fork Chat couldn't start and will try again with the next command/);
      assert.ok(text.includes(`${folder} is not a folder`), text);
      // No leftover of the former start is in the way of this one.
      assert.doesNotMatch(text, /already/);
    }
  });

  it("leaves an empty view that says what to do", async () => {
    await window.runCommand("View: Show Fork Chat");
    await eventually("what to do", async () =>
      (await welcome()).includes("Fork Chat couldn't start in this window."),
    );
    await window.page.getByRole("button", { name: "Try Again" }).first().waitFor();
    const sideBar = await window.page.locator(".part.sidebar").innerText();
    assert.doesNotMatch(sideBar, /no data provider/i);
  });

  it("works by the next command once the reason is gone", async () => {
    await rm(folder);
    const panel = await joinByPalette(window, "anna");
    await window.runCommand("View: Show Fork Chat");
    await eventually("the lobby in the view", async () =>
      (await window.treeItems("Sessions")).includes("lobby *"),
    );
    assert.equal(await welcome(), "");
    await bobby.type("heard once?");
    await panel.shows("lobby", "heard once?");
  });

  it("left only one chat in the window", async () => {
    await window.runCommand("Output: Show Output Channels...");
    await window.quickInput.fill("Fork Chat");
    await eventually("the chat's log", () => window.quickInput.offers("Fork Chat"));
    const logs = (await window.quickInput.labels()).filter((label) => label === "Fork Chat");
    await window.quickInput.cancel();
    assert.equal(logs.length, 1);
  });
});
