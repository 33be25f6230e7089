// What a window shows comes back: after the panel was closed and after a reload of the window.
import assert from "node:assert/strict";
import { ServerProcess } from "../../support/serverProcess.ts";
import { ChatPanel } from "../driver/chatPanel.ts";
import type { VsCodeWindow } from "../driver/vscodeWindow.ts";
import { ChatWindows, joinByPalette } from "./chatWindows.ts";

describe("a panel that was away", function () {
  this.timeout(180_000);
  let server: ServerProcess;
  let windows: ChatWindows;
  let window: VsCodeWindow;
  let other: ChatPanel;

  before(async () => {
    server = await ServerProcess.start();
    windows = await ChatWindows.start(server.url);
    window = await windows.open("anna");
    const panel = await joinByPalette(window, "anna");
    other = await joinByPalette(await windows.open("bobby"), "bobby");
    await panel.type("said in the lobby");
    await other.shows("lobby", "said in the lobby");
    await other.type("\\fork anna");
    await other.untilActive("anna");
    await other.type("said in private");
    await panel.tab("bobby").click();
    await panel.shows("bobby", "said in private");
    await panel.composer.pressSequentially("half a thought");
  });

  after(async () => {
    await windows.stop();
    await server.stop();
  });

  it("closed and opened, it shows every session's text and the draft", async () => {
    await window.runCommand("View: Close Editor");
    await other.type("said meanwhile");
    await window.runCommand("Chat: Open");
    const panel = await ChatPanel.of(window);
    await panel.shows("bobby", "said in private");
    await panel.shows("bobby", "said meanwhile");
    assert.equal(await panel.composer.inputValue(), "half a thought");
    await panel.tab("lobby").click();
    await panel.shows("lobby", "said in the lobby");
  });

  it("after a reload of the window it shows them again, and the window is back in the lobby", async () => {
    await window.reload();
    const panel = await ChatPanel.of(window);
    await panel.shows("lobby", "said in the lobby");
    await panel.shows("lobby", "You are back in the lobby");
    await panel.tab("bobby").click();
    await panel.shows("bobby", "said in private");
    await panel.shows("bobby", "This window was reloaded");
    assert.equal(await panel.composer.inputValue(), "half a thought");
    await other.shows("anna", "anna’s window was closed");
    await other.type("\\lobby");
    await other.type("hello again");
    await panel.tab("lobby").click();
    await panel.shows("lobby", "hello again");
  });
});
