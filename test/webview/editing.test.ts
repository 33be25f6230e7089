// The composer when its line changes an earlier message.
import assert from "node:assert/strict";
import { LOBBY, MORNING, says, session } from "./pageData.ts";
import { PanelPage } from "./pageHarness.ts";
import { told } from "./talkData.ts";
import { about, action, lobby, talk } from "./answeredLines.ts";

const BOBBY = session(1);

describe("the composer, when a line", () => {
  let panel: PanelPage;

  beforeEach(async () => {
    panel = await PanelPage.open();
    await lobby(panel, talk);
    await panel.composer.focus();
  });
  afterEach(() => panel.close());

  describe("is an edit", () => {
    it("contains the message's text; Enter sends it once it has changed", async () => {
      await action(panel, 0, "Edit your message");
      await about(panel).getByText("Editing your message").waitFor();
      assert.equal(await panel.value(), "first");
      await panel.page.keyboard.type(" of all");
      await panel.press("Enter");
      assert.deepEqual(await panel.next("submit", 1), {
        ...{ type: "submit", id: 1, session: LOBBY, text: "first of all", about: { kind: "edit", index: 0 } },
      });
      assert.equal(await panel.value(), "");
      await action(panel, 0, "Edit your message");
      await panel.press("Enter");
      await about(panel).waitFor({ state: "detached" });
      assert.equal(panel.posted("submit").length, 1);
    });

    it("edits the user's last message after Up in an empty field, with a leading backslash as it is", async () => {
      await panel.press("ArrowUp");
      await panel.holds("\\last");
      assert.equal(await panel.page.getByRole("listbox").count(), 0);
      await panel.page.keyboard.type("!");
      await panel.press("Enter");
      const { text, about: target } = await panel.next("submit", 1);
      assert.deepEqual([text, target], ["\\\\last!", { kind: "edit", index: 2 }]);
    });

    it("keeps the draft aside, at the host as well, and restores it afterwards or after Escape", async () => {
      await panel.page.keyboard.type("a draft");
      await panel.next("draft", 1);
      await action(panel, 0, "Edit your message");
      await panel.page.keyboard.type(" edited");
      await panel.press("Escape");
      await panel.holds("a draft");
      await action(panel, 0, "Edit your message");
      await panel.page.keyboard.type(" edited");
      await panel.press("Enter");
      await panel.holds("a draft");
      await panel.next("submit", 1);
      for (const { text } of panel.posted("draft")) assert.ok("a draft".startsWith(text), text);
    });

    it("is returned as an edit when it was rejected", async () => {
      await action(panel, 0, "Edit your message");
      await panel.page.keyboard.type("!");
      await panel.press("Enter");
      const { id } = await panel.next("submit", 1);
      await panel.post({ type: "submitted", id, accepted: false });
      await panel.holds("first!");
      await about(panel).getByText("Editing your message").waitFor();
    });

    it("does not edit when the last message cannot be changed: Up recalls, as Ctrl+Up always does", async () => {
      const sent = async (text: string) => {
        await panel.composer.fill(text);
        await panel.press("Enter");
      };
      await sent("a line sent");
      const { id } = await panel.next("submit", 1);
      await panel.post({ type: "submitted", id, accepted: true });
      await lobby(panel, talk, {
        pending: [{ id: "p", at: MORNING, text: "a line sent", status: "failed" }],
      });
      await panel.press("ArrowUp");
      await panel.holds("a line sent");
      await panel.press("ArrowDown");
      for (const entries of [
        [...talk, told("anna", "", 4, { retracted: true })],
        [...talk, says("anna", "too old")],
      ]) {
        await lobby(panel, entries);
        await panel.press("ArrowUp");
        await panel.holds("a line sent");
        await panel.press("ArrowDown");
        await panel.holds("");
      }
      await lobby(panel, talk);
      await panel.press("Control+ArrowUp");
      await panel.holds("a line sent");
      assert.equal(await about(panel).count(), 0);
      await panel.press("ArrowUp");
      await panel.holds("\\\\last");
    });

    it("starts on Up once the message in flight has its number, and not on the one before it", async () => {
      await panel.composer.fill("newest");
      await panel.press("Enter", "ArrowUp");
      const { id } = await panel.next("submit", 1);
      await lobby(panel, talk, { pending: [{ id: "p", at: MORNING, text: "newest", status: "sending" }] });
      await panel.post({ type: "submitted", id, accepted: true });
      await panel.painted();
      assert.deepEqual([await panel.value(), await about(panel).count()], ["", 0]);
      await lobby(panel, [...talk, told("anna", "newest", 9)]);
      await panel.holds("newest");
      await about(panel).getByText("Editing your message").waitFor();
    });

    it("does not start when the user has moved on to something else", async () => {
      await panel.composer.fill("newest");
      await panel.press("Enter", "ArrowUp", "Escape");
      const { id } = await panel.next("submit", 1);
      await panel.post({ type: "submitted", id, accepted: true });
      await lobby(panel, [...talk, told("anna", "newest", 9)]);
      await panel.painted();
      assert.deepEqual([await panel.value(), await about(panel).count()], ["", 0]);
    });

    it("does not start on Up in a field with text, nor on a message of another session", async () => {
      await panel.page.keyboard.type("text");
      await panel.press("ArrowUp");
      assert.equal(await panel.value(), "text");
      await panel.patch({ active: BOBBY });
      await panel.page.getByRole("log", { name: "bobby" }).waitFor();
      await panel.press("ArrowUp");
      await panel.painted();
      assert.equal(await about(panel).count(), 0);
    });
  });
});
