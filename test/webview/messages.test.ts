// Messages that answer, were changed or reacted to, and how far one's own have come.
import assert from "node:assert/strict";
import type { PendingMessage, SessionView } from "../../protocol/webview.ts";
import { LOBBY, lines, MORNING, panelState, peer, says, session, view } from "./pageData.ts";
import { PanelPage } from "./pageHarness.ts";
import { told } from "./talkData.ts";

const BOBBY = session(1);

describe("messages", () => {
  let panel: PanelPage;
  beforeEach(async () => (panel = await PanelPage.open()));
  afterEach(() => panel.close());

  describe("show", () => {
    it("what they reply to, above their text", async () => {
      const reply = { from: "bobby", text: "Is it red?", index: 0 };
      await panel.lobby([told("bobby", "Is it red?", 1), told("anna", "It is.", 2, { reply })]);
      const quote = panel.message(1).getByRole("button", { name: "bobby Is it red?" });
      const [above, text] = [
        await quote.boundingBox(),
        await panel.message(1).locator(".text").boundingBox(),
      ];
      assert.ok(above !== null && text !== null && above.y + above.height <= text.y + 1);
    });

    it("what they reply to without a link, when it is no longer kept", async () => {
      await panel.lobby([told("anna", "It is.", 2, { reply: { from: "bobby", text: "Is it red?" } })]);
      await panel.message(0).getByText("Is it red?").waitFor();
      assert.equal(await panel.message(0).getByRole("button").count(), 0);
    });

    it("that they were edited, or retracted", async () => {
      await panel.lobby([
        told("bobby", "new", 1, { edited: true }),
        told("bobby", "", 2, { retracted: true }),
        told("bobby", "as it was", 3),
      ]);
      assert.equal(
        (await panel.message(0).locator(".line").innerText()).replace(/\s+/g, " "),
        "new (edited)",
      );
      assert.equal(await panel.message(1).locator(".line").innerText(), "Message retracted");
      assert.equal(await panel.message(2).locator(".line").innerText(), "as it was");
    });

    it("that they mention the reader: by a bar, and in their description", async () => {
      await panel.lobby([told("bobby", "@anna?", 1, { mentions: true }), told("bobby", "no", 2)]);
      assert.match((await panel.message(0).locator(".head").textContent()) ?? "", /mentions you/);
      const bar = (index: number) =>
        panel.message(index).evaluate((message) => getComputedStyle(message, "::before").borderLeftWidth);
      assert.equal(await bar(0), "2px");
      assert.equal(await bar(1), "0px");
    });

    it("reactions as buttons, pressed for one's own, with everyone's name", async () => {
      const reactions = [
        { text: "👍", by: ["anna", "bobby", "carmen"], mine: true },
        { text: "🎉", by: ["bobby"], mine: false },
      ];
      await panel.lobby([told("bobby", "Done.", 1, { reactions })]);
      const mine = panel.page.getByRole("button", { name: "👍 3: anna, bobby and carmen", pressed: true });
      const theirs = panel.page.getByRole("button", { name: "🎉 1: bobby", pressed: false });
      assert.equal(await mine.getAttribute("title"), "anna, bobby and carmen");
      await mine.click();
      await theirs.click();
      await panel.next("react", 2);
      assert.deepEqual(panel.posted("react"), [
        { type: "react", session: LOBBY, index: 0, text: "👍", on: false },
        { type: "react", session: LOBBY, index: 0, text: "🎉", on: true },
      ]);
    });
  });

  describe("that change in place", () => {
    it("show their new form, and stay where they are", async () => {
      await panel.lobby([told("bobby", "first", 1), told("carmen", "second", 2)]);
      await panel.amend(0, told("bobby", "third", 1, { edited: true }));
      await panel.log.getByText("third").waitFor();
      assert.deepEqual(await panel.log.locator(".message .text").allInnerTexts(), ["third", "second"]);
      await panel.amend(0, told("bobby", "", 1, { retracted: true }));
      await panel.log.getByText("Message retracted").waitFor();
      assert.deepEqual(await panel.log.locator(".message .text").allInnerTexts(), ["second"]);
    });

    it("touch no other one", async () => {
      await panel.lobby(lines(60));
      await panel.log.evaluate((log) => {
        for (const entry of log.querySelectorAll("[data-index]"))
          Reflect.set(entry, "former", entry.innerHTML);
      });
      await panel.amend(10, told("bobby", "changed", 1, { edited: true }));
      await panel.log.getByText("changed").waitFor();
      const changed = await panel.log.evaluate((log) =>
        [...log.querySelectorAll<HTMLElement>("[data-index]")]
          .filter((entry) => Reflect.get(entry, "former") !== entry.innerHTML)
          .map((entry) => Number(entry.dataset["index"])),
      );
      // Line 11 stands under the author's head of line 10 no longer or now.
      assert.ok(changed.includes(10) && changed.every((index) => index === 10 || index === 11));
    });

    it("are not announced again", async () => {
      await panel.lobby([told("bobby", "first", 1)]);
      assert.equal(await panel.log.getAttribute("aria-relevant"), "additions");
      await panel.amend(
        0,
        told("bobby", "first", 1, { reactions: [{ text: "👍", by: ["x"], mine: false }] }),
      );
      const reaction = panel.page.getByRole("button", { name: "👍 1: x" });
      assert.equal(await reaction.evaluate((button) => button.closest("[aria-live]")?.ariaLive), "off");
    });

    it("leave a reader further up at their line, whether they are above or below it", async () => {
      await panel.lobby(lines(200));
      await panel.log.evaluate((log) => (log.scrollTop = log.scrollHeight / 2));
      await panel.painted();
      await panel.painted();
      const place = () =>
        panel.log.evaluate((log) => {
          const edge = log.getBoundingClientRect().top;
          const all = [...log.querySelectorAll<HTMLElement>("[data-index]")];
          const first = all.find((entry) => entry.getBoundingClientRect().bottom > edge + 1);
          return { index: first?.dataset["index"], top: Math.round(first?.getBoundingClientRect().top ?? 0) };
        });
      const before = await place();
      const index = Number(before.index);
      const reactions = [{ text: "👍", by: ["carmen"], mine: false }];
      await panel.amend(index - 2, { ...told("bobby", "a\nb\nc\nd", 1, { reactions }) });
      await panel.amend(index + 20, { ...told("bobby", "a\nb\nc\nd", 1, { reactions }) });
      await panel.patch({ sessions: [view(0, "lobby", { end: 201 })] }, 200, lines(1, 200));
      await panel.page.getByRole("button", { name: "1 new" }).waitFor();
      await panel.painted();
      const after = await place();
      assert.equal(after.index, before.index);
      assert.ok(Math.abs(after.top - before.top) <= 1, `moved by ${after.top - before.top}`);
    });
  });

  describe("of the user in a private session show their delivery", () => {
    const talk = [
      told("anna", "one", 1),
      told("anna", "two", 2),
      told("bobby", "yes?", 3),
      told("anna", "three", 4),
    ];
    const pending = (status: PendingMessage["status"]): PendingMessage => ({
      ...{ id: "p", at: MORNING + 300_000, text: "four", status },
    });
    const withBobby = (rest: Partial<SessionView>) => {
      const bobby = view(1, "bobby", { mark: "P->", end: talk.length, peer: peer(), ...rest });
      const state = panelState({ active: BOBBY, sessions: [view(0, "lobby"), bobby] });
      return panel.snapshot({ state, entries: [{ session: BOBBY, index: 0, entries: talk }] });
    };
    const state = async () => {
      await panel.painted();
      return panel.log.locator(".delivery.state").allTextContents();
    };

    it("in words below the last one only, and in the description of each", async () => {
      await withBobby({ peer: peer({ readUpTo: 2 }) });
      assert.deepEqual(await state(), ["Received"]);
      const descriptions = await Promise.all(
        [0, 1, 2, 3].map((index) => panel.message(index).getAttribute("aria-description")),
      );
      assert.deepEqual(descriptions, ["Read", "Read", null, "Received"]);
      assert.equal(await panel.message(0).locator(".line").getAttribute("title"), "Read");
    });

    it("as read, once the other side has reported it", async () => {
      await withBobby({});
      assert.deepEqual(await state(), ["Received"]);
      const read = view(1, "bobby", { mark: "P->", end: talk.length, peer: peer({ readUpTo: 4 }) });
      await panel.patch({ sessions: [view(0, "lobby"), read] });
      await panel.message(3).getByText("Read").waitFor();
      assert.deepEqual(await state(), ["Read"]);
    });

    it("as sent or waiting, while unacknowledged; and not at all for a failed one", async () => {
      await withBobby({ pending: [pending("sending")] });
      assert.deepEqual(await state(), ["Sent"]);
      await withBobby({ state: "waiting", pending: [pending("waiting")] });
      assert.deepEqual(await state(), ["Waiting…"]);
      await withBobby({ pending: [pending("waiting")] });
      assert.deepEqual(await state(), ["Waiting…"]);
      await withBobby({ pending: [pending("failed")] });
      assert.deepEqual(await state(), ["Received"]);
    });

    it("not in the lobby", async () => {
      await panel.lobby(talk);
      assert.deepEqual(await state(), []);
      assert.equal(await panel.message(0).getAttribute("aria-description"), null);
    });
  });

  describe("in flight", () => {
    const onItsWay = (rest: Partial<PendingMessage>): Partial<SessionView> => ({
      ...{ end: 1, pending: [{ id: "p", at: MORNING, text: "so", status: "sending", ...rest }] },
    });
    const lobbyWith = (rest: Partial<PendingMessage>) =>
      panel.lobby([told("bobby", "Is it red?", 7)], { sessions: [view(0, "lobby", onItsWay(rest))] });

    it("already show what they reply to", async () => {
      await lobbyWith({ about: { kind: "reply", seq: 7 } });
      await panel.log.getByRole("button", { name: "bobby Is it red?" }).waitFor();
      await panel.log.getByText("so", { exact: true }).waitFor();
    });

    it("produce no line of their own when they change an earlier one, and report a failure", async () => {
      await lobbyWith({ text: "👍", about: { kind: "react", seq: 7, on: true } });
      await panel.log.getByText("Sending your reaction 👍…").waitFor();
      assert.equal(await panel.log.locator(".message").count(), 1);
      const reason = "Only its author may change it.";
      await lobbyWith({ about: { kind: "edit", seq: 7 }, status: "failed", reason });
      await panel.log.getByText("Your edit wasn't delivered: so").waitFor();
      await panel.log.getByText(reason).waitFor();
      await panel.log.getByRole("button", { name: "Discard" }).click();
      assert.equal((await panel.next("discard", 1)).id, "p");
    });
  });

  it("saved before messages had numbers are shown as ever", async () => {
    await panel.lobby([says("bobby", "old")]);
    await panel.message(0).hover();
    assert.equal(await panel.page.getByRole("toolbar").count(), 0);
  });
});
