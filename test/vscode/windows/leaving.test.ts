// Forks that are pending and can be cancelled, and leaving while messages are still waiting.
import assert from "node:assert/strict";
import { Client } from "../../support/client.ts";
import { ServerProcess } from "../../support/serverProcess.ts";
import type { ChatPanel } from "../driver/chatPanel.ts";
import { eventually } from "../driver/eventually.ts";
import type { VsCodeWindow } from "../driver/vscodeWindow.ts";
import { ChatWindows, joinByPalette } from "./chatWindows.ts";

describe("opening and leaving a session", function () {
  this.timeout(300_000);
  let server: ServerProcess;
  let windows: ChatWindows;
  let window: VsCodeWindow;
  let anna: ChatPanel;
  const bobby = new Client({ settings: { acceptForks: "ask" } });

  before(async () => {
    server = await ServerProcess.start();
    windows = await ChatWindows.start(server.url);
    window = await windows.open("anna");
    anna = await joinByPalette(window, "anna");
    await window.runCommand("View: Show Fork Chat");
    await bobby.join("bobby", server.url);
    await bobby.until("anna", (state) => state.users.includes("anna"));
  });

  after(async () => {
    await bobby.close();
    await windows.stop();
    await server.stop();
  });

  const requests = () => anna.frame.getByRole("list", { name: "Open requests" });
  const dialog = () => window.page.locator(".monaco-dialog-box");
  const untilRows = (...expected: RegExp[]): Promise<unknown> =>
    eventually(`rows ${expected.join(" ")}`, async () => {
      const items = await window.treeItems("Sessions");
      return items.length === expected.length && expected.every((row, at) => row.test(items[at] ?? ""));
    });

  it("a fork is shown at once in panel and tree, and Cancel in the panel withdraws it", async () => {
    await anna.type("\\fork bobby");
    await requests().getByText("Asking bobby…").waitFor();
    await untilRows(/^lobby/u, /^Asking bobby…/u);
    await requests().getByRole("button", { name: "Cancel the request to bobby" }).press("Enter");
    await requests().waitFor({ state: "detached" });
    await untilRows(/^lobby/u);
    await bobby.untilShown("lobby", "anna canceled the request.");
    assert.equal((await bobby.run("\\accept anna")).ok, false);
    assert.equal(bobby.state.sessions.length, 1);
  });

  it("Cancel in the tree does the same", async () => {
    await anna.type("\\fork bobby");
    await untilRows(/^lobby/u, /^Asking bobby…/u);
    await window.treeAction("Sessions", "Asking bobby…", "Cancel Request");
    await untilRows(/^lobby/u);
    await requests().waitFor({ state: "detached" });
  });

  it("crossed forks switch both to one session", async () => {
    await anna.type("\\fork bobby");
    await bobby.until("the question", (state) => state.questions.length === 1);
    assert.equal((await bobby.run("\\fork anna")).ok, true);
    await anna.untilActive("bobby");
    assert.equal(bobby.state.active, 1);
    await untilRows(/^lobby/u, /^bobby/u);
    assert.equal(await requests().count(), 0);
  });

  it("\\leave says how many messages wait for the peer, and stays", async () => {
    await bobby.close();
    await anna.untilTabs("bobby away", (tabs) => tabs.some((tab) => /^bobby.*away/u.test(tab)));
    await anna.type("one");
    await anna.type("two");
    await anna.type("\\leave");
    await anna.shows("bobby", "2 messages are still waiting to be sent to bobby. Type \\leave again");
    await anna.untilActive("bobby");
  });

  it("Delete on its tab and the tree ask in a dialog, where Cancel stays", async () => {
    await anna.tab("bobby").press("Delete");
    await dialog().waitFor();
    assert.match(await dialog().innerText(), /2 messages are still waiting to be sent to bobby\./u);
    await dialog().getByRole("button", { name: "Cancel" }).click();
    await dialog().waitFor({ state: "detached" });
    await window.treeAction("Sessions", "bobby", "Leave");
    await dialog().waitFor();
    await window.page.keyboard.press("Escape");
    await dialog().waitFor({ state: "detached" });
    await anna.shows("bobby", "two");
  });

  it("the palette asks in the same dialog, where confirming leaves", async () => {
    await window.runCommand("Chat: Leave Session");
    await dialog().waitFor();
    await dialog().getByRole("button", { name: "Leave Anyway" }).click();
    await anna.untilActive("lobby");
    await untilRows(/^lobby/u);
  });
});
