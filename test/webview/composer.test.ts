// The composer: sending, refusal, drafts, recall, the input method.
import assert from "node:assert/strict";
import { limits } from "../../protocol/limits.ts";
import { LOBBY, panelState, says, session, view } from "./pageData.ts";
import { PanelPage } from "./pageHarness.ts";

const BOBBY = session(1);
const sessions = [view(0, "lobby"), view(1, "bobby", { mark: "P->" })];

describe("the composer", () => {
  let panel: PanelPage;

  beforeEach(async () => {
    panel = await PanelPage.open();
    await panel.snapshot({ state: panelState({ sessions }) });
    await panel.composer.focus();
  });
  afterEach(() => panel.close());

  describe("sends", () => {
    it("with Enter, and is empty at once; Shift+Enter inserts a line break", async () => {
      await panel.page.keyboard.type("one");
      await panel.press("Shift+Enter");
      await panel.page.keyboard.type("two");
      assert.equal(await panel.value(), "one\ntwo");
      await panel.press("Enter");
      assert.deepEqual(await panel.next("submit", 1), {
        type: "submit",
        id: 1,
        session: LOBBY,
        text: "one\ntwo",
      });
      assert.equal(await panel.value(), "");
    });

    it("with the button, and continues with the next line", async () => {
      await panel.composer.fill("hello");
      await panel.page.getByRole("button", { name: "Send" }).click();
      assert.equal((await panel.next("submit", 1)).text, "hello");
      await panel.page.locator("textarea:focus").waitFor();
      await panel.page.keyboard.type("again");
      await panel.press("Enter");
      assert.equal((await panel.next("submit", 2)).id, 2);
    });

    it("nothing that is empty or blank", async () => {
      await panel.press("Enter");
      await panel.composer.fill(" \n ");
      await panel.press("Enter");
      await panel.composer.fill("something");
      await panel.press("Enter");
      assert.equal((await panel.next("submit", 1)).text, "something");
    });

    it("a literal backslash as it was typed, without treating it as a command", async () => {
      await panel.page.keyboard.type("\\\\us");
      assert.equal(await panel.page.getByRole("listbox").count(), 0);
      await panel.press("Enter");
      assert.equal((await panel.next("submit", 1)).text, "\\\\us");
    });

    it("nothing while an input method is composing", async () => {
      const input = await panel.page.context().newCDPSession(panel.page);
      await input.send("Input.imeSetComposition", { text: "に", selectionStart: 1, selectionEnd: 1 });
      await panel.composer.dispatchEvent("keydown", { key: "Enter", isComposing: true, bubbles: true });
      await input.send("Input.insertText", { text: "日本" });
      await panel.holds("日本");
      assert.deepEqual(panel.posted("submit"), []);
      await panel.press("Enter");
      assert.equal((await panel.next("submit", 1)).text, "日本");
    });

    it("no text over the limit: it says so, and keeps the text", async () => {
      const long = "é".repeat(limits.textBytes / 2 + 1);
      await panel.composer.fill(long);
      await panel.page
        .getByRole("alert")
        .getByText(/16,386 of 16,384 bytes/)
        .waitFor();
      assert.equal(await panel.composer.getAttribute("aria-invalid"), "true");
      await panel.press("Enter");
      await panel.page.getByRole("button", { name: "Send" }).click({ force: true });
      assert.equal(await panel.value(), long);
      await panel.composer.fill(long.slice(1));
      await panel.press("Enter");
      assert.equal((await panel.next("submit", 1)).text, long.slice(1));
    });
  });

  describe("gets back", () => {
    it("a rejected text, before what was typed in the meantime", async () => {
      await panel.page.keyboard.type("first");
      await panel.press("Enter");
      const { id } = await panel.next("submit", 1);
      await panel.page.keyboard.type("second");
      await panel.post({ type: "submitted", id, accepted: false });
      await panel.holds("first\nsecond");
    });

    it("a rejected text in the session where it was typed", async () => {
      await panel.page.keyboard.type("for all");
      await panel.press("Enter");
      const { id } = await panel.next("submit", 1);
      await panel.patch({ active: BOBBY });
      await panel.page.getByRole("log", { name: "bobby" }).waitFor();
      await panel.post({ type: "submitted", id, accepted: false });
      await panel.patch({ active: LOBBY });
      await panel.holds("for all");
    });

    it("nothing when the text was accepted", async () => {
      await panel.page.keyboard.type("first");
      await panel.press("Enter");
      const { id } = await panel.next("submit", 1);
      await panel.post({ type: "submitted", id, accepted: true });
      await panel.painted();
      assert.equal(await panel.value(), "");
    });
  });

  describe("keeps drafts", () => {
    it("one per session, reported to the host a moment later", async () => {
      await panel.page.keyboard.type("to all");
      const draft = { type: "draft", session: LOBBY, text: "to all", about: null };
      assert.deepEqual(await panel.nextDraft("to all"), draft);
      await panel.patch({ active: BOBBY });
      await panel.holds("");
      await panel.composer.fill("to bobby");
      await panel.patch({ active: LOBBY });
      await panel.holds("to all");
      await panel.patch({ active: BOBBY });
      await panel.holds("to bobby");
    });

    it("reported to the host when the composer loses focus", async () => {
      await panel.page.keyboard.type("half");
      await panel.tab(/^lobby/).focus();
      assert.equal((await panel.nextDraft("half")).session, LOBBY);
    });

    it("taken from a returning page's snapshot, but never over newer text", async () => {
      await panel.snapshot({
        state: panelState({ sessions }),
        drafts: [{ session: BOBBY, text: "kept", about: null }],
      });
      await panel.page.keyboard.type("newer");
      const drafts = [{ session: LOBBY, text: "older", about: null }];
      await panel.snapshot({ state: panelState({ sessions }), drafts });
      await panel.painted();
      assert.equal(await panel.value(), "newer");
      await panel.patch({ active: BOBBY });
      await panel.holds("kept");
    });
  });

  describe("recalls", () => {
    it("earlier lines with Up in an empty composer, commands too, and goes forward with Down", async () => {
      for (const line of ["one", "\\users", "three"]) {
        await panel.composer.fill(line);
        await panel.press("Enter");
      }
      await panel.next("submit", 2);
      for (const id of [1, 2]) await panel.post({ type: "submitted", id, accepted: true });
      const { id } = await panel.next("submit", 3);
      await panel.post({ type: "submitted", id, accepted: true });
      await panel.press("ArrowUp");
      assert.equal(await panel.value(), "three");
      await panel.press("ArrowUp");
      assert.equal(await panel.value(), "\\users");
      assert.equal(await panel.page.getByRole("listbox").count(), 0);
      await panel.press("ArrowUp");
      assert.equal(await panel.value(), "one");
      await panel.press("ArrowDown", "ArrowDown");
      assert.equal(await panel.value(), "three");
      await panel.press("ArrowDown");
      assert.equal(await panel.value(), "");
    });

    it("nothing while it contains typed text", async () => {
      await panel.composer.fill("sent");
      await panel.press("Enter");
      await panel.page.keyboard.type("typed");
      await panel.press("ArrowUp");
      assert.equal(await panel.value(), "typed");
    });

    it("the user's own messages from before a reload", async () => {
      await panel.close();
      panel = await PanelPage.open();
      await panel.lobby([says("anna", "before"), says("anna", "\\literal"), says("bobby", "not mine")]);
      await panel.composer.focus();
      await panel.press("ArrowUp");
      assert.equal(await panel.value(), "\\\\literal");
      await panel.press("ArrowUp");
      assert.equal(await panel.value(), "before");
    });
  });
});
