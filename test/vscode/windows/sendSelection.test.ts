// Lines go from an editor into the composer, and from there to the other window.
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ServerProcess } from "../../support/serverProcess.ts";
import { ChatPanel } from "../driver/chatPanel.ts";
import { eventually } from "../driver/eventually.ts";
import type { VsCodeWindow } from "../driver/vscodeWindow.ts";
import { ChatWindows, joinByPalette } from "./chatWindows.ts";

const CODE = "const one = 1;\nconst two = 2;\nconst three = 3;\n";

describe("lines of code from an editor", function () {
  this.timeout(180_000);
  let server: ServerProcess;
  let windows: ChatWindows;
  let window: VsCodeWindow;
  let anna: ChatPanel;
  let bobby: ChatPanel;

  const dialog = (text: string) => window.page.locator(".monaco-dialog-box", { hasText: text });
  const chip = (place: string) => anna.frame.getByRole("group", { name: `Attached: ${place}`, exact: true });

  before(async () => {
    server = await ServerProcess.start();
    windows = await ChatWindows.start(server.url);
    await mkdir(windows.folderOf("anna"), { recursive: true });
    await writeFile(join(windows.folderOf("anna"), "numbers.txt"), CODE);
    await writeFile(join(windows.folderOf("anna"), ".env"), "PASSWORD=1234\n");
    window = await windows.open("anna");
    anna = await joinByPalette(window, "anna");
    bobby = await joinByPalette(await windows.open("bobby"), "bobby");
  });

  after(async () => {
    await windows.stop();
    await server.stop();
  });

  it("are attached by the palette, after a question about the lobby, and are sent with Enter", async () => {
    await window.openFile("numbers.txt");
    await window.page.keyboard.press("ControlOrMeta+Home");
    await window.page.keyboard.press("Shift+ArrowDown");
    await window.page.keyboard.press("Shift+ArrowDown");
    await window.runCommand("Chat: Send Selection");
    await dialog("Show code to everyone in the lobby?").getByRole("button", { name: "Attach" }).click();
    // The file had covered the page.
    anna = await ChatPanel.of(window);
    await chip("numbers.txt:1-2").waitFor();
    await anna.composer.press("Enter");
    await bobby.shows("lobby", "const two = 2;");
  });

  it("are attached by the keybinding without another question", async () => {
    await window.openFile("numbers.txt");
    await window.page.keyboard.press("ControlOrMeta+Home");
    await window.page.keyboard.press("Shift+Alt+M");
    anna = await ChatPanel.of(window);
    await chip("numbers.txt:1-1").waitFor();
    await anna.composer.press("Enter");
    await bobby.shows("lobby", "numbers.txt:1");
  });

  it("are attached by what is typed, with a question about a file that may hold secrets", async () => {
    await anna.type("\\send numbers.txt:3");
    await chip("numbers.txt:3-3").waitFor();
    await anna.type("\\send .env:1");
    await dialog(".env may hold secrets. Send this to everyone in the lobby?")
      .getByRole("button", { name: "Cancel" })
      .click();
    await chip("numbers.txt:3-3").waitFor();
    await anna.type("\\send numbers.txt:9");
    await anna.shows("lobby", "numbers.txt has only 4 lines.");
  });

  it("and words that look like a secret are sent only after a question, and return when it is declined", async () => {
    const secret = `use ghp_${"a".repeat(36)}`;
    const question = dialog(
      "This looks like a private key or an access token. Send it to everyone in the lobby?",
    );
    await anna.type(secret);
    await question.getByRole("button", { name: "Cancel" }).click();
    await eventually("the text to return", async () => (await anna.composer.inputValue()) === secret);
    await chip("numbers.txt:3-3").waitFor();
    await anna.composer.press("Enter");
    await question.getByRole("button", { name: "Send" }).click();
    await bobby.shows("lobby", secret);
    const texts = await bobby.log("lobby").innerText();
    assert.equal(texts.split(secret).length, 2, "it was sent once");
  });
});
