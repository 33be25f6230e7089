// What reaches a user who does not look at the panel: counts that agree, and notifications, few and without their words.
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "../../support/client.ts";
import { ServerProcess } from "../../support/serverProcess.ts";
import { ChatPanel } from "../driver/chatPanel.ts";
import { eventually } from "../driver/eventually.ts";
import type { VsCodeWindow } from "../driver/vscodeWindow.ts";
import { ChatWindows, joinByPalette, untilHostKnows } from "./chatWindows.ts";

/** A program that runs until it is stopped. */
const LAUNCH = {
  ...{ name: "waits", type: "node", request: "launch", console: "internalConsole" },
  program: "${workspaceFolder}/waits.js",
};
const SECRET = "the canary sings at midnight";

describe("attention", function () {
  this.timeout(300_000);
  let server: ServerProcess;
  let windows: ChatWindows;
  let window: VsCodeWindow;
  const bobby = new Client();
  const carmen = new Client();

  const untilTree = (expected: string[]): Promise<unknown> =>
    eventually(`the tree to show ${expected.join(" | ")}`, async () => {
      const items = (await window.treeItems("Sessions")).map((item) => item.replace(/\s+/g, " "));
      if (items.join("\n") !== expected.join("\n")) throw new Error(`It shows ${items.join(" | ")}`);
      return true;
    });

  /** The number at the view's icon; an empty text where there is none. */
  const badge = async (): Promise<string> => {
    const icon = window.page.locator(".activitybar .action-item", {
      has: window.page.locator('[aria-label^="Fork Chat"]'),
    });
    return (await icon.locator(".badge-content").allTextContents()).join("").trim();
  };

  /** Waits until the badge and the status bar show the same number; 0: none. */
  const untilCounted = (count: number): Promise<unknown> =>
    eventually(`${count} unread in the badge and the status bar`, async () => {
      const [atIcon, inBar] = [await badge(), await window.statusBarItem("Fork Chat: anna")];
      const ends = count === 0 ? inBar === "anna" : inBar?.endsWith(` ${count}`) === true;
      if (atIcon !== (count === 0 ? "" : String(count)) || !ends) {
        throw new Error(`The badge shows “${atIcon}”, the status bar “${inBar ?? ""}”`);
      }
      return true;
    });

  const hidePanel = async (): Promise<void> => {
    await window.runCommand("View: Close All Editors");
    await eventually("no panel", async () => (await window.editorTitles()).length === 0);
    await untilHostKnows(window);
  };

  before(async () => {
    server = await ServerProcess.start();
    windows = await ChatWindows.start(server.url);
    await mkdir(join(windows.folderOf("anna"), ".vscode"), { recursive: true });
    for (const [name, text] of [
      ["notes.txt", "a text to select from\n"],
      ["waits.js", "setInterval(() => {}, 1000);\n"],
      [".vscode/launch.json", JSON.stringify({ version: "0.2.0", configurations: [LAUNCH] })],
    ] as const) {
      await writeFile(join(windows.folderOf("anna"), name), text);
    }
    window = await windows.open("anna");
    await window.runCommand("View: Show Fork Chat");
    const panel = await joinByPalette(window, "anna");
    for (const [client, name] of [
      [bobby, "bobby"],
      [carmen, "carmen"],
    ] as const) {
      await client.join(name, server.url);
      await client.run("\\fork anna");
    }
    await panel.untilTabs("three sessions", (tabs) => tabs.length === 3);
  });

  after(async () => {
    await bobby.close();
    await carmen.close();
    await windows.stop();
    await server.stop();
  });

  it("a private message to a hidden panel gives one notification: the sender, and never the text", async () => {
    assert.deepEqual(await window.notifications(), []);
    await hidePanel();
    await bobby.type(SECRET);
    assert.equal(await window.notification("bobby"), "bobby sent you a private message.");
    assert.equal((await window.notifications()).length, 1);
    assert.ok(!(await window.page.locator("body").innerText()).includes(SECRET));
    await untilTree(["lobby *", "bobby P~> 1 unread direct", "carmen P~> direct"]);
    await untilCounted(1);
  });

  it("Open shows the session, which is then read everywhere", async () => {
    await window.notification("bobby", "Open");
    const panel = await ChatPanel.of(window);
    await panel.untilActive("bobby");
    await panel.shows("bobby", SECRET);
    await untilTree(["lobby", "bobby * P~> direct", "carmen P~> direct"]);
    await untilCounted(0);
  });

  it("a visible panel gets no notification: the tab, the tree, the badge and the status bar agree", async () => {
    await carmen.type("one");
    const panel = await ChatPanel.of(window);
    await panel.untilTabs("one unread", (tabs) => tabs.some((tab) => /^carmen.*, 1 unread$/.test(tab)));
    await untilTree(["lobby", "bobby * P~> direct", "carmen P~> 1 unread direct"]);
    await untilCounted(1);
    assert.deepEqual(await window.notifications(), []);
    await panel.tab("carmen").click();
    await untilCounted(0);
  });

  it("messages below a reader further up are unread everywhere and not reported as read until they are reached", async () => {
    const panel = await ChatPanel.of(window);
    const withAnna = () => {
      const [, session] = carmen.state.sessions;
      assert.ok(session !== undefined);
      return session;
    };
    await carmen.type("a line\n\n".repeat(100));
    const log = panel.frame.getByRole("log", { name: "carmen" });
    await log.getByText("a line").last().waitFor();
    await log.evaluate((element) => (element.scrollTop = 0));
    await panel.frame.getByRole("button", { name: "Jump to the newest messages" }).waitFor();
    // The page's messages arrive in order: once bobby sees that anna is typing, her host has got the rest.
    await panel.composer.fill("I read further up");
    await eventually("carmen to hear that anna writes", () => Promise.resolve(withAnna().typing));
    await panel.composer.fill("");
    const before = withAnna().readUpTo;
    await carmen.type("and below");
    await untilTree(["lobby", "bobby P~> direct", "carmen * P~> 1 unread direct"]);
    await panel.untilTabs("one unread", (tabs) => tabs.some((tab) => /^carmen.*, 1 unread$/.test(tab)));
    await untilCounted(1);
    assert.equal(withAnna().readUpTo, before);
    await panel.frame.getByRole("button", { name: "1 new" }).click();
    await untilCounted(0);
    await eventually("carmen to hear that it was read", () => Promise.resolve(withAnna().readUpTo > before));
  });

  it("a chat behind a file stays as it was: its reader further up is there when it is shown again", async () => {
    const panel = await ChatPanel.of(window);
    const log = panel.frame.getByRole("log", { name: "carmen" });
    await log.evaluate((element) => (element.scrollTop = 0));
    await panel.frame.getByRole("button", { name: "Jump to the newest messages" }).waitFor();
    await panel.composer.fill("half a sentence");
    await window.openFile("notes.txt");
    await carmen.type("behind the file");
    await window.notification("carmen");
    await untilCounted(1);
    await window.runCommand("Chat: Open");
    await panel.frame.getByRole("button", { name: "1 new" }).waitFor();
    assert.equal(await log.evaluate((element) => element.scrollTop), 0);
    assert.equal(await panel.composer.inputValue(), "half a sentence");
    await panel.frame.getByRole("button", { name: "1 new" }).click();
    await panel.shows("carmen", "behind the file");
    await untilCounted(0);
    await panel.composer.fill("");
    await window.clearNotifications();
  });

  it("several messages together give one notification", async () => {
    await hidePanel();
    await Promise.all([bobby.type("a"), bobby.type("b"), carmen.type("c")]);
    const text = await window.notification("private messages");
    assert.match(text, /^3 private messages from (bobby and carmen|carmen and bobby)\.$/);
    assert.equal((await window.notifications()).length, 1);
    await untilCounted(3);
  });

  it("nothing pops up while a debug session runs; afterwards, everything since then", async () => {
    await window.clearNotifications();
    await window.runCommand("Debug: Start Debugging");
    await window.page.locator(".debug-toolbar").waitFor();
    // A list that the host shows comes after it has heard of the session.
    await window.runCommand("Chat: Switch Session…");
    await window.quickInput.waitFor("Select a session");
    await window.quickInput.cancel();
    // There was a notification about bobby a moment ago, and there will be no other before anna looks at his session.
    await bobby.type("while you debug");
    await untilCounted(4);
    assert.deepEqual(await window.notifications(), []);
    await window.runCommand("Debug: Stop");
    assert.equal(await window.notification("bobby"), "bobby sent you a private message.");
  });

  it("nothing pops up while text is being selected; afterwards, everything in one notification", async () => {
    await window.clearNotifications();
    await window.openFile("notes.txt");
    const more = (): Promise<void> => window.page.keyboard.press("Shift+ArrowRight");
    // A list that the host shows comes after it has heard of the selection, which must not be long ago by then.
    await eventually("a selection that the host knows of", async () => {
      const start = performance.now();
      await more();
      await window.runCommand("Chat: Switch Session…");
      await window.quickInput.waitFor("Select a session");
      await window.quickInput.cancel();
      return performance.now() - start < 2_500;
    });
    await more();
    // There were notifications about both a moment ago, and there will be no others before anna looks at their sessions.
    await bobby.type("while you select");
    await untilCounted(5);
    await more();
    await carmen.type("and I");
    await untilCounted(6);
    assert.deepEqual(await window.notifications(), []);
    const text = await window.notification("private messages");
    assert.match(text, /^2 private messages from (bobby and carmen|carmen and bobby)\.$/);
  });

  it("Mute silences a session: no notification and no badge, while its own count continues", async () => {
    await window.notification("private messages", "Mute");
    await untilTree(["lobby", "bobby P~> 4 unread direct muted", "carmen * P~> 2 unread direct muted"]);
    await untilCounted(0);
    await bobby.type("d");
    await untilTree(["lobby", "bobby P~> 5 unread direct muted", "carmen * P~> 2 unread direct muted"]);
    // A notification about something else comes after what bobby's would have been.
    await carmen.run("\\switch 0");
    await carmen.type("@anna, are you there?");
    assert.equal(await window.notification("mentioned"), "carmen mentioned you.");
    assert.equal((await window.notifications()).length, 1);
    await untilCounted(1);
  });

  it("a muted session stays muted after a reload", async () => {
    await window.clearNotifications();
    await window.reload();
    await window.runCommand("View: Show Fork Chat");
    await untilTree([
      "lobby 1 unread",
      "bobby P~> 5 unread direct muted",
      "carmen * P~> 2 unread direct muted",
    ]);
    await untilCounted(1);
  });
});
