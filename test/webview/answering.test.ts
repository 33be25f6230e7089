// The composer when its line answers an earlier message, or its page or the message goes away.
import assert from "node:assert/strict";
import { LOBBY, panelState, session, view } from "./pageData.ts";
import { PanelPage } from "./pageHarness.ts";
import { about, action, lobby, talk } from "./answeredLines.ts";

const BOBBY = session(1);

describe("the composer, when a line", () => {
  let panel: PanelPage;
  const button = (name: string) => panel.page.getByRole("button", { name, exact: true });

  beforeEach(async () => {
    panel = await PanelPage.open();
    await lobby(panel, talk);
    await panel.composer.focus();
  });
  afterEach(() => panel.close());

  describe("is half-written when its page is hidden", () => {
    it("is restored with its quoted or edited message, and with the draft beside an edit", async () => {
      await panel.page.keyboard.type("a draft");
      await action(panel, 2, "Edit your message");
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
      await action(panel, 1, "Reply to bobby's message");
      await panel.page.keyboard.type("well");
      await panel.patch({
        sessions: [view(0, "lobby", { start: 3, end: 3 }), view(1, "bobby", { mark: "P->" })],
      });
      await about(panel).waitFor({ state: "detached" });
      await panel.press("Enter");
      const sent = await panel.next("submit", 1);
      assert.deepEqual([sent.text, sent.about], ["well", undefined]);
    });

    it("keeps the text of an edit", async () => {
      await action(panel, 2, "Edit your message");
      await panel.page.keyboard.type(" words");
      await panel.patch({
        sessions: [view(0, "lobby", { start: 3, end: 3 }), view(1, "bobby", { mark: "P->" })],
      });
      await about(panel).waitFor({ state: "detached" });
      assert.equal(await panel.value(), "\\last words");
      await panel.nextDraft("\\last words");
    });
  });

  describe("is a reply", () => {
    it("shows the quoted message, and names it when submitted; the next line is no reply", async () => {
      await action(panel, 1, "Reply to bobby's message");
      assert.equal((await about(panel).locator(".what").innerText()).trim(), "Replying to bobby: a question");
      await panel.page.keyboard.type("an answer");
      await panel.press("Enter");
      assert.deepEqual(await panel.next("submit", 1), {
        ...{ type: "submit", id: 1, session: LOBBY, text: "an answer", about: { kind: "reply", index: 1 } },
      });
      await about(panel).waitFor({ state: "detached" });
      await panel.page.keyboard.type("and more");
      await panel.press("Enter");
      assert.deepEqual(await panel.next("submit", 2), {
        ...{ type: "submit", id: 2, session: LOBBY, text: "and more" },
      });
    });

    it("is described to screen readers", async () => {
      await action(panel, 1, "Reply to bobby's message");
      const id = (await panel.composer.getAttribute("aria-describedby")) ?? "none";
      assert.match(await panel.page.locator(`#${id}`).innerText(), /Replying to bobby: a question/);
    });

    it("keeps its text when the reply is canceled, by Escape or by its button", async () => {
      for (const cancel of [() => panel.press("Escape"), () => button("Cancel reply").click()]) {
        await action(panel, 1, "Reply to bobby's message");
        await panel.composer.fill("text");
        await cancel();
        await about(panel).waitFor({ state: "detached" });
        assert.equal(await panel.value(), "text");
        await panel.page.locator("textarea:focus").waitFor();
      }
    });

    it("lets Escape close the suggestions first", async () => {
      await action(panel, 1, "Reply to bobby's message");
      await panel.page.keyboard.type("@bo");
      await panel.page.getByRole("listbox").waitFor();
      await panel.press("Escape");
      assert.equal(await panel.page.getByRole("listbox").count(), 0);
      assert.equal(await about(panel).count(), 1);
    });

    it("waits while a command is typed", async () => {
      await action(panel, 1, "Reply to bobby's message");
      await panel.page.keyboard.type("\\users");
      await panel.press("Enter");
      assert.deepEqual(await panel.next("submit", 1), {
        ...{ type: "submit", id: 1, session: LOBBY, text: "\\users" },
      });
      assert.equal(await about(panel).count(), 1);
    });

    it("is returned as a reply when it was rejected", async () => {
      await action(panel, 1, "Reply to bobby's message");
      await panel.page.keyboard.type("an answer");
      await panel.press("Enter");
      const { id } = await panel.next("submit", 1);
      await panel.post({ type: "submitted", id, accepted: false });
      await panel.holds("an answer");
      await about(panel).getByText("Replying to bobby:").waitFor();
    });

    it("ends when it was sent from another page", async () => {
      const reply = { kind: "reply", index: 0, from: "bobby", text: "hi" } as const;
      const nothing = { text: "", about: null };
      await panel.elsewhere([{ session: LOBBY, text: "yes", about: reply, former: nothing }]);
      await panel.holds("yes");
      await about(panel).waitFor();
      await panel.elsewhere([{ session: LOBBY, ...nothing, former: { text: "yes", about: reply } }]);
      await panel.holds("");
      assert.equal(await about(panel).count(), 0);
      const edit = { kind: "edit", index: 2, former: "\\last", text: "\\last words" } as const;
      await panel.elsewhere([{ session: LOBBY, text: "", about: edit, former: nothing }]);
      await panel.holds("\\last words");
      await panel.elsewhere([{ session: LOBBY, ...nothing, former: { text: "", about: edit } }]);
      await panel.holds("");
    });

    it("applies only in its own session", async () => {
      await action(panel, 1, "Reply to bobby's message");
      await panel.patch({ active: BOBBY });
      await panel.page.getByRole("log", { name: "bobby" }).waitFor();
      assert.equal(await about(panel).count(), 0);
      await panel.patch({ active: LOBBY });
      await about(panel).waitFor();
    });
  });
});
