// What somebody meets who has just installed it: a walkthrough, an invite link, and an answer to “why does it not connect?”.
import assert from "node:assert/strict";
import { Client } from "../../support/client.ts";
import { ServerProcess } from "../../support/serverProcess.ts";
import { eventually } from "../driver/eventually.ts";
import type { VsCodeWindow } from "../driver/vscodeWindow.ts";
import { ChatWindows, joinByPalette } from "./chatWindows.ts";

describe("first use", function () {
  this.timeout(180_000);
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

  it("a walkthrough of three steps, with a picture for each", async () => {
    await window.runCommand("Welcome: Open Walkthrough...");
    await window.quickInput.fill("Fork Chat");
    await window.quickInput.pick("Talk with Fork Chat");
    const steps = window.page.locator(".getting-started-step");
    await steps.first().waitFor();
    assert.equal(await steps.count(), 3);
    for (const title of ["Meet at a server", "Join under a name", "Fork a private session"]) {
      await window.page.getByRole("heading", { name: title }).first().waitFor();
    }
  });

  it("an invite link to a server on loopback is copied, with a word on whom it helps", async () => {
    await window.runCommand("Chat: Copy Invite Link");
    const text = await window.notification("can be reached from this machine only");
    assert.ok(text.includes(server.url), text);
    await window.clearNotifications();
  });

  it("Diagnose Connection says what is connected how", async () => {
    await joinByPalette(window, "anna");
    await bobby.join("bobby", server.url);
    await bobby.type("\\fork anna");
    await window.runCommand("Chat: Diagnose Connection");
    await eventually("the diagnosis", async () => {
      const text = await window.page.locator(".part.editor .view-lines").allInnerTexts();
      const shown = text.join("\n").replace(/\u00a0/gu, " ");
      return shown.includes(server.url) && /Connected directly/u.test(shown) && shown.includes("bobby");
    });
  });
});
