// Takes the pictures of the panel for the README and the documents, only when FORKCHAT_PICTURES names their folder. What they
// show is tested in `themes` and in `test/webview`.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writePicture } from "../../support/pictures.ts";
import { ServerProcess } from "../../support/serverProcess.ts";
import type { Theme } from "../driver/vscodeWindow.ts";
import { ChatWindows, joinByPalette } from "./chatWindows.ts";
import { CODE, People } from "./morning.ts";

const FOLDER = process.env["FORKCHAT_PICTURES"];
const SIZE = { width: 1280, height: 840 };
const NARROW = { ...SIZE, width: 680 };

const looks = {
  dark: "Dark Modern",
  light: "Light Modern",
  "high-contrast-dark": "Dark High Contrast",
  "high-contrast-light": "Light High Contrast",
} as const satisfies Record<string, Theme>;

async function takePictures(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const server = await ServerProcess.start("--port", "43210");
  const windows = await ChatWindows.start(server.url, { "editor.minimap.enabled": false });
  const people = new People();
  try {
    // Sharp on high-resolution screens, too.
    const window = await windows.open("words", { viewport: SIZE, theme: looks.dark, scale: 2 });
    const picture = async (name: string): Promise<void> =>
      writePicture(join(folder, `panel-${name}.png`), await window.screenshot());
    await writeFile(join(windows.folderOf("words"), "countWords.ts"), CODE);
    await window.runCommand("View: Toggle Secondary Side Bar Visibility");
    await window.runCommand("View: Show Fork Chat");
    await window.openFile("countWords.ts");
    const panel = await joinByPalette(window, "anna");
    await people.talk(panel, server.url);

    for (const [name, theme] of Object.entries(looks)) {
      await window.setTheme(theme);
      await panel.tab("lobby").click();
      await panel.shows("lobby", "umlauts");
      await picture(name);
    }

    await window.setTheme(looks.light);
    await panel.tab("carmen").click();
    await panel.frame.getByRole("button", { name: "Verify carmen" }).click();
    await panel.frame.getByRole("dialog").waitFor();
    await picture("verify");
    await panel.frame.getByRole("button", { name: "Close" }).click();
    await panel.frame.getByRole("dialog").waitFor({ state: "detached" });

    await panel.tab("bobby").click();
    await panel.untilActive("bobby");
    // Hidden while the window is narrow, the side bar keeps its width.
    await window.runCommand("View: Toggle Primary Side Bar Visibility");
    await window.page.setViewportSize(NARROW);
    await picture("narrow");
    await window.page.setViewportSize(SIZE);
    await window.runCommand("View: Toggle Primary Side Bar Visibility");

    await window.setTheme(looks.dark);
    await server.stop("SIGKILL");
    await panel.untilTabs("the lobby to be closed", ([lobby = ""]) => lobby.includes("closed"));
    await panel.tab("carmen").click();
    await panel.untilActive("carmen");
    await panel.type("Still there?");
    await people.carmen.untilShown("anna", "Still there?");
    await people.carmen.run("\\switch 1");
    await people.carmen.type("Of course: this does not need the server.");
    await panel.shows("carmen", "does not need the server");
    await picture("private-without-server");
  } finally {
    await people.close();
    await windows.stop();
    await server.stop();
  }
}

if (FOLDER !== undefined) {
  it("pictures of the panel", async function () {
    this.timeout(600_000);
    await takePictures(FOLDER);
  });
}
