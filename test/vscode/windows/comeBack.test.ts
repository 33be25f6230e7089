// What a window shows comes back: after the panel was closed, after a reload of the window, and beside a second window on the same
// folder.
import assert from "node:assert/strict";
import { Client } from "../../support/client.ts";
import { ServerProcess } from "../../support/serverProcess.ts";
import { ChatPanel } from "../driver/chatPanel.ts";
import type { VsCodeWindow } from "../driver/vscodeWindow.ts";
import { ChatWindows, joinByPalette } from "./chatWindows.ts";

describe("a restored panel", function () {
  this.timeout(300_000);
  let server: ServerProcess;
  let windows: ChatWindows;
  let window: VsCodeWindow;
  const bobby = new Client();

  before(async () => {
    server = await ServerProcess.start();
    windows = await ChatWindows.start(server.url);
    window = await windows.open("anna");
    const panel = await joinByPalette(window, "anna");
    await bobby.join("bobby", server.url);
    await panel.type("said in the lobby");
    await bobby.untilShown("lobby", "said in the lobby");
    assert.ok((await bobby.run("\\fork anna")).ok);
    await bobby.type("said in private");
    await panel.tab("bobby").click();
    await panel.shows("bobby", "said in private");
    await panel.composer.pressSequentially("half a thought");
  });

  after(async () => {
    await bobby.close();
    await windows.stop();
    await server.stop();
  });

  it("closed and reopened, it shows every session's text and the draft", async () => {
    await window.runCommand("View: Close Editor");
    await bobby.type("said meanwhile");
    await window.runCommand("Chat: Open");
    const panel = await ChatPanel.of(window);
    await panel.shows("bobby", "said in private");
    await panel.shows("bobby", "said meanwhile");
    assert.equal(await panel.composer.inputValue(), "half a thought");
    await panel.tab("lobby").click();
    await panel.shows("lobby", "said in the lobby");
  });

  it("after a window reload it shows them again, in the lobby and in the private session", async () => {
    await window.reload();
    const panel = await ChatPanel.of(window);
    await panel.shows("lobby", "said in the lobby");
    await panel.shows("lobby", "You're back in the lobby");
    await panel.tab("bobby").click();
    await panel.shows("bobby", "said in private");
    assert.equal(await panel.composer.inputValue(), "half a thought");
    await panel.composer.fill("");
    await bobby.type("are you still there?");
    await panel.tab("bobby").click();
    await panel.shows("bobby", "are you still there?");
    await panel.type("yes, with all of it");
    await bobby.untilShown("anna", "yes, with all of it");
  });

  it("a second window on the same folder, after it has joined and quit, leaves the first its own user", async () => {
    const second = await windows.openBeside(window);
    const beside = await joinByPalette(second, "carmen");
    await beside.shows("lobby", "said in the lobby");
    await second.runCommand("Chat: Quit");
    await window.page.bringToFront();
    await window.runCommand("View: Close All Editors");
    await window.reload();
    await window.runCommand("Chat: Open");
    const panel = await ChatPanel.of(window);
    await panel.tab("lobby").click();
    await panel.shows("lobby", "You're back in the lobby");
    await panel.shows("lobby", "said in the lobby");
    await panel.tab("bobby").click();
    await panel.shows("bobby", "yes, with all of it");
    await second.close();
  });

  it("a reload without a server restores the private session, with the messages sent in between", async () => {
    await server.stop("SIGKILL");
    const reloaded = window.reload();
    await bobby.type("said into the dark");
    await reloaded;
    const panel = await ChatPanel.of(window);
    await panel.shows("bobby", "yes, with all of it");
    await panel.shows("bobby", "said into the dark");
    await panel.type("and answered out of it");
    await bobby.untilShown("anna", "and answered out of it");
  });

  it("a killed extension host loses none of its messages", async () => {
    let panel = await ChatPanel.of(window);
    await panel.type("the last words before the end");
    await bobby.untilShown("anna", "the last words before the end");
    process.kill(await windows.processOf("anna"), "SIGKILL");
    await bobby.type("heard after the end");
    await window.reload();
    panel = await ChatPanel.of(window);
    await panel.shows("bobby", "the last words before the end");
    await panel.shows("bobby", "heard after the end");
    const log = await panel.log("bobby").innerText();
    assert.equal(log.split("heard after the end").length, 2, "told once");
  });

  it("VS Code has everything after a quit and a new start, and continues", async () => {
    await windows.quitAndStart();
    let panel = await ChatPanel.of(window);
    for (const text of ["said in private", "yes, with all of it", "heard after the end"]) {
      await panel.shows("bobby", text);
    }
    panel = await ChatPanel.of(window);
    await panel.type("and after a night");
    await bobby.untilShown("anna", "and after a night");
    await panel.tab("lobby").click();
    await panel.shows("lobby", "said in the lobby");
  });
});
