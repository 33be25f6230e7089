// Files that are given by hand: dragged from the Explorer onto a person, and a picture that is pasted into a message.
import assert from "node:assert/strict";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ServerProcess } from "../../support/serverProcess.ts";
import { ChatPanel } from "../driver/chatPanel.ts";
import { eventually } from "../driver/eventually.ts";
import type { VsCodeWindow } from "../driver/vscodeWindow.ts";
import { ChatWindows, joinByPalette } from "./chatWindows.ts";

describe("files that are given by hand", function () {
  this.timeout(300_000);
  let server: ServerProcess;
  let windows: ChatWindows;
  let window: VsCodeWindow;
  let anna: ChatPanel;
  let bobby: ChatPanel;

  const card = (panel: ChatPanel, name: string | RegExp) => panel.frame.getByRole("group", { name });

  /** Pastes a picture into anna's message to bobby. */
  const paste = async () => {
    await anna.frame.locator(".input").evaluate(async (field) => {
      const canvas = document.createElement("canvas");
      Object.assign(canvas, { width: 64, height: 48 });
      const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done));
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File([blob ?? ""], "image.png", { type: "image/png" }));
      field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    });
    await waits();
  };

  /** The picture waits in anna's message to bobby. */
  const waits = () =>
    card(anna, "Files for bobby")
      .getByText(/^Picture .*\.png$/u)
      .waitFor();

  /** Both see the last picture. */
  const isShown = async () => {
    for (const panel of [anna, bobby]) {
      const picture = card(panel, /^File: Picture/u)
        .last()
        .getByRole("img");
      await picture.waitFor();
      await eventually("the picture is drawn", () =>
        picture.evaluate((canvas: HTMLCanvasElement) => canvas.width > 1),
      );
    }
  };

  before(async () => {
    server = await ServerProcess.start();
    windows = await ChatWindows.start(server.url);
    await mkdir(windows.folderOf("anna"), { recursive: true });
    await writeFile(join(windows.folderOf("anna"), "notes.txt"), "hello");
    window = await windows.open("anna");
    anna = await joinByPalette(window, "anna");
    bobby = await joinByPalette(await windows.open("bobby"), "bobby");
    await anna.type("\\fork bobby");
    await anna.untilActive("bobby");
    await bobby.type("\\switch anna");
    await bobby.untilActive("anna");
  });

  after(async () => {
    await windows.stop();
    await server.stop();
  });

  it("go from the Explorer to the person on whom they are dropped", async () => {
    const { page } = window;
    // The icon of what is shown already would hide it.
    if (!(await page.locator(".explorer-folders-view").isVisible()))
      await page.locator(".activitybar a[aria-label^='Explorer']").click();
    const file = page.locator(".explorer-folders-view .monaco-list-row", { hasText: "notes.txt" });
    await file.hover();
    await page.mouse.down();
    const icon = page.locator(".activitybar a[aria-label^='Fork Chat']");
    const { x, y, width, height } = (await icon.boundingBox()) ?? assert.fail("no icon");
    const person = page.locator(".sidebar .pane", { hasText: "People" }).locator(".monaco-list-row", {
      hasText: "bobby",
    });
    let shift = 0;
    await eventually("the side bar shows Fork Chat", async () => {
      // A hand that holds something over an icon is never quite still.
      shift = 1 - shift;
      await page.mouse.move(x + width / 2 + shift, y + height / 2);
      return person.isVisible();
    });
    await person.hover();
    await person.hover();
    await page.mouse.up();
    await card(bobby, "File: notes.txt").waitFor();
    await card(bobby, "File: notes.txt").getByRole("button", { name: "Decline", exact: true }).click();
  });

  it("wait in the message with the receiver's name, and are shown at once to someone who knows the sender", async () => {
    await bobby.type("send me a picture");
    await anna.shows("bobby", "send me a picture");
    await paste();
    await anna.frame.locator(".input").press("Enter");
    await isShown();
    const folder = windows.folderOf("bobby");
    assert.ok(!(await readdir(folder).catch(() => [])).some((name) => name.endsWith(".png")));
    await card(bobby, /^File: Picture/u)
      .getByRole("button", { name: "Save…", exact: true })
      .waitFor();
    await window.runCommand("Chat: Transfers");
    await window.quickInput.waitFor("Select a file to show its message");
    assert.match((await window.quickInput.labels()).join(), /Picture .*\.png/u);
    await window.quickInput.cancel();
  });

  it("still wait in the message after a reload and after a crash, beside its words", async () => {
    await paste();
    await anna.frame.locator(".input").fill("and this one?");
    await window.reload();
    anna = await ChatPanel.of(window);
    await anna.untilActive("bobby");
    await waits();
    process.kill(await windows.processOf("anna"), "SIGKILL");
    await window.reload();
    anna = await ChatPanel.of(window);
    await anna.untilActive("bobby");
    await waits();
    assert.equal(await anna.frame.locator(".input").inputValue(), "and this one?");
    await anna.frame.locator(".input").press("Enter");
    await bobby.shows("anna", "and this one?");
    await eventually("both pictures", async () => (await card(bobby, /^File: Picture/u).count()) === 2);
    await isShown();
  });
});
