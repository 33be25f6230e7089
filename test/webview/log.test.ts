// The conversation: how entries stand, what is fetched, and how little is done for a new one.
import assert from "node:assert/strict";
import { LogReader } from "./logReader.ts";
import { LOBBY, lines, MORNING, notice, panelState, says, session, view } from "./pageData.ts";
import { PanelPage } from "./pageHarness.ts";

const BOBBY = session(1);

describe("the panel's log", () => {
  let panel: PanelPage;
  let reader: LogReader;
  beforeEach(async () => {
    panel = await PanelPage.open();
    reader = new LogReader(panel);
  });
  afterEach(() => panel.close());

  describe("shows", () => {
    it("author and time once for consecutive messages, and a day where it begins", async () => {
      await panel.lobby([
        says("bobby", "yesterday", -24 * 60),
        says("bobby", "one"),
        says("bobby", "two", 1),
        says("carmen", "three", 2),
      ]);
      const heads = panel.log.locator(".message.opens .head");
      assert.deepEqual(
        (await heads.allInnerTexts()).map((head) => head.replace(/\s+/g, " ")),
        ["bobby 10:30", "bobby 10:30", "carmen 10:32"],
      );
      const days = await panel.log.locator(".day").allInnerTexts();
      // Some versions of the browser write a comma after the weekday.
      const written = days.map((day) => day.replace(",", ""));
      assert.deepEqual(written, ["Sunday 22 November 2026", "Monday 23 November 2026"]);
    });

    it("own messages, those of others, and notices, each on their own side", async () => {
      await panel.lobby([
        says("bobby", "theirs"),
        says("anna", "mine", 1),
        notice("info", "carmen joined", 2),
      ]);
      const left = (text: string) => panel.log.getByText(text, { exact: true }).boundingBox();
      const [theirs, mine, told] = [await left("theirs"), await left("mine"), await left("carmen joined")];
      assert.ok(theirs !== null && mine !== null && told !== null);
      assert.ok(theirs.x < told.x && told.x < mine.x);
      assert.equal(await panel.log.locator(".notice .author").count(), 0);
    });

    it("lines, spaces and columns as they were written", async () => {
      await panel.lobby([
        says("bobby", "a\n\n  b    c"),
        notice("output", " 1 bobby (P->)\n12 carmen (P~>)"),
      ]);
      assert.equal(await panel.log.locator(".message .text").innerText(), "a\n\n  b    c");
      const output = panel.log.locator(".output");
      assert.equal(await output.innerText(), " 1 bobby (P->)\n12 carmen (P~>)");
      const font = await output.evaluate((element) => getComputedStyle(element).fontFamily);
      assert.match(font, /Droid Sans Mono/);
    });

    it("the mark of a peer session before each of its lines, and none in the lobby", async () => {
      const sessions = [view(0, "lobby"), view(1, "bobby", { mark: "P~>" })];
      const talk = [says("bobby", "one"), says("anna", "two", 1), says("anna", "three", 1)];
      await panel.snapshot({
        state: panelState({ sessions, active: BOBBY }),
        entries: [
          { session: BOBBY, index: 0, entries: talk },
          { session: LOBBY, index: 0, entries: talk },
        ],
      });
      assert.deepEqual(await panel.log.locator(".line .mark").allInnerTexts(), ["P~>", "P~>", "P~>"]);
      await panel.patch({ active: LOBBY });
      await panel.page.getByRole("log", { name: "lobby" }).waitFor();
      assert.equal(await panel.log.locator(".mark").count(), 0);
    });

    it("pending and failed messages, with the reason and two ways out", async () => {
      const message = { id: "m1", at: MORNING, text: "hello" };
      await panel.lobby([], {
        sessions: [view(0, "lobby", { pending: [{ ...message, status: "sending" }] })],
      });
      await panel.log.getByText("hello").waitFor();
      assert.equal(await panel.log.locator(".sending").count(), 1);
      const failed = { ...message, status: "failed", reason: "The server is gone." } as const;
      await panel.patch({ sessions: [view(0, "lobby", { pending: [failed] })] });
      await panel.log.getByText("The server is gone.").waitFor();
      await panel.log.getByRole("button", { name: "Send again" }).click();
      await panel.log.getByRole("button", { name: "Discard" }).click();
      assert.deepEqual(await panel.next("retry", 1), { type: "retry", session: LOBBY, id: "m1" });
      assert.deepEqual(await panel.next("discard", 1), { type: "discard", session: LOBBY, id: "m1" });
    });

    it("a message in its final place while it is still being sent", async () => {
      const pending = { id: "m1", at: MORNING + 60_000, text: "mine", status: "sending" } as const;
      await panel.lobby([says("bobby", "theirs")], { sessions: [view(0, "lobby", { pending: [pending] })] });
      const before = await panel.log.getByText("mine", { exact: true }).boundingBox();
      await panel.patch({ sessions: [view(0, "lobby", { end: 2 })] }, 1, [says("anna", "mine", 1)]);
      await panel.log.locator(".sending").waitFor({ state: "detached" });
      assert.deepEqual(await panel.log.getByText("mine", { exact: true }).boundingBox(), before);
    });
  });

  describe("is announced", () => {
    it("when something is added, but not its history after a switch", async () => {
      const sessions = [view(0, "lobby"), view(1, "bobby", { mark: "P->" })];
      await panel.snapshot({ state: panelState({ sessions }) });
      assert.equal(await panel.log.getAttribute("aria-live"), "polite");
      await panel.log.evaluate((log) => log.setAttribute("data-former", ""));
      await panel.patch({ active: BOBBY });
      await panel.page.getByRole("log", { name: "bobby" }).waitFor();
      assert.equal(await panel.log.getAttribute("data-former"), null, "a new element has no changes to tell");
    });

    it("not while older entries are inserted before it, nor for a message in flight", async () => {
      const pending = [{ id: "m1", at: MORNING, text: "mine", status: "sending" }] as const;
      await panel.lobby(lines(300), { sessions: [view(0, "lobby", { pending: [...pending] })] });
      const sending = panel.log.locator("[aria-live=off]");
      assert.match(await sending.innerText(), /mine/);
      await reader.scrollTo(0);
      await panel.next("more", 1);
      assert.equal(await panel.log.getAttribute("aria-busy"), "true");
      await reader.answerMore(1);
      await panel.page.locator('[role=log][aria-busy="false"]').waitFor();
    });
  });

  describe("fetches", () => {
    it("older entries near its start, once each, until there are none", async () => {
      await panel.lobby(lines(250));
      assert.deepEqual(panel.posted("more"), []);
      await reader.scrollTo(0);
      assert.deepEqual(await panel.next("more", 1), { type: "more", session: LOBBY, before: 150 });
      await reader.scrollTo(40);
      await reader.scrollTo(0);
      assert.equal(panel.posted("more").length, 1);
      await reader.answerMore(1);
      await reader.scrollTo(0);
      await reader.answerMore(2);
      await reader.scrollTo(0);
      await panel.painted();
      assert.equal(await reader.entries(), 250);
      assert.equal(panel.posted("more").length, 2);
    });

    it("nothing that the host has dropped, and says so", async () => {
      const sessions = [view(0, "lobby", { start: 150, end: 250 })];
      const newest = { session: LOBBY, index: 150, entries: lines(100, 150) };
      await panel.snapshot({ state: panelState({ sessions }), entries: [newest] });
      await reader.scrollTo(0);
      await panel.log.getByText("Earlier messages are no longer kept").waitFor();
      assert.deepEqual(panel.posted("more"), []);
    });
  });

  describe("that is long", () => {
    it("touches one entry for a new message", async () => {
      await panel.lobby(lines(10_000));
      for (let page = 1; page <= 3; page++) {
        await reader.scrollTo(0);
        await reader.answerMore(page);
      }
      await panel.page.locator('[role=log][aria-busy="false"]').waitFor();
      await panel.log.evaluate((log) => {
        const changes: MutationRecord[] = [];
        Reflect.set(window, "changes", changes);
        new MutationObserver((records) => changes.push(...records)).observe(log, {
          subtree: true,
          childList: true,
          attributes: true,
          characterData: true,
        });
      });
      await reader.add(10_000, lines(1, 10_000));
      const touched = await panel.page.evaluate(() => {
        const changes: unknown = Reflect.get(window, "changes");
        if (!Array.isArray(changes)) return null;
        return changes.flatMap((record: unknown) =>
          record instanceof MutationRecord
            ? [record.type, record.addedNodes.length, record.removedNodes.length]
            : [],
        );
      });
      assert.deepEqual(touched, ["childList", 1, 0]);
    });
  });
});
