// Notes: messages about code are comment threads in the editors of everyone who has the file.
import assert from "node:assert/strict";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Locator } from "playwright-core";
import { functionsOf, write } from "../../support/gitRepository.ts";
import { ServerProcess } from "../../support/serverProcess.ts";
import { ChatPanel } from "../driver/chatPanel.ts";
import { foldThread, openThread } from "../driver/commentThread.ts";
import { eventually } from "../driver/eventually.ts";
import type { VsCodeWindow } from "../driver/vscodeWindow.ts";
import { ChatWindows, joinByPalette } from "./chatWindows.ts";

describe("notes at lines", function () {
  this.timeout(300_000);
  let server: ServerProcess;
  let windows: ChatWindows;
  let annas: VsCodeWindow;
  let bobbys: VsCodeWindow;
  let anna: ChatPanel;
  let bobby: ChatPanel;

  /** A file may be open in another group as well. */
  const activeGroup = (window: VsCodeWindow): Locator =>
    window.page.locator(".editor-group-container.active");
  /** The threads that are open in a window's editors. */
  const threads = (window: VsCodeWindow): Locator => window.page.locator(".review-widget:visible");
  const thread = (window: VsCodeWindow): Locator => threads(window).filter({ hasText: "Fork Chat" }).first();
  const glyph = (window: VsCodeWindow): Locator =>
    window.page.locator(".monaco-editor .margin-view-overlays .comment-thread");

  const reply = async (window: VsCodeWindow, text: string): Promise<void> => {
    const field = thread(window).locator(".comment-form .monaco-editor");
    await eventually(`“${text}” in the thread`, async () => {
      if (!(await field.isVisible())) await thread(window).getByRole("button", { name: "Reply…" }).click();
      await field.click({ timeout: 5_000 });
      await window.page.keyboard.press("ControlOrMeta+A");
      await window.page.keyboard.insertText(text);
      return (await field.innerText()).replaceAll("\u00a0", " ").includes(text);
    });
    await thread(window)
      .getByRole("button", { name: /^Send\b/ })
      .click();
  };

  const untilThread = (window: VsCodeWindow, ...texts: readonly string[]): Promise<unknown> =>
    eventually(`${texts.join(", ")} in the thread`, async () => {
      const shown = (await threads(window).allInnerTexts()).join("\n");
      return texts.every((text) => shown.includes(text));
    });

  const openChat = async (window: VsCodeWindow): Promise<ChatPanel> => {
    await window.runCommand("Chat: Open");
    return ChatPanel.of(window);
  };

  /** At its first line, without open threads: only what is in view has a note in the gutter. */
  const openFile = async (window: VsCodeWindow): Promise<void> => {
    await window.openFile("numbers.ts");
    await eventually("no open thread", async () => {
      const open = activeGroup(window).locator(threads(window));
      if ((await open.count()) === 0) return true;
      await open.first().getByRole("button", { name: "Collapse" }).click({ timeout: 5_000 });
      return false;
    });
    await window.page.keyboard.press("ControlOrMeta+Home");
  };

  const untilNotes = (window: VsCodeWindow, count: number): Promise<unknown> =>
    eventually(
      `${String(count)} notes in the gutter`,
      async () => (await activeGroup(window).locator(glyph(window)).count()) === count,
    );

  /** What is typed goes there. It is in every editor of its file, and has the focus in one. */
  const focusedNote = async (window: VsCodeWindow, to: string): Promise<Locator> => {
    const notes = threads(window).filter({ hasText: `Note to ${to}` });
    const focused = notes.filter({ has: window.page.locator(".monaco-editor.focused") });
    await focused.waitFor();
    return focused;
  };

  const writeNew = async (window: VsCodeWindow, text: string, to: string): Promise<void> => {
    const note = await focusedNote(window, to);
    await window.page.keyboard.insertText(text);
    await note.getByRole("button", { name: /^Send\b/ }).click();
  };

  /** Sends a note at this line and the next. */
  const startNote = async (window: VsCodeWindow, line: number, text: string, to: string): Promise<void> => {
    await openFile(window);
    for (let i = 1; i < line; i++) await window.page.keyboard.press("ArrowDown");
    for (let i = 0; i < 2; i++) await window.page.keyboard.press("Shift+ArrowDown");
    await window.runCommand("Chat: Start a Note Here");
    await writeNew(window, text, to);
    await untilThread(window, text, `Fork Chat: ${to}`);
  };

  /** How many files that the extension has written hold this text. */
  const filesWith = async (text: string): Promise<number> => {
    const folder = dirname(windows.keptFolder);
    const files = await readdir(folder, { recursive: true, withFileTypes: true });
    const texts = files
      .filter((file) => file.isFile())
      .map((file) => readFile(join(file.parentPath, file.name), "utf8").catch(() => ""));
    return (await Promise.all(texts)).filter((each) => each.includes(text)).length;
  };

  before(async () => {
    server = await ServerProcess.start();
    windows = await ChatWindows.start(server.url, { "forkchat.history.forgetOnLeave": true });
    for (const name of ["anna", "bobby"]) {
      await mkdir(windows.folderOf(name), { recursive: true });
      await write(windows.folderOf(name), { "numbers.ts": functionsOf("number") });
    }
    annas = await windows.open("anna");
    bobbys = await windows.open("bobby");
    anna = await joinByPalette(annas, "anna");
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
    await writeNew(annas, "Why twice?", "bobby");
    await untilThread(annas, "Why twice?", "Fork Chat: bobby");
    await bobby.tab("anna").click();
    await bobby.shows("anna", "Why twice?");
    await bobby.frame.getByRole("group", { name: "Code numbers.ts:1-1", exact: true }).waitFor();
  });

  it("keep their words when they are not sent after all, and vanish when they are canceled", async () => {
    const words = `ghp_${"a".repeat(36)}`;
    await openFile(annas);
    await annas.runCommand("Chat: Start a Note Here");
    await writeNew(annas, words, "bobby");
    await annas.page.locator(".monaco-dialog-box").getByRole("button", { name: "Keep Private" }).click();
    const note = await focusedNote(annas, "bobby");
    await note.locator(".monaco-editor", { hasText: words }).waitFor();
    await note.getByRole("button", { name: "Cancel", exact: true }).last().click();
    await threads(annas).filter({ hasText: "Note to bobby" }).first().waitFor({ state: "detached" });
    assert.ok(!(await bobby.log("anna").innerText()).includes(words));
  });

  it("are in the gutter of whoever opens the file, and open there", async () => {
    await bobbys.openFile("numbers.ts");
    await glyph(bobbys).first().waitFor();
    assert.equal(await threads(bobbys).count(), 0);
    await openThread(glyph(bobbys), threads(bobbys));
    await untilThread(bobbys, "anna", "Why twice?");
  });

  it("are answered in the editor, and the answer is a reply in the conversation", async () => {
    await openThread(glyph(annas), threads(annas));
    await reply(bobbys, "Because of the sum.");
    await untilThread(bobbys, "bobby", "Because of the sum.");
    await untilThread(annas, "bobby", "Because of the sum.");
    anna = await openChat(annas);
    await anna.shows("bobby", "Because of the sum.");
  });

  it("follow the lines", async () => {
    const shown = glyph(bobbys).filter({ visible: true }).first();
    await bobbys.page.locator(".part.editor .monaco-editor .view-lines").first().click();
    await bobbys.page.keyboard.press("ControlOrMeta+Home");
    const before = await eventually("the note's place", async () => (await shown.boundingBox()) ?? undefined);
    await bobbys.page.keyboard.press("Enter");
    await bobbys.page.getByRole("button", { name: "Ln 2, Col 1" }).waitFor();
    await eventually("the note one line below", async () => {
      const now = await shown.boundingBox();
      return now !== null && now.y > before.y + 5;
    });
    await bobbys.page.keyboard.press("Backspace");
  });

  it("come back after a reload", async () => {
    await bobbys.runCommand("File: Save");
    await bobbys.reload();
    await glyph(bobbys).first().waitFor();
    await openThread(glyph(bobbys), threads(bobbys));
    await untilThread(bobbys, "Why twice?", "Because of the sum.");
  });

  it("come back when the extension host was killed", async () => {
    process.kill(await windows.processOf("anna"), "SIGKILL");
    await annas.reload();
    await openFile(annas);
    await untilNotes(annas, 1);
    const note = glyph(annas).filter({ visible: true }).first();
    await openThread(note, threads(annas));
    await untilThread(annas, "Why twice?", "Because of the sum.");
    // An open thread moves later lines out of view.
    await foldThread(note, threads(annas));
  });

  it("lead to the conversation", async () => {
    await thread(bobbys).hover();
    await thread(bobbys).getByRole("button", { name: "Show in Chat" }).click();
    bobby = await ChatPanel.of(bobbys);
    await bobby.untilActive("anna");
    // The tab from before the reload had never been shown since.
    await eventually("one chat", async () => {
      const titles = await bobbys.editorTitles();
      return titles.filter((title) => title === "Fork Chat").length === 1;
    });
  });

  it("vanish when they are resolved, for oneself alone", async () => {
    await bobbys.openFile("numbers.ts");
    await glyph(bobbys).first().waitFor();
    await openThread(glyph(bobbys), threads(bobbys));
    await thread(bobbys).hover();
    await thread(bobbys).getByRole("button", { name: "Resolve" }).click();
    await glyph(bobbys).first().waitFor({ state: "detached" });
    await annas.openFile("numbers.ts");
    await glyph(annas).first().waitFor();
  });

  it("name the line that an answer is about", async () => {
    await startNote(annas, 8, "What is the rest?", "bobby");
    bobby = await openChat(bobbys);
    await bobby.log("anna").getByRole("article").filter({ hasText: "What is the rest?" }).focus();
    await bobby.frame.getByRole("button", { name: "Reply to line 9", exact: true }).press("Enter");
    await bobby.type("Half of it.");
    await untilThread(annas, "Half of it.", "line 9");
  });

  it("vanish from both editors when their message is retracted", async () => {
    await openFile(bobbys);
    await untilNotes(bobbys, 1);
    await openFile(annas);
    await untilNotes(annas, 2);
    anna = await openChat(annas);
    const message = anna.log("bobby").getByRole("article").filter({ hasText: "What is the rest?" }).first();
    await message.focus();
    await message.getByRole("button", { name: "Retract your message" }).click();
    await anna.frame.getByRole("button", { name: "Yes, retract your message" }).click();
    await untilNotes(bobbys, 0);
    await openFile(annas);
    await untilNotes(annas, 1);
  });

  it("vanish with Clear History, as their cards do", async () => {
    await annas.runCommand("Chat: Clear History");
    const dialog = annas.page.locator(".monaco-dialog-box");
    await dialog.getByRole("button", { name: "Clear All Conversations" }).click();
    await dialog.waitFor({ state: "detached" });
    await untilNotes(annas, 0);
    anna = await openChat(annas);
    await anna.tab("bobby").click();
    await anna.untilActive("bobby");
    const cards = anna.log("bobby").getByRole("group", { name: /^Code / });
    await eventually("no card", async () => (await cards.count()) === 0);
    await startNote(annas, 15, "Is this still kept?", "bobby");
    await untilNotes(bobbys, 1);
  });

  it("vanish from the editor and from the disk when their session is left, if it is to be forgotten", async () => {
    const text = "Is this still kept?";
    await eventually("the note in both histories", async () => (await filesWith(text)) >= 2);
    bobby = await openChat(bobbys);
    await bobby.tab("anna").click();
    await bobby.untilActive("anna");
    await bobby.type("\\leave");
    await bobby.untilActive("lobby");
    await openFile(bobbys);
    await untilNotes(bobbys, 0);
    await openFile(annas);
    await untilNotes(annas, 0);
    await eventually("no file with it", async () => (await filesWith(text)) === 0);
  });
});
