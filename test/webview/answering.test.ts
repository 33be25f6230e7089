// The composer when its line answers or changes an earlier message.
import assert from "node:assert/strict";
import type { Entry } from "../../protocol/webview.ts";
import { LOBBY, MORNING, panelState, says, session, view } from "./pageData.ts";
import { PanelPage } from "./pageHarness.ts";
import { told } from "./talkData.ts";

const BOBBY = session(1);
const talk = [told("anna", "first", 1), told("bobby", "a question", 2), told("anna", "\\last", 3)];

describe("the composer, when a line", () => {
  let panel: PanelPage;
  const button = (name: string) => panel.page.getByRole("button", { name, exact: true });
  const action = async (index: number, name: string) => {
    await panel.message(index).hover();
    await button(name).click();
    await panel.page.locator("textarea:focus").waitFor();
  };
  const about = () => panel.page.locator(".about");
  /** A lobby with these entries, and a session with bobby beside it. */
  const lobby = (entries: readonly Entry[], rest: Parameters<typeof view>[2] = {}) =>
    panel.lobby(entries, { sessions: [view(0, "lobby", rest), view(1, "bobby", { mark: "P->" })] });

  beforeEach(async () => {
    panel = await PanelPage.open();
    await lobby(talk);
    await panel.composer.focus();
  });
  afterEach(() => panel.close());

  describe("is half-written when its page is hidden", () => {
    it("is restored with its quoted or edited message, and with the draft beside an edit", async () => {
      await panel.page.keyboard.type("a draft");
      await action(2, "Edit your message");
      await panel.page.keyboard.type(" words");
      await panel.page.evaluate(() => dispatchEvent(new Event("pagehide")));
      const about = { kind: "edit", index: 2, former: "\\last", text: "\\last words" } as const;
      const draft = { session: LOBBY, text: "a draft", about };
      assert.deepEqual(panel.posted("draft").at(-1), { type: "draft", ...draft });

      await panel.close();
      panel = await PanelPage.open();
      const sessions = [view(0, "lobby", { end: talk.length })];
      const entries = [{ session: LOBBY, index: 0, entries: talk }];
      await panel.snapshot({ state: panelState({ sessions }), entries, drafts: [draft] });
      await panel.holds("\\last words");
      assert.match(await panel.page.locator(".about").innerText(), /Editing your message/);
      await panel.composer.focus();
      await panel.press("Escape");
      await panel.holds("a draft");
    });
  });

  describe("is about a message whose history is cleared", () => {
    it("becomes an ordinary line", async () => {
      await action(1, "Reply to bobby's message");
      await panel.page.keyboard.type("well");
      await panel.patch({
        sessions: [view(0, "lobby", { start: 3, end: 3 }), view(1, "bobby", { mark: "P->" })],
      });
      await about().waitFor({ state: "detached" });
      await panel.press("Enter");
      const sent = await panel.next("submit", 1);
      assert.deepEqual([sent.text, sent.about], ["well", undefined]);
    });

    it("keeps the text of an edit", async () => {
      await action(2, "Edit your message");
      await panel.page.keyboard.type(" words");
      await panel.patch({
        sessions: [view(0, "lobby", { start: 3, end: 3 }), view(1, "bobby", { mark: "P->" })],
      });
      await about().waitFor({ state: "detached" });
      assert.equal(await panel.value(), "\\last words");
      await panel.nextDraft("\\last words");
    });
  });

  describe("is a reply", () => {
    it("shows the quoted message, and names it when submitted; the next line is no reply", async () => {
      await action(1, "Reply to bobby's message");
      assert.equal((await about().locator(".what").innerText()).trim(), "Replying to bobby: a question");
      await panel.page.keyboard.type("an answer");
      await panel.press("Enter");
      assert.deepEqual(await panel.next("submit", 1), {
        ...{ type: "submit", id: 1, session: LOBBY, text: "an answer", about: { kind: "reply", index: 1 } },
      });
      await about().waitFor({ state: "detached" });
      await panel.page.keyboard.type("and more");
      await panel.press("Enter");
      assert.deepEqual(await panel.next("submit", 2), {
        ...{ type: "submit", id: 2, session: LOBBY, text: "and more" },
      });
    });

    it("is described to screen readers", async () => {
      await action(1, "Reply to bobby's message");
      const id = (await panel.composer.getAttribute("aria-describedby")) ?? "none";
      assert.match(await panel.page.locator(`#${id}`).innerText(), /Replying to bobby: a question/);
    });

    it("keeps its text when the reply is canceled, by Escape or by its button", async () => {
      for (const cancel of [() => panel.press("Escape"), () => button("Cancel reply").click()]) {
        await action(1, "Reply to bobby's message");
        await panel.composer.fill("text");
        await cancel();
        await about().waitFor({ state: "detached" });
        assert.equal(await panel.value(), "text");
        await panel.page.locator("textarea:focus").waitFor();
      }
    });

    it("lets Escape close the suggestions first", async () => {
      await action(1, "Reply to bobby's message");
      await panel.page.keyboard.type("@bo");
      await panel.page.getByRole("listbox").waitFor();
      await panel.press("Escape");
      assert.equal(await panel.page.getByRole("listbox").count(), 0);
      assert.equal(await about().count(), 1);
    });

    it("waits while a command is typed", async () => {
      await action(1, "Reply to bobby's message");
      await panel.page.keyboard.type("\\users");
      await panel.press("Enter");
      assert.deepEqual(await panel.next("submit", 1), {
        ...{ type: "submit", id: 1, session: LOBBY, text: "\\users" },
      });
      assert.equal(await about().count(), 1);
    });

    it("is returned as a reply when it was rejected", async () => {
      await action(1, "Reply to bobby's message");
      await panel.page.keyboard.type("an answer");
      await panel.press("Enter");
      const { id } = await panel.next("submit", 1);
      await panel.post({ type: "submitted", id, accepted: false });
      await panel.holds("an answer");
      await about().getByText("Replying to bobby:").waitFor();
    });

    it("ends when it was sent from another page", async () => {
      const reply = { kind: "reply", index: 0, from: "bobby", text: "hi" } as const;
      const nothing = { text: "", about: null };
      await panel.elsewhere([{ session: LOBBY, text: "yes", about: reply, former: nothing }]);
      await panel.holds("yes");
      await about().waitFor();
      await panel.elsewhere([{ session: LOBBY, ...nothing, former: { text: "yes", about: reply } }]);
      await panel.holds("");
      assert.equal(await about().count(), 0);
      const edit = { kind: "edit", index: 2, former: "\\last", text: "\\last words" } as const;
      await panel.elsewhere([{ session: LOBBY, text: "", about: edit, former: nothing }]);
      await panel.holds("\\last words");
      await panel.elsewhere([{ session: LOBBY, ...nothing, former: { text: "", about: edit } }]);
      await panel.holds("");
    });

    it("applies only in its own session", async () => {
      await action(1, "Reply to bobby's message");
      await panel.patch({ active: BOBBY });
      await panel.page.getByRole("log", { name: "bobby" }).waitFor();
      assert.equal(await about().count(), 0);
      await panel.patch({ active: LOBBY });
      await about().waitFor();
    });
  });

  describe("is an edit", () => {
    it("contains the message's text; Enter sends it once it has changed", async () => {
      await action(0, "Edit your message");
      await about().getByText("Editing your message").waitFor();
      assert.equal(await panel.value(), "first");
      await panel.page.keyboard.type(" of all");
      await panel.press("Enter");
      assert.deepEqual(await panel.next("submit", 1), {
        ...{ type: "submit", id: 1, session: LOBBY, text: "first of all", about: { kind: "edit", index: 0 } },
      });
      assert.equal(await panel.value(), "");
      await action(0, "Edit your message");
      await panel.press("Enter");
      await about().waitFor({ state: "detached" });
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
      await action(0, "Edit your message");
      await panel.page.keyboard.type(" edited");
      await panel.press("Escape");
      await panel.holds("a draft");
      await action(0, "Edit your message");
      await panel.page.keyboard.type(" edited");
      await panel.press("Enter");
      await panel.holds("a draft");
      await panel.next("submit", 1);
      for (const { text } of panel.posted("draft")) assert.ok("a draft".startsWith(text), text);
    });

    it("is returned as an edit when it was rejected", async () => {
      await action(0, "Edit your message");
      await panel.page.keyboard.type("!");
      await panel.press("Enter");
      const { id } = await panel.next("submit", 1);
      await panel.post({ type: "submitted", id, accepted: false });
      await panel.holds("first!");
      await about().getByText("Editing your message").waitFor();
    });

    it("does not edit when the last message cannot be changed: Up recalls, as Ctrl+Up always does", async () => {
      const sent = async (text: string) => {
        await panel.composer.fill(text);
        await panel.press("Enter");
      };
      await sent("a line sent");
      const { id } = await panel.next("submit", 1);
      await panel.post({ type: "submitted", id, accepted: true });
      await lobby(talk, { pending: [{ id: "p", at: MORNING, text: "a line sent", status: "failed" }] });
      await panel.press("ArrowUp");
      await panel.holds("a line sent");
      await panel.press("ArrowDown");
      for (const entries of [
        [...talk, told("anna", "", 4, { retracted: true })],
        [...talk, says("anna", "too old")],
      ]) {
        await lobby(entries);
        await panel.press("ArrowUp");
        await panel.holds("a line sent");
        await panel.press("ArrowDown");
        await panel.holds("");
      }
      await lobby(talk);
      await panel.press("Control+ArrowUp");
      await panel.holds("a line sent");
      assert.equal(await about().count(), 0);
      await panel.press("ArrowUp");
      await panel.holds("\\\\last");
    });

    it("starts on Up once the message in flight has its number, and not on the one before it", async () => {
      await panel.composer.fill("newest");
      await panel.press("Enter", "ArrowUp");
      const { id } = await panel.next("submit", 1);
      await lobby(talk, { pending: [{ id: "p", at: MORNING, text: "newest", status: "sending" }] });
      await panel.post({ type: "submitted", id, accepted: true });
      await panel.painted();
      assert.deepEqual([await panel.value(), await about().count()], ["", 0]);
      await lobby([...talk, told("anna", "newest", 9)]);
      await panel.holds("newest");
      await about().getByText("Editing your message").waitFor();
    });

    it("does not start when the user has moved on to something else", async () => {
      await panel.composer.fill("newest");
      await panel.press("Enter", "ArrowUp", "Escape");
      const { id } = await panel.next("submit", 1);
      await panel.post({ type: "submitted", id, accepted: true });
      await lobby([...talk, told("anna", "newest", 9)]);
      await panel.painted();
      assert.deepEqual([await panel.value(), await about().count()], ["", 0]);
    });

    it("does not start on Up in a field with text, nor on a message of another session", async () => {
      await panel.page.keyboard.type("text");
      await panel.press("ArrowUp");
      assert.equal(await panel.value(), "text");
      await panel.patch({ active: BOBBY });
      await panel.page.getByRole("log", { name: "bobby" }).waitFor();
      await panel.press("ArrowUp");
      await panel.painted();
      assert.equal(await about().count(), 0);
    });
  });

  describe("has completions", () => {
    it("suggests people after an @, chosen with Tab or from the list", async () => {
      await panel.page.keyboard.type("ask @car");
      assert.equal(await panel.page.getByRole("option").count(), 1);
      await panel.press("Tab");
      assert.equal(await panel.value(), "ask @carmen ");
      await panel.page.keyboard.type("or @");
      assert.equal(await panel.page.getByRole("option").count(), 3);
      await panel.press("ArrowDown", "ArrowDown", "Enter");
      assert.equal(await panel.value(), "ask @carmen or @bob.smith ");
    });

    it("suggests emoji after a colon, and sends what was typed when none was chosen", async () => {
      await panel.page.keyboard.type("done :tad");
      await panel.press("Tab");
      assert.equal(await panel.value(), "done 🎉");
      await panel.page.keyboard.type(" :th");
      await panel.page.getByRole("listbox").waitFor();
      await panel.press("Enter");
      assert.equal((await panel.next("submit", 1)).text, "done 🎉 :th");
    });
  });

  describe("is typed in a private session", () => {
    const writing = view(1, "bobby", {
      mark: "P->",
      peer: { path: "direct", verified: "nobody", text: "Connected" },
    });
    const values = () => panel.posted("typing").map(({ value: is }) => is);
    beforeEach(async () => {
      await panel.close();
      panel = await PanelPage.open({ alone: true });
      await panel.page.clock.install();
      await panel.snapshot({ state: panelState({ active: BOBBY, sessions: [view(0, "lobby"), writing] }) });
      await panel.composer.focus();
    });

    it("reports typing at the first letter, and the end when it is sent", async () => {
      await panel.page.keyboard.type("hello");
      assert.deepEqual(await panel.next("typing", 1), { type: "typing", session: BOBBY, value: true });
      await panel.press("Enter");
      await panel.next("typing", 2);
      assert.deepEqual(values(), [true, false]);
    });

    it("reports the end when it is emptied, left, or untouched for eight seconds", async () => {
      await panel.page.keyboard.type("a");
      await panel.press("Backspace");
      await panel.next("typing", 2);
      await panel.page.keyboard.type("b");
      await panel.tab(/^bobby/).focus();
      await panel.next("typing", 4);
      await panel.composer.focus();
      await panel.page.keyboard.type("c");
      await panel.next("typing", 5);
      await panel.page.clock.runFor(7_000);
      assert.equal(values().length, 5);
      await panel.page.clock.runFor(1_001);
      await panel.next("typing", 6);
      assert.deepEqual(values(), [true, false, true, false, true, false]);
    });

    it("reports nothing for a command, or in the lobby", async () => {
      await panel.page.keyboard.type("\\leave");
      await panel.patch({ active: LOBBY });
      await panel.page.getByRole("log", { name: "lobby" }).waitFor();
      await panel.page.keyboard.type("hi");
      await panel.press("Enter");
      await panel.next("submit", 1);
      assert.deepEqual(values(), []);
    });
  });
});
