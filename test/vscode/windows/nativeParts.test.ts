// What VS Code itself shows of the chat: the trees with their actions, the welcome, the status bar, and dialogs. Also how forks that
// are pending can be canceled, and leaving while messages are still waiting.
import assert from "node:assert/strict";
import { Client } from "../../support/client.ts";
import { ServerProcess } from "../../support/serverProcess.ts";
import type { ChatPanel } from "../driver/chatPanel.ts";
import { eventually } from "../driver/eventually.ts";
import type { VsCodeWindow } from "../driver/vscodeWindow.ts";
import { ChatWindows, joinByPalette } from "./chatWindows.ts";

/** A list comes again, or stays, for at least so long after it was called. */
const HELD_OPEN_MS = 2_000;
/** What is not there after so long does not come again. */
const GONE_MS = 10_000;

describe("the native views", function () {
  this.timeout(300_000);
  let server: ServerProcess;
  let windows: ChatWindows;
  let window: VsCodeWindow;
  let panel: ChatPanel;
  const bobby = new Client();

  const untilTree = (view: string, expected: string[]): Promise<unknown> =>
    eventually(`${view} to show ${expected.join(" | ")}`, async () => {
      const items = (await window.treeItems(view)).map((item) => item.replace(/\s+/g, " "));
      if (items.join("\n") !== expected.join("\n")) throw new Error(`It shows ${items.join(" | ")}`);
      return true;
    });

  before(async () => {
    server = await ServerProcess.start();
    windows = await ChatWindows.start(server.url);
    window = await windows.open("anna");
    await window.runCommand("View: Show Fork Chat");
  });

  after(async () => {
    await bobby.close();
    await windows.stop();
    await server.stop();
  });

  it("offer joining and starting a server before joining", async () => {
    await window.page.getByRole("button", { name: "Start Server" }).waitFor();
    await window.page.getByRole("button", { name: "Join as…" }).first().waitFor();
    assert.equal(await window.statusBarItem("Fork Chat"), undefined);
  });

  it("show the sessions and the people after joining, and the name in the status bar", async () => {
    panel = await joinByPalette(window, "anna");
    await bobby.join("bobby", server.url);
    await untilTree("Sessions", ["lobby *"]);
    await untilTree("People", ["anna you", "bobby"]);
    assert.equal(await window.statusBarItem("Fork Chat: anna"), "anna");
  });

  it("a list that loses the focus while it opens is shown again, with its entries", async () => {
    for (let picked = false; !picked;) {
      await window.runCommand("Chat: Switch Session…");
      const calledAt = performance.now();
      await eventually("the list of sessions", () => window.quickInput.offers("lobby"));
      await panel.composer.focus();
      const isLate = performance.now() - calledAt > HELD_OPEN_MS;
      picked = await window.quickInput.pick("lobby", GONE_MS).then(
        () => true,
        (error: unknown) => {
          // It was closed, as it is later on: on a machine that has much else to do, all this has come too late.
          if (isLate) return false;
          throw error;
        },
      );
    }
    await eventually("the list to be gone", async () => !(await window.quickInput.visible()));
  });

  it("Fork beside a person opens a private session, even from another one", async () => {
    await window.treeAction("People", "bobby", "Fork");
    await panel.untilActive("bobby");
    await untilTree("Sessions", ["lobby", "bobby * P-> direct"]);
    await bobby.until("the session", (state) => state.sessions.length === 2);
  });

  it("a row of Sessions opens its session; unread counts agree in the tree, the tab and the status bar", async () => {
    await window.page.getByRole("treeitem", { name: /^lobby/ }).click();
    await panel.untilActive("lobby");
    await bobby.run("\\switch 1");
    await bobby.type("one");
    await bobby.type("two");
    await untilTree("Sessions", ["lobby *", "bobby P-> 2 unread direct"]);
    await panel.untilTabs("two unread", (tabs) => tabs.some((tab) => tab.endsWith(", 2 unread")));
    assert.match((await window.statusBarItem("Fork Chat: anna")) ?? "", /2$/);
    await window.page.getByRole("treeitem", { name: /^bobby.*P->/ }).click();
    await untilTree("Sessions", ["lobby", "bobby * P-> direct"]);
  });

  it("Leave beside a session ends it for both", async () => {
    await window.treeAction("Sessions", "bobby", "Leave");
    await panel.untilActive("lobby");
    await bobby.untilShown("lobby", "anna left private session 1");
    await untilTree("Sessions", ["lobby *"]);
  });

  describe("and the panel, while a session is opened and left", () => {
    const carmen = new Client({ settings: { acceptForks: "ask" } });

    before(async () => {
      await carmen.join("carmen", server.url);
      await carmen.until("anna", (state) => state.users.includes("anna"));
    });

    after(() => carmen.close());

    const requests = () => panel.frame.getByRole("list", { name: "Open requests" });
    const dialog = () => window.page.locator(".monaco-dialog-box");
    const untilRows = (...expected: RegExp[]): Promise<unknown> =>
      eventually(`rows ${expected.join(" ")}`, async () => {
        const items = await window.treeItems("Sessions");
        return items.length === expected.length && expected.every((row, at) => row.test(items[at] ?? ""));
      });

    it("a fork is shown at once in panel and tree, and Cancel in the panel withdraws it", async () => {
      await panel.type("\\fork carmen");
      await requests().getByText("Asking carmen…").waitFor();
      await untilRows(/^lobby/u, /^Asking carmen…/u);
      await requests().getByRole("button", { name: "Cancel the request to carmen" }).press("Enter");
      await requests().waitFor({ state: "detached" });
      await untilRows(/^lobby/u);
      await carmen.untilShown("lobby", "anna canceled the request.");
      assert.equal((await carmen.run("\\accept anna")).ok, false);
      assert.equal(carmen.state.sessions.length, 1);
    });

    it("Cancel in the tree does the same", async () => {
      await panel.type("\\fork carmen");
      await untilRows(/^lobby/u, /^Asking carmen…/u);
      await window.treeAction("Sessions", "Asking carmen…", "Cancel Request");
      await untilRows(/^lobby/u);
      await requests().waitFor({ state: "detached" });
    });

    it("crossed forks switch both to one session", async () => {
      await panel.type("\\fork carmen");
      await carmen.until("the question", (state) => state.questions.length === 1);
      assert.equal((await carmen.run("\\fork anna")).ok, true);
      await panel.untilActive("carmen");
      assert.equal(carmen.state.active, 1);
      await untilRows(/^lobby/u, /^carmen/u);
      assert.equal(await requests().count(), 0);
    });

    it("\\leave says how many messages wait for the peer, and stays", async () => {
      await carmen.close();
      await panel.untilTabs("carmen away", (tabs) => tabs.some((tab) => /^carmen.*away/u.test(tab)));
      await panel.type("one");
      await panel.type("two");
      await panel.type("\\leave");
      await panel.shows("carmen", "2 messages are still waiting to be sent to carmen. Type \\leave again");
      await panel.untilActive("carmen");
    });

    it("Delete on its tab and the tree ask in a dialog, where Cancel stays", async () => {
      await panel.tab("carmen").press("Delete");
      await dialog().waitFor();
      assert.match(await dialog().innerText(), /2 messages are still waiting to be sent to carmen\./u);
      await dialog().getByRole("button", { name: "Cancel" }).click();
      await dialog().waitFor({ state: "detached" });
      await window.treeAction("Sessions", "carmen", "Leave");
      await dialog().locator(":focus").waitFor();
      await window.page.keyboard.press("Escape");
      await dialog().waitFor({ state: "detached" });
      await panel.shows("carmen", "two");
    });

    it("the palette asks in the same dialog, where Enter stays, and only the other button leaves", async () => {
      await window.runCommand("Chat: Leave Session");
      // It is shown a moment before it gets the focus.
      await dialog().locator(":focus").waitFor();
      await window.page.keyboard.press("Enter");
      await dialog().waitFor({ state: "detached" });
      await panel.shows("carmen", "two");
      await window.runCommand("Chat: Leave Session");
      await dialog().waitFor();
      await dialog().getByRole("button", { name: "Leave Anyway" }).click();
      await panel.untilActive("lobby");
      await untilRows(/^lobby/u);
    });
  });

  describe("without a server", () => {
    it("say so, and so does the status bar", async () => {
      await server.stop("SIGKILL");
      await untilTree("Sessions", ["lobby * closed"]);
      await untilTree("People", []);
      await eventually("offline in the status bar", async () =>
        (await window.statusBarItem("Fork Chat: anna"))?.includes("offline"),
      );
    });
  });
});
