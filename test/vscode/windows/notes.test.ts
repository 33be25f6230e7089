// Notes: messages about code are comment threads in the editors of everyone who has the file.
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import type { Locator } from "playwright-core";
import { functionsOf, write } from "../../support/gitRepository.ts";
import { ServerProcess } from "../../support/serverProcess.ts";
import { ChatPanel } from "../driver/chatPanel.ts";
import { eventually } from "../driver/eventually.ts";
import type { VsCodeWindow } from "../driver/vscodeWindow.ts";
import { ChatWindows, joinByPalette } from "./chatWindows.ts";

describe("notes at lines", function () {
  this.timeout(300_000);
  let server: ServerProcess;
  let windows: ChatWindows;
  let annas: VsCodeWindow;
  let bobbys: VsCodeWindow;
  let bobby: ChatPanel;

  /** The threads that are open in a window's editors. */
  const threads = (window: VsCodeWindow): Locator => window.page.locator(".review-widget:visible");
  const thread = (window: VsCodeWindow, title = "Fork Chat"): Locator =>
    threads(window).filter({ hasText: title }).first();
  const glyph = (window: VsCodeWindow): Locator =>
    window.page.locator(".monaco-editor .margin-view-overlays .comment-thread");

  const writeInto = async (window: VsCodeWindow, text: string, title?: string): Promise<void> => {
    const field = thread(window, title).locator(".comment-form .monaco-editor");
    await eventually(`“${text}” in the thread`, async () => {
      if (!(await field.isVisible()))
        await thread(window, title).getByRole("button", { name: "Reply…" }).click();
      await field.click();
      await window.page.keyboard.press("ControlOrMeta+A");
      await window.page.keyboard.insertText(text);
      return (await field.innerText()).replaceAll("\u00a0", " ").includes(text);
    });
    await thread(window, title)
      .getByRole("button", { name: /^Send\b/ })
      .click();
  };

  const untilThread = (window: VsCodeWindow, ...texts: readonly string[]): Promise<unknown> =>
    eventually(`${texts.join(", ")} in the thread`, async () => {
      const shown = (await threads(window).allInnerTexts()).join("\n");
      return texts.every((text) => shown.includes(text));
    });

  before(async () => {
    server = await ServerProcess.start();
    windows = await ChatWindows.start(server.url);
    for (const name of ["anna", "bobby"]) {
      await mkdir(windows.folderOf(name), { recursive: true });
      await write(windows.folderOf(name), { "numbers.ts": functionsOf("number") });
    }
    annas = await windows.open("anna");
    bobbys = await windows.open("bobby");
    const anna = await joinByPalette(annas, "anna");
    bobby = await joinByPalette(bobbys, "bobby");
    await anna.type("\\fork bobby");
    await anna.untilActive("bobby");
  });

  after(async () => {
    await windows.stop();
    await server.stop();
  });

  it("start at any line, and are sent with their lines", async () => {
    await annas.openFile("numbers.ts");
    await annas.page.keyboard.press("ControlOrMeta+Home");
    await annas.page.keyboard.press("Shift+ArrowDown");
    await annas.runCommand("Chat: Start a Note Here");
    await untilThread(annas, "Note to bobby");
    await writeInto(annas, "Why twice?", "Note to bobby");
    await untilThread(annas, "Why twice?", "Fork Chat: bobby");
    await bobby.tab("anna").click();
    await bobby.shows("anna", "Why twice?");
    await bobby.frame.getByRole("group", { name: "Code numbers.ts:1", exact: true }).waitFor();
  });

  it("are in the gutter of whoever opens the file, and open there", async () => {
    await bobbys.openFile("numbers.ts");
    await glyph(bobbys).first().waitFor();
    assert.equal(await threads(bobbys).count(), 0);
    await glyph(bobbys).first().click();
    await untilThread(bobbys, "anna", "Why twice?");
  });

  it("are answered in the editor, and the answer is a reply in the conversation", async () => {
    await writeInto(bobbys, "Because of the sum.");
    await untilThread(bobbys, "bobby", "Because of the sum.");
    await untilThread(annas, "bobby", "Because of the sum.");
    await annas.runCommand("Chat: Open");
    const anna = await ChatPanel.of(annas);
    await anna.shows("bobby", "Because of the sum.");
  });

  it("follow the lines", async () => {
    await bobbys.page.locator(".part.editor .monaco-editor .view-lines").first().click();
    await bobbys.page.keyboard.press("ControlOrMeta+Home");
    const before = await glyph(bobbys).first().boundingBox();
    await bobbys.page.keyboard.press("Enter");
    await eventually("the note one line below", async () => {
      const now = await glyph(bobbys).first().boundingBox();
      return now !== null && before !== null && now.y > before.y + 5;
    });
    await bobbys.page.keyboard.press("Backspace");
  });

  it("come back after a reload", async () => {
    await bobbys.runCommand("File: Save");
    await bobbys.reload();
    await glyph(bobbys).first().waitFor();
    await glyph(bobbys).first().click();
    await untilThread(bobbys, "Why twice?", "Because of the sum.");
  });

  it("lead to the conversation", async () => {
    await thread(bobbys).hover();
    await thread(bobbys).getByRole("button", { name: "Show in Chat" }).click();
    bobby = await ChatPanel.of(bobbys);
    await bobby.untilActive("anna");
  });

  it("vanish when they are resolved, for oneself alone", async () => {
    await bobbys.openFile("numbers.ts");
    await glyph(bobbys).first().waitFor();
    if ((await threads(bobbys).count()) === 0) await glyph(bobbys).first().click();
    await thread(bobbys).hover();
    await thread(bobbys).getByRole("button", { name: "Resolve" }).click();
    await glyph(bobbys).first().waitFor({ state: "detached" });
    await annas.openFile("numbers.ts");
    await glyph(annas).first().waitFor();
  });
});
