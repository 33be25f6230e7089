// Starting and stopping the server from a window, and joining when there is none.
import assert from "node:assert/strict";
import { userInfo } from "node:os";
import { eventually } from "../driver/eventually.ts";
import type { VsCodeWindow } from "../driver/vscodeWindow.ts";
import { ChatPanel } from "../driver/chatPanel.ts";
import { ChatWindows, freePort } from "./chatWindows.ts";

describe("the server in a terminal", function () {
  this.timeout(300_000);
  let windows: ChatWindows;
  let window: VsCodeWindow;

  before(async () => {
    windows = await ChatWindows.start(`ws://127.0.0.1:${await freePort()}`);
    window = await windows.open("starter");
  });

  after(() => windows.stop());

  it("joining where none runs offers to start one, and joins then", async () => {
    await window.runCommand("Chat: Join as…");
    await window.quickInput.waitFor("Join Fork Chat");
    await window.quickInput.accept("anna");
    await window.notification("cannot be joined", "Start Server");
    const panel = await ChatPanel.of(window);
    await panel.shows("lobby", "You are in the lobby as anna");
    await eventually("the server's line in its terminal", async () =>
      (await window.terminalText()).includes(`listening on ${windows.serverUrl}`),
    );
  });

  it("a second start says that one runs already", async () => {
    const other = await windows.open("other");
    await other.runCommand("Chat: Start Server");
    await other.notification("already", "Join as…");
    await other.quickInput.waitFor("Join Fork Chat");
    // Nobody has joined in this profile before: the system's own name is proposed.
    assert.equal(await other.quickInput.value(), userInfo().username);
    await other.quickInput.accept("anna");
    const panel = await ChatPanel.of(other);
    await panel.shows("lobby", "The name anna is taken; you are anna_2.");
    await panel.type("\\quit");
    await other.runCommand("Chat: Join as…");
    await other.quickInput.waitFor("Join Fork Chat");
    assert.equal(await other.quickInput.value(), "anna");
    await other.quickInput.fill("two words");
    await eventually("a word about the name", async () =>
      (await other.quickInput.message()).includes("without blanks"),
    );
    await other.close();
  });

  it("Ctrl+C in the terminal drops it, and everybody sees that it was stopped", async () => {
    const panel = await ChatPanel.of(window);
    await window.runCommand("Terminal: Focus Terminal");
    await window.pressInTerminal("Control+c");
    await panel.shows("lobby", "The lobby is closed");
    await eventually(
      "the terminal to be gone",
      async () => !(await window.paletteOffers("Chat: Stop Server")),
    );
  });

  it("Start Server brings it back; Stop Server ends it, also after a reload", async () => {
    let panel = await ChatPanel.of(window);
    await window.runCommand("Chat: Start Server");
    await panel.shows("lobby", "You are back in the lobby");
    await window.reload();
    panel = await ChatPanel.of(window);
    await panel.shows("lobby", "The lobby is closed");
    await window.runCommand("Chat: Stop Server");
    await eventually("the lobby to be closed again", async () => {
      const text = await panel.log("lobby").innerText();
      return text.split("The lobby is closed").length === 3;
    });
  });
});
