// Changes go from one clone to another: chosen, reviewed, applied onto files with edits of their own, and undone at once.
import assert from "node:assert/strict";
import { mkdir, readFile, stat, truncate } from "node:fs/promises";
import { dirname, join } from "node:path";
import { changeLimits } from "../../../protocol/changesPart.ts";
import { commit, edit, functionsOf, git, write } from "../../support/gitRepository.ts";
import { ServerProcess } from "../../support/serverProcess.ts";
import { ChatPanel } from "../driver/chatPanel.ts";
import { eventually } from "../driver/eventually.ts";
import type { VsCodeWindow } from "../driver/vscodeWindow.ts";
import { ChatWindows, joinByPalette } from "./chatWindows.ts";

const A = functionsOf("first");
const B = functionsOf("second");
const theirs = (text: string): string => text.replace("second * 2;", "second * 20;");
const mine = (text: string): string => `// Mine.\n${text}`;

describe("changes of files", function () {
  this.timeout(300_000);
  let server: ServerProcess;
  let windows: ChatWindows;
  let sender: VsCodeWindow;
  let window: VsCodeWindow;
  let anna: ChatPanel;
  let bobby: ChatPanel;

  const path = (who: string, name: string) => join(windows.folderOf(who), name);
  const textOf = (name: string): Promise<string> => readFile(path("bobby", name), "utf8");
  const card = (panel: ChatPanel, name: string) =>
    panel.frame.getByRole("group", { name, exact: true }).last();
  const press = (name: string, button: string) =>
    card(bobby, name).getByRole("button", { name: button, exact: true }).click();
  const sends = async (line: string, name: string): Promise<void> => {
    await anna.type(line);
    await sender.quickInput.waitFor("Choose the files whose changes to send");
    await sender.quickInput.accept();
    await anna.frame.getByRole("group", { name: `Attached: ${name}`, exact: true }).waitFor();
    await anna.frame.getByText("to bobby", { exact: true }).waitFor();
    await anna.composer.press("Enter");
    await card(bobby, name).waitFor();
  };

  before(async () => {
    server = await ServerProcess.start();
    // In a browser VS Code saves by itself: what is not saved could not be seen.
    windows = await ChatWindows.start(server.url, { "files.autoSave": "off" }, ["git", "git-base"]);
    const origin = windows.folderOf("origin");
    await mkdir(origin);
    await git(origin, "init", "--quiet");
    await commit(origin, { "src/a.ts": A, "src/b.ts": B, "src/c.ts": "return first * 1;\n" });
    for (const name of ["anna", "bobby"]) await git(dirname(origin), "clone", "--quiet", "origin", name);
    await write(windows.folderOf("anna"), {
      "src/a.ts": theirs(A),
      "src/b.ts": theirs(B),
      "new.txt": "new\n",
      "video.mp4": "",
    });
    await truncate(path("anna", "video.mp4"), changeLimits.bytes + 1);
    await edit(windows.folderOf("bobby"), "src/a.ts", mine);
    sender = await windows.open("anna");
    anna = await joinByPalette(sender, "anna");
    window = await windows.open("bobby");
    bobby = await joinByPalette(window, "bobby");
    await anna.type("\\changes");
    await anna.shows("lobby", "they need a private session");
    await anna.type("\\fork bobby");
    await anna.untilActive("bobby");
    await bobby.type("\\switch anna");
    await bobby.untilActive("anna");
  });

  after(async () => {
    await windows.stop();
    await server.stop();
  });

  it("are chosen, without a file that is too large, sent with words, and listed on a card", async () => {
    await sends("\\changes", "Changes: 3 files");
    await sender.notification("video.mp4 cannot be sent");
    const rows = await card(bobby, "Changes: 3 files").getByRole("listitem").allInnerTexts();
    assert.deepEqual(
      rows.map((row) => row.replaceAll(/\s+/gu, " ")),
      ["src/a.ts +1 −1", "src/b.ts +1 −1", "new.txt new +1"],
    );
  });

  it("are reviewed side by side", async () => {
    await press("Changes: 3 files", "Review");
    await eventually("the diff", async () =>
      (await window.editorTitles()).some((title) => title.startsWith("Changes from anna")),
    );
    await window.page.locator(".multiDiffEditor .monaco-editor:visible").first().waitFor();
    assert.equal(await textOf("src/b.ts"), B);
  });

  it("take notes at their lines, which the sender has at their own", async () => {
    await window.page
      .locator(".multiDiffEditor .editor.modified .monaco-editor[data-uri*='/src/b.ts']:visible .view-line")
      .filter({ hasText: "20;" })
      .click();
    await window.runCommand("Chat: Start a Note Here");
    const note = window.page.locator(".review-widget:visible", { hasText: "Note to anna" });
    await note.locator(".monaco-editor.focused").waitFor();
    await window.page.keyboard.insertText("Why twenty?");
    await note.getByRole("button", { name: /^Send\b/ }).click();
    await anna.shows("bobby", "Why twenty?");
    const line =
      theirs(B)
        .split("\n")
        .findIndex((text) => text.includes("20;")) + 1;
    await card(anna, `Code src/b.ts:${String(line)}-${String(line)}`)
      .getByText(/^same lines/)
      .waitFor();
  });

  const apply = async (): Promise<void> => {
    await press("Changes: 3 files", "Apply");
    await window.notification("Changed 3 files. Edited files are not saved yet.");
    await window.clearNotifications();
  };
  const saysApplied = (): Promise<void> =>
    card(bobby, "Changes: 3 files")
      .getByRole("status")
      .getByText(/^Applied at /)
      .waitFor();
  const isThere = (name: string): Promise<boolean> =>
    stat(path("bobby", name)).then(
      () => true,
      () => false,
    );

  /** Saves edited files, as soon as VS Code has opened their editors: it saves files that have one. */
  const saveAll = async (...names: string[]): Promise<void> => {
    for (const name of names)
      await window.page.locator(`.part.editor .tab[aria-label^="${name}"]`).first().waitFor();
    await window.runCommand("File: Save All Files");
  };

  it("are applied from the review, and undone at once, in all files", async () => {
    await window.page.getByRole("button", { name: "Apply Changes" }).click();
    await window.notification("Changed 3 files. Edited files are not saved yet.");
    await window.clearNotifications();
    await eventually("the new file", () => isThere("new.txt"));
    await saveAll("a.ts", "b.ts");
    await eventually("the files", async () => (await textOf("src/b.ts")) === theirs(B));
    await window.runCommand("View: Focus Right Editor Group");
    await window.openFile("b.ts");
    await window.page
      .locator(
        ".part.editor .monaco-editor[data-uri^='vscode-remote'][data-uri$='/src/b.ts'] .view-lines:visible",
      )
      .first()
      .click();
    await window.page.keyboard.press("ControlOrMeta+Z");
    await eventually("no new file", async () => !(await isThere("new.txt")));
    await saveAll();
    await eventually("the former files", async () => (await textOf("src/b.ts")) === B);
    await eventually("the other one", async () => (await textOf("src/a.ts")) === mine(A));
  });

  it("are applied onto a file with edits, and nothing is saved", async () => {
    await apply();
    await saysApplied();
    assert.equal(await textOf("src/b.ts"), B);
    await saveAll("a.ts", "b.ts");
    await eventually("the files", async () => (await textOf("src/b.ts")) === theirs(B));
    await eventually("the other one", async () => (await textOf("src/a.ts")) === mine(theirs(A)));
    assert.equal(await textOf("new.txt"), "new\n");
  });

  it("that are there already are not applied again", async () => {
    await press("Changes: 3 files", "Apply");
    await window.notification("You already have these changes.");
  });

  it("that conflict are listed before anything is written, and can be written with markers", async () => {
    await edit(windows.folderOf("anna"), "src/c.ts", (text) => text.replace("first * 1;", "first * 7;"));
    await edit(windows.folderOf("bobby"), "src/c.ts", (text) => text.replace("first * 1;", "first * 8;"));
    await sends("\\changes", "Changes: 4 files");
    const dialog = window.page.locator(".monaco-dialog-box");
    const listed = "src/c.ts: 1 conflict with your own edits";
    await press("Changes: 4 files", "Apply");
    await dialog.getByText(listed).waitFor();
    await dialog.getByRole("button", { name: "Cancel" }).click();
    assert.ok((await textOf("src/c.ts")).includes("first * 8;"));
    await press("Changes: 4 files", "Apply");
    await dialog.getByText(listed).waitFor();
    await dialog.getByRole("button", { name: "Write Conflict Markers" }).click();
    await window.notification(
      "Changed 1 file. Resolve the conflicts in src/c.ts. Edited files are not saved yet.",
    );
    await saveAll("c.ts");
    const marked = "<<<<<<< your version\nreturn first * 8;\n=======\nreturn first * 7;\n>>>>>>> anna\n";
    await eventually("the markers", async () => (await textOf("src/c.ts")).includes(marked));
  });

  it("are still there after a reload", async () => {
    await window.reload();
    bobby = await ChatPanel.of(window);
    await saysApplied();
    await press("Changes: 3 files", "Apply");
    await window.notification("You already have these changes.");
  });
});
