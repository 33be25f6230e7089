// Starting and stopping the server from a window, and joining when there is none.
import assert from "node:assert/strict";
import { lookup } from "node:dns/promises";
import { hostname, networkInterfaces, userInfo } from "node:os";
import { eventually } from "../driver/eventually.ts";
import type { VsCodeWindow } from "../driver/vscodeWindow.ts";
import { ChatPanel } from "../driver/chatPanel.ts";
import { ChatWindows } from "./chatWindows.ts";
import { freePort } from "../../support/freePort.ts";

describe("the server in a terminal", function () {
  this.timeout(300_000);
  let windows: ChatWindows;
  let window: VsCodeWindow;

  before(async () => {
    windows = await ChatWindows.start(`ws://127.0.0.1:${await freePort()}`);
    window = await windows.open("starter");
  });

  after(() => windows.stop());

  it("is offered when joining finds none, and is then joined", async () => {
    await window.runCommand("Chat: Join as…");
    await window.quickInput.waitFor("Join Fork Chat");
    await window.quickInput.accept("anna");
    await window.notification("Couldn't join", "Start Server");
    const panel = await ChatPanel.of(window);
    await panel.shows("lobby", "You joined the lobby as anna");
    await eventually("the server's line in its terminal", async () =>
      (await window.terminalText()).includes(`listening on ${windows.serverUrl}`),
    );
  });

  it("is not started twice, with a message", async () => {
    const other = await windows.open("other");
    await other.runCommand("Chat: Start Server");
    await other.notification("already", "Join as…");
    await other.quickInput.waitFor("Join Fork Chat");
    // No one has joined in this profile before: the system's user name is proposed.
    assert.equal(await other.quickInput.value(), userInfo().username);
    await other.quickInput.accept("anna");
    const panel = await ChatPanel.of(other);
    await panel.shows("lobby", "The name anna is taken, so you are anna_2.");
    await panel.type("\\quit");
    await other.runCommand("Chat: Join as…");
    await other.quickInput.waitFor("Join Fork Chat");
    assert.equal(await other.quickInput.value(), "anna");
    await other.quickInput.fill("two words");
    await eventually("a word about the name", async () =>
      (await other.quickInput.message()).includes("no spaces"),
    );
    await other.close();
  });

  it("is dropped by Ctrl+C in the terminal, and everyone sees that it was stopped", async () => {
    const panel = await ChatPanel.of(window);
    await window.runCommand("Terminal: Focus Terminal");
    await window.pressInTerminal("Control+c");
    await panel.shows("lobby", "Disconnected:");
    await eventually(
      "the terminal to be gone",
      async () => !(await window.paletteOffers("Chat: Stop Server")),
    );
  });

  it("is restarted by Start Server and ended by Stop Server, even after a reload", async () => {
    let panel = await ChatPanel.of(window);
    await window.runCommand("Chat: Start Server");
    await panel.shows("lobby", "You're back in the lobby");
    await window.reload();
    panel = await ChatPanel.of(window);
    await panel.shows("lobby", "Disconnected:");
    await window.runCommand("Chat: Stop Server");
    await eventually("the lobby to be closed again", async () => {
      const text = await panel.log("lobby").innerText();
      return text.split("Disconnected:").length === 3;
    });
  });
});

describe("invalid settings", function () {
  this.timeout(300_000);
  let windows: ChatWindows;
  let window: VsCodeWindow;
  let place: string;

  before(async () => {
    // This machine's own name, where it leads to this machine.
    const addresses = await lookup(hostname(), { all: true }).catch(() => []);
    const own = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
    const isOwn = addresses.some(({ address }) => own.some((info) => info.address === address));
    place = `${isOwn ? hostname().toLowerCase() : "localhost"}:${await freePort()}`;
    windows = await ChatWindows.start(place, {
      "forkchat.name": "Anna Smith <anna@corp.example>",
      "forkchat.history.forgetOnLeave": "false",
    });
    window = await windows.open("anna");
  });

  after(() => windows.stop());

  it("a URL without ws:// is reported before a name is asked for; one of the wrong type gives one warning", async () => {
    await window.runCommand("Chat: Join as…");
    await window.notification(`The setting forkchat.serverUrl is “${place}”`);
    assert.equal(await window.quickInput.visible(), false);
    const warned = async () =>
      (await window.notifications()).filter((text) => text.includes("forkchat.history.forgetOnLeave"));
    await eventually("the warning", async () => (await warned()).length > 0);
    const [warning = "", ...more] = await warned();
    assert.match(warning, /forgetOnLeave is "false"\. It must be .+\. Using false instead/u);
    assert.deepEqual(more, []);
  });

  it("the likely intended value is one click away; the name is suggested in a usable form", async () => {
    await window.notification("The setting forkchat.serverUrl", `Use ws://${place}`);
    await window.quickInput.waitFor("Join Fork Chat");
    assert.equal(await window.quickInput.value(), "Anna_Smith");
    assert.ok(
      (await window.quickInput.message()).includes("forkchat.name"),
      await window.quickInput.message(),
    );
  });

  it("Start Server works at this machine's own name", async () => {
    await window.quickInput.accept();
    await window.notification(`Couldn't join ws://${place}`, "Start Server");
    const panel = await ChatPanel.of(window);
    await panel.shows("lobby", "You joined the lobby as Anna_Smith");
    await eventually(
      "the setting",
      async () => (await windows.machineSettings())["forkchat.serverUrl"] === `ws://${place}`,
    );
  });
});
