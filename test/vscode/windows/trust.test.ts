// Trust in real windows: consent that is asked for, and the numbers that two people compare.
import assert from "node:assert/strict";
import { ServerProcess } from "../../support/serverProcess.ts";
import type { ChatPanel } from "../driver/chatPanel.ts";
import type { VsCodeWindow } from "../driver/vscodeWindow.ts";
import { ChatWindows, joinByPalette } from "./chatWindows.ts";

describe("two people who verify each other", function () {
  this.timeout(300_000);
  let server: ServerProcess;
  let windows: ChatWindows;
  let annasWindow: VsCodeWindow;
  let bobbysWindow: VsCodeWindow;
  let anna: ChatPanel;
  let bobby: ChatPanel;

  before(async () => {
    server = await ServerProcess.start();
    windows = await ChatWindows.start(server.url, { "forkchat.acceptForks": "ask" });
    annasWindow = await windows.open("anna");
    bobbysWindow = await windows.open("bobby");
    anna = await joinByPalette(annasWindow, "anna");
    bobby = await joinByPalette(bobbysWindow, "bobby");
  });

  after(async () => {
    await windows.stop();
    await server.stop();
  });

  it("bobby is asked quietly, and nothing opens before he answers", async () => {
    await anna.type("\\fork bobby");
    await bobbysWindow.notification("anna", "Decline");
    await anna.shows("lobby", "Couldn't open a private session");
    assert.deepEqual(
      (await bobby.tabs()).filter((name) => name.startsWith("anna")),
      [],
    );
    await anna.type("\\fork bobby");
    await bobbysWindow.notification("anna", "Accept");
    await anna.untilActive("bobby");
    await anna.type("thank you");
    await bobby.tab("anna").click();
    await bobby.shows("anna", "thank you");
  });

  it("both see the same sixty digits, and the session is verified once both have confirmed them", async () => {
    const numbers = [];
    for (const [window, panel, peer] of [
      [annasWindow, anna, "bobby"],
      [bobbysWindow, bobby, "anna"],
    ] as const) {
      await window.runCommand("Chat: Verify Peer…");
      const dialog = panel.frame.getByRole("dialog", { name: `Compare this safety number with ${peer}` });
      await dialog.waitFor();
      numbers.push(((await dialog.innerText()).match(/\d{5}/gu) ?? []).slice(0, 12).join(" "));
      await dialog.getByRole("img").waitFor();
      await dialog.getByRole("button", { name: "They Match" }).click();
    }
    assert.match(numbers[0] ?? "", /^(\d{5} ){11}\d{5}$/u);
    assert.equal(numbers[0], numbers[1]);
    for (const [panel, peer] of [
      [anna, "bobby"],
      [bobby, "anna"],
    ] as const) {
      const head = panel.frame.getByRole("group", { name: `Private session with ${peer}` });
      await head.getByText("verified", { exact: true }).waitFor();
    }
  });

  it("a session says how it is connected", async () => {
    const head = anna.frame.getByRole("group", { name: "Private session with bobby" });
    for (const fact of ["direct", "end-to-end encrypted"])
      await head.getByText(fact, { exact: true }).waitFor();
  });
});
