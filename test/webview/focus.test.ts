// Where the keyboard's user is left when what had the focus goes away under them.
import assert from "node:assert/strict";
import type { PendingMessage } from "../../protocol/webview.ts";
import { lines, MORNING, panelState, peer, says, session, view } from "./pageData.ts";
import { PanelPage } from "./pageHarness.ts";

const failed: PendingMessage = { id: "p", at: MORNING, text: "so", status: "failed", reason: "no" };

describe("the focus in the panel", () => {
  let panel: PanelPage;
  beforeEach(async () => (panel = await PanelPage.open()));
  afterEach(() => panel.close());

  const focusedRole = () =>
    panel.page.evaluate(() => {
      const { activeElement } = document;
      return activeElement?.getAttribute("role") ?? activeElement?.tagName.toLowerCase();
    });
  const settled = async () => {
    await panel.painted();
    await panel.painted();
  };

  it("is in the log after jumping to its end", async () => {
    await panel.lobby(lines(100));
    await panel.painted();
    await panel.log.evaluate((log) => (log.scrollTop = 300));
    const back = panel.page.getByRole("button", { name: "Jump to the newest messages" });
    await back.focus();
    await panel.page.keyboard.press("Enter");
    await back.waitFor({ state: "detached" });
    await settled();
    assert.equal(await focusedRole(), "log");
    await panel.page.keyboard.type("hi");
    assert.equal(await panel.composer.inputValue(), "hi");
  });

  for (const { button, after } of [
    { button: "Discard", after: [] },
    { button: "Send again", after: [{ ...failed, status: "sending" } as const] },
  ]) {
    it(`is in the log after "${button}"`, async () => {
      await panel.lobby([says("bobby", "hi")], {
        sessions: [view(0, "lobby", { end: 1, pending: [failed] })],
      });
      const pressed = panel.log.getByRole("button", { name: button });
      await pressed.focus();
      await panel.page.keyboard.press("Enter");
      await panel.patch({ sessions: [view(0, "lobby", { end: 1, pending: after })] });
      await pressed.waitFor({ state: "detached" });
      await settled();
      assert.equal(await focusedRole(), "log");
    });
  }

  it("is in the composer after leaving a session with its button", async () => {
    const sessions = [view(0, "lobby"), view(1, "bobby", { mark: "P->", peer: peer() })];
    await panel.snapshot({ state: panelState({ active: session(1), sessions }) });
    const leave = panel.page.getByRole("button", { name: "Leave bobby" });
    await leave.focus();
    await panel.patch({ active: session(0), sessions: sessions.slice(0, 1) });
    await leave.waitFor({ state: "detached" });
    await settled();
    assert.equal(await focusedRole(), "textarea");
  });

  it("stays nowhere after a click on empty space", async () => {
    await panel.lobby([says("bobby", "hi")], { sessions: [view(0, "lobby", { end: 1, pending: [failed] })] });
    const discard = panel.log.getByRole("button", { name: "Discard" });
    await discard.focus();
    await panel.page.locator(".status-bar").click();
    assert.equal(await focusedRole(), "body");
    await panel.patch({ sessions: [view(0, "lobby", { end: 1 })] });
    await discard.waitFor({ state: "detached" });
    await settled();
    assert.equal(await focusedRole(), "body");
  });

  it("is not taken from elsewhere: it returns with the window's", async () => {
    await panel.lobby([says("bobby", "hi")], { sessions: [view(0, "lobby", { end: 1, pending: [failed] })] });
    const discard = panel.log.getByRole("button", { name: "Discard" });
    await discard.focus();
    await panel.page.evaluate(() => (document.hasFocus = () => false));
    await panel.patch({ sessions: [view(0, "lobby", { end: 1 })] });
    await discard.waitFor({ state: "detached" });
    await settled();
    assert.equal(await focusedRole(), "body");
    await panel.page.evaluate(() => {
      document.hasFocus = () => true;
      window.dispatchEvent(new Event("focus"));
    });
    assert.equal(await focusedRole(), "log");
  });
});
