// Two windows: one asks where the other is, and gets a card that opens at the same line, or nothing.
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ServerProcess } from "../../support/serverProcess.ts";
import { ChatPanel } from "../driver/chatPanel.ts";
import { eventually } from "../driver/eventually.ts";
import type { VsCodeWindow } from "../driver/vscodeWindow.ts";
import { ChatWindows, joinByPalette } from "./chatWindows.ts";

const LINES = ["alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliett"];
const CODE = LINES.map((word, i) => `const ${word} = compute("${word}", ${String(i)});\n`).join("");

const user = {
  ...{ "workbench.editor.useModal": "off", "editor.autoClosingBrackets": "never" },
  "editor.autoClosingQuotes": "never",
};

describe("where someone is", function () {
  this.timeout(240_000);
  let server: ServerProcess;
  let windows: ChatWindows;
  let asker: VsCodeWindow;
  let teller: VsCodeWindow;
  let anna: ChatPanel;
  let bobby: ChatPanel;

  const card = (panel: ChatPanel, session: string, place: string) =>
    panel.log(session).getByRole("group", { name: `Code ${place}`, exact: true });

  /** Opens the file in bobby's window, with the cursor at this line. */
  async function goTo(line: number): Promise<void> {
    await teller.openFile("words.ts");
    await teller.page.keyboard.press("ControlOrMeta+Home");
    for (let i = 1; i < line; i++) await teller.page.keyboard.press("ArrowDown");
    await eventually(
      `line ${String(line)}`,
      async () => (await teller.statusBarItem(`Ln ${String(line)},`)) !== undefined,
    );
  }

  async function openChat(window: VsCodeWindow): Promise<ChatPanel> {
    await window.runCommand("Chat: Open");
    return ChatPanel.of(window);
  }

  before(async () => {
    server = await ServerProcess.start();
    windows = await ChatWindows.start(server.url);
    await windows.setUserSettings(user);
    for (const name of ["anna", "bobby"]) {
      await mkdir(join(windows.folderOf(name), "src"), { recursive: true });
      await writeFile(join(windows.folderOf(name), "src", "words.ts"), CODE);
      await writeFile(join(windows.folderOf(name), ".env"), "PASSWORD=1234\n");
    }
    asker = await windows.open("anna");
    teller = await windows.open("bobby");
    anna = await joinByPalette(asker, "anna");
    bobby = await joinByPalette(teller, "bobby");
    await anna.shows("lobby", "bobby has joined");
    await anna.type("\\fork bobby");
    await anna.untilActive("bobby");
    await bobby.untilTabs("anna's session", (tabs) => tabs.length === 2);
  });

  after(async () => {
    await windows.stop();
    await server.stop();
  });

  it("is a sentence before there is anyone to ask", async () => {
    await anna.type("\\where carmen");
    await anna.shows("bobby", "You have no connected private session with carmen.");
  });

  it("is told when the user agrees, also while the chat covers the file, and opens at that line", async () => {
    await goTo(7);
    // The chat covers the file.
    bobby = await openChat(teller);
    await anna.type("\\where bobby");
    await anna.shows("bobby", "Asking bobby where they are.");
    const text = await teller.notification("asks where you are", "Send");
    assert.equal(text, "anna asks where you are. Send them your file and line?");
    await card(anna, "bobby", "src/words.ts:7-7").getByText("same lines").waitFor();
    await card(anna, "bobby", "src/words.ts:7-7").getByRole("button", { name: "Open", exact: true }).click();
    // VS Code splits a file's name from its ending.
    await eventually("the file", async () => (await asker.editorTitles()).includes("words"));
    await eventually("its line", async () => (await asker.statusBarItem("Ln 7,")) !== undefined);
  });

  it("is shown without being asked, in the session that the user sees", async () => {
    await bobby.tab("anna").click();
    await bobby.untilActive("anna");
    await goTo(3);
    await teller.runCommand("Chat: Show Where I Am");
    anna = await openChat(asker);
    await card(anna, "bobby", "src/words.ts:3-3").waitFor();
  });

  it("is told at once to someone verified, but asked about in a file that may hold secrets", async () => {
    bobby = await openChat(teller);
    await bobby.type("\\verify");
    await bobby.frame.getByRole("button", { name: "They Match" }).click();
    await bobby.shows("anna", "You verified anna");
    await teller.editUserSettings({ ...user, "forkchat.tellWhere": "verified" });
    await goTo(9);
    await anna.type("\\where bobby");
    await card(anna, "bobby", "src/words.ts:9-9").waitFor();
    assert.deepEqual(await teller.notifications(), []);
    await teller.openFile(".env");
    await anna.type("\\where bobby");
    await teller.notification("asks where you are", "Send");
    const dialog = teller.page.locator(".monaco-dialog-box", { hasText: ".env may hold secrets." });
    await dialog.getByRole("button", { name: "Send" }).click();
    await card(anna, "bobby", ".env:1-1").waitFor();
  });

  it("is not told, asked about or shown with never", async () => {
    await teller.clearNotifications();
    await teller.editUserSettings({ ...user, "forkchat.tellWhere": "never" });
    await goTo(5);
    await asker.runCommand("Chat: Ask Where Someone Is…");
    await asker.quickInput.pick("bobby");
    await eventually(
      "the request",
      async () => (await anna.log("bobby").innerText()).split("Asking bobby where they are.").length === 5,
    );
    await anna.type("did you hear me?");
    bobby = await openChat(teller);
    // It comes in order: the request came before.
    await bobby.shows("anna", "did you hear me?");
    // The message itself may have been announced before the chat was open.
    const shown = (await teller.notifications()).filter((text) => !text.includes("private message"));
    assert.deepEqual(shown, []);
    assert.equal((await bobby.log("anna").innerText()).split("anna asks where you are.").length, 3);
    await bobby.type("I did");
    await anna.shows("bobby", "I did");
    assert.equal(await card(anna, "bobby", "src/words.ts:5-5").count(), 0);
  });
});
