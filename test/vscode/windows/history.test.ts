// Conversations that are kept, in a real window: back after a reload, found, exported and cleared.
import assert from "node:assert/strict";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "../../support/client.ts";
import { ServerProcess } from "../../support/serverProcess.ts";
import { ChatPanel } from "../driver/chatPanel.ts";
import { eventually } from "../driver/eventually.ts";
import type { VsCodeWindow } from "../driver/vscodeWindow.ts";
import { ChatWindows, joinByPalette } from "./chatWindows.ts";

/** More than the window's own journal holds. */
const COUNT = 700;

describe("saved conversations", function () {
  this.timeout(300_000);
  let server: ServerProcess;
  let windows: ChatWindows;
  let window: VsCodeWindow;
  let panel: ChatPanel;
  const bobby = new Client();

  before(async () => {
    server = await ServerProcess.start("--messages-per-second", "1000");
    windows = await ChatWindows.start(server.url);
    window = await windows.open("anna");
    panel = await joinByPalette(window, "anna");
    await bobby.join("bobby", server.url);
    await bobby.type("the very first words");
    for (let i = 1; i < COUNT; i++) assert.ok((await bobby.type(`line ${i}`)).ok);
    await panel.shows("lobby", `line ${COUNT - 1}`);
    assert.ok((await bobby.run("\\fork anna")).ok);
    await bobby.type("a secret `word`");
    await panel.tab("bobby").click();
    await panel.shows("bobby", "a secret word");
    await panel.type("and an answer");
    await bobby.untilShown("anna", "and an answer");
  });

  after(async () => {
    await bobby.close();
    await windows.stop();
    await server.stop();
  });

  /** Whether an element with this text can be seen in the log without scrolling. */
  async function isInSight(text: string): Promise<boolean> {
    return panel.frame
      .getByText(text, { exact: true })
      .first()
      .evaluate(
        (element) => {
          const { top, bottom } = element.getBoundingClientRect();
          return top >= 0 && bottom <= innerHeight;
        },
        undefined,
        { timeout: 1000 },
      );
  }

  /** The lines of an editor that are drawn. */
  async function editorShows(text: string): Promise<void> {
    await eventually(`“${text}” in an editor`, async () => {
      const editors = await window.page.locator(".part.editor .monaco-editor .view-lines").allInnerTexts();
      return editors.some((lines) => lines.replaceAll("\u00a0", " ").includes(text));
    });
  }

  async function search(query: string, label: string): Promise<void> {
    await window.runCommand("Chat: Search Messages…");
    await window.quickInput.waitFor("Words to search for");
    await window.quickInput.fill(query);
    await window.quickInput.pick(label);
  }

  it("after a reload, a search opens the session at a message older than the window's own file", async () => {
    await window.reload();
    panel = await ChatPanel.of(window);
    await panel.untilActive("bobby");
    await search("first very", "the very first words");
    await panel.untilActive("lobby");
    await eventually("the message in sight", () => isInSight("the very first words"));
    await panel.tab("bobby").click();
    await panel.shows("bobby", "a secret word");
  });

  it("an export is Markdown with the session's marks", async () => {
    await window.runCommand("Chat: Export Transcript");
    await editorShows("# Fork Chat: bobby (P~>)");
    await editorShows("P~> **bobby** · ");
    await editorShows("a secret `word`");
    await editorShows("P~> **anna** · ");
    await window.runCommand("View: Revert and Close Editor");
  });

  it("a message of a closed conversation is shown in an editor", async () => {
    await window.runCommand("Chat: Open");
    panel = await ChatPanel.of(window);
    await panel.type("\\leave");
    await panel.untilActive("lobby");
    await search("secret", "a secret `word`");
    await editorShows(`# bobby at ${server.url}`);
    await editorShows("a secret `word`");
    await window.runCommand("View: Close Editor");
  });

  it("Ctrl+F in the panel opens its own search bar", async () => {
    await window.runCommand("Chat: Open");
    panel = await ChatPanel.of(window);
    await panel.composer.press("Control+f");
    await panel.frame.getByRole("search").waitFor();
    await window.page.keyboard.press("Escape");
  });

  it("Clear History asks, and deletes both what is shown and what is saved", async () => {
    const kept = (): Promise<string[]> => readdir(join(windows.keptFolder, "..", "history"));
    assert.equal((await kept()).length, 2);
    const transfers = join(windows.keptFolder, "..", "transfers");
    await mkdir(transfers, { recursive: true });
    await writeFile(join(transfers, `${"0".repeat(32)}.copy`), "left by a crash");
    await window.runCommand("Chat: Clear History");
    const dialog = window.page.locator(".monaco-dialog-box");
    await dialog.waitFor();
    assert.match(await dialog.innerText(), /Clear the Fork Chat history/u);
    await dialog.getByRole("button", { name: "Clear All Conversations" }).click();
    await dialog.waitFor({ state: "detached" });
    await eventually(
      "the log without the messages",
      async () => !(await panel.log("lobby").innerText()).includes("line"),
    );
    assert.equal((await kept()).length, 1, "the lobby’s own, without a line");
    await eventually("no copy of a file", async () => (await readdir(transfers)).length === 0);
    await bobby.type("said afterwards");
    await panel.shows("lobby", "said afterwards");
    await window.reload();
    panel = await ChatPanel.of(window);
    await panel.shows("lobby", "said afterwards");
    assert.ok(!(await panel.log("lobby").innerText()).includes(`line ${COUNT - 1}`));
  });
});
