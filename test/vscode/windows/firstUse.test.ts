// What a new user meets: a walkthrough, an invite link, and an answer to “why does it not connect?”.
import assert from "node:assert/strict";
import { isIPv4 } from "node:net";
import { networkInterfaces } from "node:os";
import { Client } from "../../support/client.ts";
import { ServerProcess } from "../../support/serverProcess.ts";
import { eventually } from "../driver/eventually.ts";
import type { VsCodeWindow } from "../driver/vscodeWindow.ts";
import { ChatPanel } from "../driver/chatPanel.ts";
import { ChatWindows, joinByPalette, previewText } from "./chatWindows.ts";
import { freePort } from "../../support/freePort.ts";

/** An address at which others reach this machine, if it has one. */
const outside = Object.values(networkInterfaces())
  .flatMap((infos) => infos ?? [])
  .find(({ internal, address }) => !internal && isIPv4(address))?.address;

describe("first use", function () {
  this.timeout(300_000);
  let server: ServerProcess;
  let windows: ChatWindows;
  let window: VsCodeWindow;
  const bobby = new Client();

  before(async () => {
    server = await ServerProcess.start();
    windows = await ChatWindows.start(server.url);
    window = await windows.open("anna");
  });

  after(async () => {
    await bobby.close();
    await windows.stop();
    await server.stop();
  });

  it("an invite link to a server on loopback is copied, with a note on who can use it", async () => {
    await window.runCommand("Chat: Copy Invite Link");
    const text = await window.notification("can be reached only from this machine");
    assert.equal(text, `Invite link copied, but ${server.url} can be reached only from this machine.`);
    await window.clearNotifications();
  });

  it("a walkthrough that begins with joining, because the setting names a server", async () => {
    // By now the extension is active: VS Code does not look at the conditions of steps that it already shows.
    await window.runCommand("Welcome: Open Walkthrough...");
    await window.quickInput.fill("Fork Chat");
    await window.quickInput.pick("Get Started with Fork Chat");
    const steps = window.page.locator(".getting-started-step");
    await steps.first().waitFor();
    assert.equal(await steps.count(), 2);
    for (const title of ["Join the lobby", "Open a private session"]) {
      await window.page.getByRole("heading", { name: title }).first().waitFor();
    }
  });

  it("Diagnose Connection checks the server before anyone has joined", async () => {
    await window.runCommand("Chat: Diagnose Connection");
    await eventually("the check", async () => {
      const shown = await previewText(window);
      return shown.includes("You haven't joined yet") && shown.includes("It doesn't require a token.");
    });
    await window.runCommand("View: Close All Editors");
  });

  it("Diagnose Connection says how everything is connected", async () => {
    await joinByPalette(window, "anna");
    await bobby.join("bobby", server.url);
    await bobby.type("\\fork anna");
    await window.runCommand("Chat: Diagnose Connection");
    await eventually("the diagnosis", async () => {
      const shown = await previewText(window);
      return shown.includes(server.url) && /Connected directly/u.test(shown) && shown.includes("bobby");
    });
  });

  it("the steps to let others in at a server that was started elsewhere lead there (skipped on a machine that is on no network)", async function () {
    if (outside === undefined) this.skip();
    const reached = server.url.replace("127.0.0.1", outside);
    await window.clearNotifications();
    await window.runCommand("Chat: Copy Invite Link");
    await window.notification("can be reached only from this machine", `Use ${reached}`);
    await window.notification(`forkchat.serverUrl is now ${reached}`);
    await server.stop();
    await window.runCommand("Chat: Start Server");
    await window.notification(`listening at ${reached}`);
    await window.runCommand("Chat: Quit");
    await joinByPalette(window, "anna");
    await window.clearNotifications();
    await window.runCommand("Chat: Copy Invite Link");
    await window.notification(`It leads to ${reached}.`);
  });
});

