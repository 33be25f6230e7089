// What a user sets about being told and being seen, changed while the window is open.
import assert from "node:assert/strict";
import { Client } from "../../support/client.ts";
import { ServerProcess } from "../../support/serverProcess.ts";
import { ChatPanel } from "../driver/chatPanel.ts";
import { eventually } from "../driver/eventually.ts";
import type { VsCodeWindow } from "../driver/vscodeWindow.ts";
import { ChatWindows, joinByPalette, untilHostKnows } from "./chatWindows.ts";

const silent = {
  ...{
    "workbench.editor.useModal": "off",
    "editor.autoClosingBrackets": "never",
    "editor.autoClosingQuotes": "never",
  },
  "forkchat.notify.mentions": false,
  "forkchat.notify.privateMessages": false,
  "forkchat.notify.forks": false,
};

describe("settings about people", function () {
  this.timeout(300_000);
  let server: ServerProcess;
  let windows: ChatWindows;
  let window: VsCodeWindow;
  const bobby = new Client();
  const carmen = new Client();

  before(async () => {
    server = await ServerProcess.start();
    windows = await ChatWindows.start(server.url);
    await windows.setUserSettings({ ...silent, "forkchat.tellRead": false });
    window = await windows.open("anna");
    const panel = await joinByPalette(window, "anna");
    for (const [client, name] of [
      [bobby, "bobby"],
      [carmen, "carmen"],
    ] as const) {
      await client.join(name, server.url);
    }
    await bobby.run("\\fork anna");
    await panel.untilTabs("bobby's session", (tabs) => tabs.length === 2);
  });

  after(async () => {
    await bobby.close();
    await carmen.close();
    await windows.stop();
    await server.stop();
  });

  const withAnna = () => {
    const [, session] = bobby.state.sessions;
    assert.ok(session !== undefined);
    return session;
  };

  it("tellRead: the author gets no read receipts until it is on, and then all of them", async () => {
    const panel = await ChatPanel.of(window);
    await panel.tab("bobby").click();
    await bobby.type("did you read this?");
    await panel.shows("bobby", "did you read this?");
    await panel.type("I have, and say nothing of it");
    // It comes in order: bobby would have heard before that it was read.
    await bobby.untilShown("anna", "I have, and say nothing of it");
    assert.equal(withAnna().readUpTo, 0);
    await window.editUserSettings(silent);
    await eventually("bobby to hear that it was read", async () => {
      await bobby.type("and now?");
      return withAnna().readUpTo > 0;
    });
  });

  /** Does it again until a notification comes, and resolves with all that are shown. */
  const untilNotified = (what: string, act: () => Promise<unknown>): Promise<string[]> =>
    eventually(`a notification of ${what}`, async () => {
      await act();
      // A second and a half is what notices are gathered for.
      await window.page
        .locator(".notifications-toasts .notification-list-item")
        .first()
        .waitFor({ timeout: 4_000 });
      return window.notifications();
    });
  const mention = (): Promise<unknown> => carmen.type("@anna, are you there?");
  const write = (): Promise<unknown> => bobby.type("in private");
  const fork = async (): Promise<void> => {
    if (carmen.peer("anna") !== undefined) {
      await carmen.run("\\switch anna");
      await carmen.run("\\leave");
    }
    await carmen.run("\\fork anna");
    await carmen.run("\\lobby");
  };

  it("notify.mentions: a user who wants only mentions is not notified about forks and private messages", async () => {
    await window.runCommand("View: Close All Editors");
    await eventually("no panel", async () => (await window.editorTitles()).length === 0);
    await untilHostKnows(window);
    await write();
    await fork();
    await mention();
    await window.editUserSettings({ ...silent, "forkchat.notify.mentions": true });
    const notified = await untilNotified("a mention", async () => {
      await write();
      await fork();
      await mention();
    });
    assert.equal(notified.length, 1);
    assert.match(notified[0] ?? "", /^(carmen mentioned you|\d messages from carmen mention you)\.$/);
    await window.clearNotifications();
  });

  it("notify.privateMessages and notify.forks: each notifies once it is on", async () => {
    await window.editUserSettings({ ...silent, "forkchat.notify.privateMessages": true });
    const [message, ...others] = await untilNotified("a private message", write);
    assert.match(message ?? "", /^(bobby sent you a private message|\d private messages from bobby)\.$/);
    assert.deepEqual(others, []);
    await window.clearNotifications();
    await window.editUserSettings({ ...silent, "forkchat.notify.forks": true });
    assert.deepEqual(await untilNotified("a fork", fork), ["carmen opened a private session with you."]);
    await window.clearNotifications();
  });

  it("awayAfterMinutes: a user is away after leaving the window, is notified although the panel is visible, and returns", async () => {
    await window.editUserSettings({
      ...silent,
      "forkchat.notify.mentions": true,
      "forkchat.awayAfterMinutes": 0.02,
    });
    await window.runCommand("Chat: Open");
    await ChatPanel.of(window);
    // A page in a browser is not told that the window has lost the focus while a frame in it had it.
    await window.runCommand("View: Show Explorer");
    const presence = (): string | undefined => bobby.state.presences.find(([key]) => key === "anna")?.[1];
    assert.notEqual(presence(), "away");
    const comeBack = await window.loseFocus();
    await bobby.until("anna away", () => presence() === "away");
    await untilNotified("a mention", () => bobby.run("\\lobby").then(() => bobby.type("@anna!")));
    await comeBack();
    await bobby.until("anna back", () => presence() !== "away");
  });

  it("the palette offers people that a command can be used on, and for an introduction a second one", async () => {
    const dave = new Client();
    try {
      await dave.join("dave", server.url);
      if (carmen.peer("anna") === undefined) await carmen.run("\\fork anna");
      await window.clearNotifications();
      const panel = await ChatPanel.of(window);
      await panel.untilTabs("two sessions", (tabs) => tabs.length === 3);
      await panel.type("\\block dave");
      const offered = (what: string, expected: readonly string[]) =>
        eventually(`${what} to offer ${expected.join(", ")}`, async () => {
          const labels = await window.quickInput.labels();
          return labels.toSorted().join() === expected.join();
        });
      await window.runCommand("Chat: Unblock…");
      await offered("Unblock", ["dave"]);
      await window.quickInput.cancel();
      await window.runCommand("Chat: Introduce…");
      await offered("Introduce", ["bobby", "carmen"]);
      await window.quickInput.pick("bobby");
      await offered("its second box", ["carmen"]);
      await window.quickInput.cancel();
    } finally {
      await dave.close();
    }
  });

  it("serverUrl: the window stays in its lobby and says so, and one button takes it to the other", async () => {
    const other = await ServerProcess.start();
    try {
      await window.clearNotifications();
      await windows.changeMachineSettings({ "forkchat.serverUrl": other.url });
      await window.notification(
        `The setting forkchat.serverUrl is now ${other.url}. This window is still in the lobby of ${server.url}. Leaving it ends your private sessions.`,
        "Leave and Join",
      );
      await bobby.until("anna gone", () => (bobby.peer("anna")?.link ?? "ended") === "ended");
      const panel = await ChatPanel.of(window);
      await panel.untilActive("lobby");
      await panel.frame.getByText(`Connected to ${other.url}`).waitFor();
      await panel.type("\\users");
      await panel.shows("lobby", "1 online\nanna — you");
    } finally {
      await other.stop();
    }
  });
});
