// A file goes from one window to the other: offered, saved, paused, and resumed after a reload in the midst of it.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readdir, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { ServerProcess } from "../../support/serverProcess.ts";
import { ChatPanel } from "../driver/chatPanel.ts";
import { eventually } from "../driver/eventually.ts";
import type { VsCodeWindow } from "../driver/vscodeWindow.ts";
import { ChatWindows, joinByPalette } from "./chatWindows.ts";

const SMALL = randomBytes(3 * 1024 * 1024 + 5);

/** Much more than goes over while a test looks at the page twice. */
const LARGE_BYTES = 256 * 1024 * 1024;

describe("a file", function () {
  this.timeout(300_000);
  let server: ServerProcess;
  let windows: ChatWindows;
  let window: VsCodeWindow;
  let anna: ChatPanel;
  let bobby: ChatPanel;

  const card = (panel: ChatPanel, name: string) =>
    panel.frame.getByRole("group", { name: `File: ${name}`, exact: true });
  const press = (panel: ChatPanel, name: string, button: string) =>
    card(panel, name).getByRole("button", { name: button, exact: true }).click();
  const says = (panel: ChatPanel, name: string, what: RegExp) =>
    eventually(`${name} ${String(what)}`, async () =>
      what.test(await card(panel, name).getByRole("status").innerText({ timeout: 1000 })),
    );
  const saves = async (name: string): Promise<void> => {
    await press(bobby, name, "Save…");
    await window.quickInput.waitFor("Select a folder for the file");
    await window.page.locator(".quick-input-widget").getByText("Save Here", { exact: true }).click();
  };
  const path = (who: string, name: string) => join(windows.folderOf(who), name);

  before(async () => {
    server = await ServerProcess.start();
    windows = await ChatWindows.start(server.url);
    await mkdir(windows.folderOf("anna"), { recursive: true });
    await writeFile(path("anna", "small.bin"), SMALL);
    await writeFile(path("anna", "large.bin"), randomBytes(8 * 1024 * 1024));
    await truncate(path("anna", "large.bin"), LARGE_BYTES);
    anna = await joinByPalette(await windows.open("anna"), "anna");
    window = await windows.open("bobby");
    bobby = await joinByPalette(window, "bobby");
    await anna.type("\\file small.bin");
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

  it("is offered, saved into a folder, and equal byte by byte", async () => {
    await anna.type("\\file small.bin");
    await saves("small.bin");
    await says(bobby, "small.bin", /received$/u);
    await says(anna, "small.bin", /sent$/u);
    assert.deepEqual(await readFile(path("bobby", "small.bin")), SMALL);
  });

  it("is shown in the Explorer", async () => {
    await press(bobby, "small.bin", "Show");
    await window.page
      .locator(".explorer-folders-view .monaco-list-row.selected", { hasText: "small.bin" })
      .waitFor();
  });

  it("is paused, survives a reload of its receiver, and goes on where it was", async () => {
    await anna.type("\\file large.bin");
    await saves("large.bin");
    await card(bobby, "large.bin").getByRole("progressbar").waitFor();
    await press(bobby, "large.bin", "Pause");
    await says(bobby, "large.bin", / · Paused$/u);
    await says(anna, "large.bin", / · Paused on the other side$/u);
    assert.ok(!(await readdir(windows.folderOf("bobby"))).includes("large.bin"));
    await window.reload();
    bobby = await ChatPanel.of(window);
    await says(bobby, "large.bin", / · Paused$/u);
    await press(bobby, "large.bin", "Resume");
    await says(bobby, "large.bin", /received$/u);
    await says(anna, "large.bin", /sent$/u);
    assert.equal(await hashOf(path("bobby", "large.bin")), await hashOf(path("anna", "large.bin")));
  });
});

async function hashOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}