describe("an invite link", function () {
  this.timeout(300_000);
  let server: ServerProcess;
  let windows: ChatWindows;
  let window: VsCodeWindow;

  const dialog = (text: string) => window.page.locator(".monaco-dialog-box", { hasText: text });
  const press = (text: string, button: string) =>
    dialog(text).getByRole("button", { name: button, exact: true }).click();
  const copied = () => window.page.evaluate(() => navigator.clipboard.readText());
  const copiedLink = async () => new URL(await copied());
  const setting = async () => (await windows.machineSettings())["forkchat.serverUrl"];
  const joined = async () => {
    const panel = await ChatPanel.of(window);
    await panel.shows("lobby", "You joined the lobby as anna");
    return panel;
  };
  /** Opens the link that was copied, as if it named another server. */
  const openLink = async (url: string) => {
    const link = await copiedLink();
    link.searchParams.set("server", url);
    await eventually("the link to be opened", async () => {
      await window.runCommand("Developer: Open URL");
      // Whatever takes the focus at this moment closes the box, and another one may take its place.
      if (!(await window.quickInput.message()).includes("URL to open")) return false;
      await window.quickInput.accept(link.href, 10_000);
      return true;
    });
    await press("open this URI", "Open");
  };

  before(async () => {
    server = await ServerProcess.start();
    windows = await ChatWindows.start(`ws://127.0.0.1:${await freePort()}`);
    window = await windows.open("anna");
    await window.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  });

  after(async () => {
    await windows.stop();
    await server.stop();
  });

  it("to this window's own server on loopback: one action brings it, and its user, to where others get in (skipped on a machine that is on no network)", async function () {
    if (outside === undefined) this.skip();
    const local = windows.serverUrl;
    const reached = local.replace("127.0.0.1", outside);
    await window.runCommand("Chat: Start Server");
    await window.notification(`listening at ${local}`, "Join as…");
    await window.quickInput.waitFor("Join Fork Chat");
    await window.quickInput.accept("anna");
    await joined();
    const bobby = new Client();
    try {
      await bobby.join("bobby", local);
      const restart = async (): Promise<void> => {
        await window.clearNotifications();
        await window.runCommand("Chat: Copy Invite Link");
        await window.notification(`${local} can be reached only from this machine`, `Restart at ${reached}`);
      };
      // Others would have to join again: the user is asked, and Enter leaves everything as it is.
      const question = `Restart the server at ${reached}?`;
      await restart();
      // It is shown a moment before it gets the focus.
      await dialog(question).locator(":focus").waitFor();
      await window.page.keyboard.press("Enter");
      await dialog(question).waitFor({ state: "detached" });
      assert.equal(await setting(), local);
      await restart();
      await press(question, "Restart");
      await window.notification(`It leads to ${reached}.`);
    } finally {
      await bobby.close();
    }
    assert.equal((await copiedLink()).searchParams.get("server"), reached);
    assert.equal(await setting(), reached);
    const panel = await joined();
    await panel.type("Here we are.");
    await panel.shows("lobby", "Here we are.");
    await eventually(
      "nothing to wait for",
      async () => !(await panel.log("lobby").innerText()).includes("Waiting"),
    );
    // What is copied from now on leads there at once.
    await window.clearNotifications();
    await window.runCommand("Chat: Copy Invite Link");
    await window.notification(`It leads to ${reached}. Others also need the server's token.`, "Copy Token");
    await eventually("the token", async () => /^[\w-]{32}$/.test(await copied()));
    await panel.type("\\quit");
    await window.clearNotifications();
  });

  it("shows server and name before anything happens, and canceling changes nothing", async () => {
    await window.runCommand("Chat: Copy Invite Link");
    await window.notification("Invite link copied");
    const before = await setting();
    await openLink(server.url);
    await press(`Join the Fork Chat server ${server.url} as `, "Use Another Name…");
    await window.quickInput.waitFor("Join Fork Chat");
    assert.ok((await window.quickInput.message()).includes(server.url));
    await window.quickInput.cancel();
    await openLink(server.url);
    await press(`Join the Fork Chat server ${server.url} as `, "Cancel");
    assert.equal(await setting(), before);
  });

  it("joins its server under another name, and the next time under the suggested one", async () => {
    await openLink(server.url);
    await press("Use Another Name…", "Use Another Name…");
    await window.quickInput.waitFor("Join Fork Chat");
    await window.quickInput.accept("anna");
    await joined();
    await eventually("the setting", async () => (await setting()) === server.url);
    await (await joined()).type("\\quit");
    await openLink(server.url);
    await press(`Join the Fork Chat server ${server.url} as anna?`, "Join as anna");
    await joined();
  });

  it("ticks the walkthrough's step to join, which is opened afterwards", async () => {
    await joined();
    await window.runCommand("Welcome: Open Walkthrough...");
    await window.quickInput.fill("Fork Chat");
    await window.quickInput.pick("Get Started with Fork Chat");
    await window.page.locator("[data-done-step-id$='#join'].complete").first().waitFor();
    await window.runCommand("View: Close Editor");
  });

  it("says so while its opener is in a lobby, and switches servers when they agree", async () => {
    const second = await ServerProcess.start();
    try {
      await openLink(server.url);
      await window.notification(`You're already in the lobby of ${server.url}.`);
      await openLink(second.url);
      await press(`Leave ${server.url} and join ${second.url} as anna?`, "Leave and Join");
      await eventually("the setting", async () => (await setting()) === second.url);
      const panel = await joined();
      await panel.type("\\users");
      await panel.shows("lobby", "1 online\nanna — you");
    } finally {
      await second.stop();
    }
  });

  it("to a server that is not up yet becomes the one to start, once that makes it reachable", async () => {
    await (await ChatPanel.of(window)).type("\\quit");
    const port = await freePort();
    const url = `ws://127.0.0.1:${port}`;
    await openLink(url);
    await press(`Join the Fork Chat server ${url} as anna?`, "Join as anna");
    await window.notification(`Couldn't join ${url}`);
    assert.notEqual(await setting(), url);
    const late = await ServerProcess.start("--port", String(port));
    try {
      await window.notification(`Couldn't join ${url}`, "Try Again");
      await joined();
      await eventually("the setting", async () => (await setting()) === url);
    } finally {
      await late.stop();
    }
  });
});
