// Two tabs of one browser on one folder: each remembers its own chat.
import { ServerProcess } from "../../support/serverProcess.ts";
import { ChatPanel } from "../driver/chatPanel.ts";
import { ChatWindows, joinByPalette } from "./chatWindows.ts";

describe("two windows on one folder", function () {
  this.timeout(300_000);
  let server: ServerProcess;
  let windows: ChatWindows;

  before(async () => {
    server = await ServerProcess.start();
    windows = await ChatWindows.start(server.url);
  });
  after(async () => {
    await windows.stop();
    await server.stop();
  });

  it("each restore their own user, without a panel, after the other has joined and quit", async () => {
    const first = await windows.open("anna");
    const panel = await joinByPalette(first, "anna");
    await panel.type("said by the first");
    await panel.shows("lobby", "said by the first");
    const second = await windows.openBeside(first);
    const other = await joinByPalette(second, "bobby");
    await other.shows("lobby", "said by the first");
    await second.runCommand("Chat: Quit");
    await first.page.bringToFront();
    await first.runCommand("View: Close All Editors");
    await first.reload();
    await first.runCommand("Chat: Open");
    const back = await ChatPanel.of(first);
    await back.shows("lobby", "You're back in the lobby");
    await back.shows("lobby", "said by the first");
  });
});
