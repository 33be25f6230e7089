// A problem, a failed test and a terminal's output go from one window to the other, and the clipboard stays as it was.
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { ServerProcess } from "../../support/serverProcess.ts";
import { ChatPanel } from "../driver/chatPanel.ts";
import { eventually } from "../driver/eventually.ts";
import type { VsCodeWindow } from "../driver/vscodeWindow.ts";
import { ChatWindows, joinByPalette } from "./chatWindows.ts";

const TEXT = "# Notes\n\nSee [the plan](plan.md).\n";
const TOKEN = `ghp_${"a".repeat(36)}`;

describe("problems, failed tests and output", function () {
  this.timeout(240_000);
  let server: ServerProcess;
  let windows: ChatWindows;
  let window: VsCodeWindow;
  let anna: ChatPanel;
  let bobby: ChatPanel;

  const dialog = (text: string) => window.page.locator(".monaco-dialog-box", { hasText: text });
  const chip = (what: string) => anna.frame.getByRole("group", { name: `Attached: ${what}`, exact: true });
  const card = (name: string | RegExp) => bobby.log("lobby").getByRole("group", { name });
  const clipboard = () => window.page.evaluate(() => navigator.clipboard.readText());
  /** Sends what is attached, and waits until it is gone. */
  const send = async (what: string): Promise<void> => {
    await anna.composer.press("Enter");
    await chip(what).waitFor({ state: "detached" });
  };
  /** Chooses from a menu, which takes no click when it has just opened. */
  const choose = async (name: string): Promise<void> => {
    const item = window.page.getByRole("menuitem", { name });
    await item.waitFor();
    await eventually(`“${name}” to be chosen`, async () => {
      await item.click({ timeout: 1_000 }).catch(() => undefined);
      return (await item.count()) === 0;
    });
  };
  /** The problem's mark in the file that is open. */
  const problem = () =>
    window.page.locator(".part.editor .squiggly-warning, .part.editor .squiggly-error").first();
  const inTerminal = async (command: string, says: string): Promise<void> => {
    await window.runCommand("Terminal: Focus Terminal");
    await window.page.keyboard.type(command);
    await window.page.keyboard.press("Enter");
    await eventually(`“${says}” in the terminal`, async () =>
      new RegExp(`^${says}`, "mu").test(await window.terminalText()),
    );
  };

  before(async () => {
    server = await ServerProcess.start();
    const settings = {
      "markdown.validate.enabled": true,
      "terminal.integrated.gpuAcceleration": "off",
      "terminal.integrated.defaultProfile.linux": "bash",
      // No home: what its shell starts may take long.
      "terminal.integrated.env.linux": { HOME: "/nowhere" },
    };
    windows = await ChatWindows.start(server.url, settings, [resolve("test/vscode/fixtures/failing-test")]);
    await mkdir(windows.folderOf("anna"), { recursive: true });
    await writeFile(join(windows.folderOf("anna"), "notes.md"), TEXT);
    await writeFile(join(windows.folderOf("anna"), "pool.test.txt"), "pool\ncloses once\n");
    window = await windows.open("anna");
    await window.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    anna = await joinByPalette(window, "anna");
    bobby = await joinByPalette(await windows.open("bobby"), "bobby");
  });

  after(async () => {
    await windows.stop();
    await server.stop();
  });

  it("of a file are attached at the cursor, and are a card on the other side", async () => {
    await window.openFile("notes.md");
    await problem().waitFor();
    await window.page.keyboard.press("ControlOrMeta+Home");
    await window.page.keyboard.press("ArrowDown");
    await window.page.keyboard.press("ArrowDown");
    await window.runCommand("Chat: Send Problem");
    await dialog("Show code to everyone in the lobby?").getByRole("button", { name: "Attach" }).click();
    anna = await ChatPanel.of(window);
    await chip("notes.md:3-3").waitFor();
    await send("notes.md:3");
    const shown = card("Code notes.md:3-3");
    await shown.getByRole("img", { name: /Warning|Error/ }).waitFor();
    assert.match(await shown.innerText(), /plan\.md/);
    assert.match(await shown.innerText(), /warning: .*\(link\.no-such-file\)/);
    assert.equal(await shown.locator("code").innerText(), "See [the plan](plan.md).");
  });

  it("of the Problems view are attached by its quick fix", async () => {
    await window.openFile("notes.md");
    await problem().waitFor();
    await window.runCommand("Problems: Focus on Problems View");
    const row = window.page.locator(".markers-panel .monaco-list-row", { hasText: "link.no-such-file" });
    await row.click();
    await window.page.keyboard.press("ControlOrMeta+.");
    await choose("Send Problem to the Chat");
    anna = await ChatPanel.of(window);
    await chip("notes.md:3-3").waitFor();
    await send("notes.md:3");
    await eventually("two cards", async () => (await card("Code notes.md:3-3").count()) === 2);
  });

  it("are offered by no bulb where VS Code offers none", async () => {
    await window.openFile("notes.md");
    await window.page.keyboard.press("ControlOrMeta+Home");
    await window.runCommand("Chat: Send Problem");
    await window.notification("There's no problem on this line.");
    assert.equal(await window.page.locator(".lightBulbWidget:visible").count(), 0);
  });

  it("of a test are attached from the menu of its failure's message", async () => {
    const rows = window.page.locator(".test-output-peek-tree .monaco-list-row");
    await window.runCommand("Test: Run All Tests");
    await window.runCommand("Test Results: Focus on Test Results View");
    await rows.filter({ hasText: "closes once" }).first().click();
    await window.page.keyboard.press("ArrowRight");
    await rows.filter({ hasText: "Closed twice." }).last().click({ button: "right" });
    await choose("Send Test Failure");
    anna = await ChatPanel.of(window);
    await chip("closes once").waitFor();
    await send("closes once");
    const shown = card("Failed test: closes once");
    assert.equal(
      await shown.locator("code").innerText(),
      "Closed twice.\n\n- expected\n+ actual\n\n- closed: 1\n+ closed: 2\n\n    at pool.test.txt:2:3",
    );
    await shown.getByRole("link", { name: "pool.test.txt:2", exact: true }).waitFor();
  });

  it("of a test are attached by the button on its failure", async () => {
    await window.runCommand("Test Results: Focus on Test Results View");
    const rows = window.page.locator(".test-output-peek-tree .monaco-list-row");
    await rows.filter({ hasText: "Closed twice." }).last().click();
    await window.page.locator(".floating-click-widget", { hasText: "Send Test Failure" }).click();
    anna = await ChatPanel.of(window);
    await chip("closes once").waitFor();
    await send("closes once");
    await eventually("two cards", async () => (await card("Failed test: closes once").count()) === 2);
  });

  it("of a test alone are its lines, from the menu of the test", async () => {
    await window.runCommand("Testing: Focus on Test Explorer View");
    const test = window.page.locator(".test-explorer .monaco-list-row", { hasText: "closes once" }).last();
    await test.click({ button: "right" });
    await choose("Send Test Failure");
    await window.notification("The test was attached without its failure.");
    anna = await ChatPanel.of(window);
    await chip("pool.test.txt:2-2").waitFor();
    await send("pool.test.txt:2");
    await card("Code pool.test.txt:2-2").getByText("Test: closes once").waitFor();
  });

  it("of the last command are attached with the command and its exit code", async () => {
    await window.runCommand("Terminal: Create New Terminal");
    await window.page.locator(".terminal-wrapper.active .xterm-helper-textarea").waitFor();
    await eventually("a prompt", async () => (await window.terminalText()) !== "");
    await window.page.evaluate(() => navigator.clipboard.writeText("mine"));
    await inTerminal(String.raw`printf '\033[31mred\033[0m and so on\n'; false`, "red and so on");
    await window.runCommand("Chat: Send Terminal Output");
    const command = String.raw`printf '\033[31mred\033[0m and so on\n'; false`;
    anna = await ChatPanel.of(window);
    await chip(command).waitFor();
    assert.equal(await clipboard(), "mine");
    await send(command);
    const shown = card(`Terminal output: ${command}`);
    await shown.getByText("exit code 1").waitFor();
    assert.equal(await shown.locator("code").innerText(), "red and so on");
  });

  it("that are selected are attached alone", async () => {
    await inTerminal("clear; echo picked", "picked");
    await window.runCommand("Terminal: Select All");
    await window.runCommand("Chat: Send Terminal Output");
    anna = await ChatPanel.of(window);
    await chip("Terminal output").waitFor();
    assert.equal(await clipboard(), "mine");
    await send("Terminal output");
    await card("Terminal output").getByText("picked").first().waitFor();
  });

  it("that hold a token are not attached without a question", async () => {
    await inTerminal(`clear; echo ${TOKEN}`, TOKEN);
    await window.runCommand("Chat: Send Terminal Output");
    await dialog("This looks like a private key or an access token. Send it to everyone in the lobby?")
      .getByRole("button", { name: "Cancel" })
      .click();
    assert.equal(await clipboard(), "mine");
    anna = await ChatPanel.of(window);
    assert.equal(await anna.frame.getByRole("group", { name: /^Attached/ }).count(), 0);
  });
});
