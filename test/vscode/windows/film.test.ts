// The reference conversation as anna sees it in a real window, as an animated picture for the README. Made only when
// pictures for it are (`FORKCHAT_PICTURES=docs/images npm test -- windows/film`): what happens in it, other tests check.
import assert from "node:assert/strict";
import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "../../support/client.ts";
import { writeAnimation, type Scene } from "../../support/pictures.ts";
import { ServerProcess } from "../../support/serverProcess.ts";
import { ChatPanel } from "../driver/chatPanel.ts";
import { eventually } from "../driver/eventually.ts";
import { ChatWindows } from "./chatWindows.ts";

const FOLDER = process.env["FORKCHAT_PICTURES"];
/** What a reader on a slow line is asked to load. */
const LIMIT_BYTES = 1.5 * 1024 * 1024;

async function makeFilm(folder: string): Promise<void> {
  const server = await ServerProcess.start("--port", "43210");
  const windows = await ChatWindows.start(server.url);
  const [bobby, carmen] = [new Client(), new Client()];
  try {
    const window = await windows.open("words", {
      viewport: { width: 960, height: 600 },
      theme: "Dark Modern",
      // For fine screens.
      scale: 2,
    });
    const scenes: Scene[] = [];
    const shoot = async (ms: number): Promise<void> => {
      // With the caret, which tells where the words go.
      scenes.push({ png: await window.screenshot("initial"), ms });
    };

    await window.runCommand("View: Toggle Secondary Side Bar Visibility");
    await window.runCommand("View: Show Fork Chat");
    await window.runCommand("Chat: Open");
    await (await window.panel()).getByRole("button", { name: "Join as…" }).waitFor();
    await shoot(1400);
    await bobby.join("bobby", server.url);
    await carmen.join("carmen", server.url);

    await window.runCommand("Chat: Join as…");
    await window.quickInput.waitFor("Join Fork Chat");
    await window.quickInput.fill("anna");
    await shoot(1500);
    await window.quickInput.accept();
    const panel = await ChatPanel.of(window);
    await panel.shows("lobby", "You joined the lobby");
    await eventually("the people", async () => (await window.treeItems("People")).length === 3);
    await shoot(1500);
    await panel.composer.pressSequentially("Good morning! Does the build");
    await shoot(800);
    await panel.composer.pressSequentially(" work for you?");
    await shoot(1000);
    await panel.composer.press("Enter");
    await panel.frame.locator(".own .text", { hasText: "Good morning" }).waitFor();
    await shoot(1200);
    await carmen.type("Good morning, anna! It does.");
    await panel.shows("lobby", "It does.");
    await shoot(1600);

    await panel.composer.pressSequentially("\\fork bo");
    await panel.frame.getByRole("listbox").waitFor();
    await shoot(1600);
    await panel.composer.pressSequentially("bby");
    await panel.composer.press("Enter");
    await panel.untilActive("bobby");
    await panel.frame.getByRole("button", { name: "direct, diagnose connection" }).waitFor();
    await shoot(1800);
    await bobby.untilShown("anna", "opened this private session");
    await bobby.run("\\switch 1");
    await panel.type("Did you **change** `pool.ts`?");
    await bobby.untilShown("anna", "pool.ts");
    await panel.frame.getByText("Read").waitFor();
    await shoot(1500);
    bobby.store.dispatch({ type: "user/typing", session: bobby.state.active, value: true });
    await panel.frame.locator(".typing", { hasText: "bobby is typing…" }).waitFor();
    await shoot(1200);
    await bobby.type("Yes, I am reverting it. Thanks for not asking in the lobby :-)");
    await panel.shows("bobby", "reverting it");
    await shoot(2000);
    await carmen.type("@anna with a clean checkout it works.");
    await panel.untilTabs("the lobby's message", (tabs) => tabs[0] === "lobby, 1 unread");
    await shoot(1500);

    await panel.composer.pressSequentially("\\lobby");
    await shoot(1000);
    await panel.composer.press("Enter");
    await panel.shows("lobby", "clean checkout");
    await shoot(2000);
    await panel.type("Thank you both!");
    await panel.frame.locator(".own .text", { hasText: "Thank you both!" }).waitFor();
    await shoot(3000);

    await mkdir(folder, { recursive: true });
    await writeAnimation(join(folder, "conversation.gif"), scenes);
  } finally {
    await Promise.all([bobby.close(), carmen.close()]);
    await windows.stop();
    await server.stop();
  }
}

if (FOLDER !== undefined) {
  it("the reference conversation as an animation", async function () {
    this.timeout(300_000);
    await makeFilm(FOLDER);
    assert.ok((await stat(join(FOLDER, "conversation.gif"))).size <= LIMIT_BYTES);
  });
}
