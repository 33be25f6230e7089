// The conversation: how entries stand, what stays in view, what is fetched, and how little is done for a new one.
import assert from "node:assert/strict";
import { ENTRIES_PER_PAGE, type Entry } from "../../protocol/webview.ts";
import { LOBBY, lines, MORNING, notice, panelState, says, session, view } from "./pageData.ts";
import { PanelPage } from "./pageHarness.ts";
import { came } from "./talkData.ts";

const BOBBY = session(1);

describe("the panel's log", () => {
  let panel: PanelPage;
  beforeEach(async () => (panel = await PanelPage.open()));
  afterEach(() => panel.close());

  /** Adds lines of the lobby as the host does, and waits until they are painted. */
  const add = async (index: number, entries: Entry[]) => {
    await panel.patch({ sessions: [view(0, "lobby", { end: index + entries.length })] }, index, entries);
    await panel.painted();
  };
  const fromEnd = () => panel.log.evaluate((log) => log.scrollHeight - log.clientHeight - log.scrollTop);
  const entries = () => panel.log.locator("[data-index]").count();
  /** Pixels from the log's upper edge down to an entry. */
  const offset = async (index: number) => {
    const top = await panel.log.evaluate((log) => log.getBoundingClientRect().top);
    const box = await panel.log.locator(`[data-index="${index}"]`).boundingBox();
    assert.ok(box !== null, `entry ${index} is not there`);
    return Math.round(box.y - top);
  };
  /** Scrolls as a wheel does, and waits until the page has followed. */
  const scrollTo = async (top: number) => {
    await panel.log.evaluate((log, to) => (log.scrollTop = to), top);
    await panel.painted();
    await panel.painted();
  };
  const firstVisible = () =>
    panel.log.evaluate((log) => {
      const edge = log.getBoundingClientRect().top;
      const all = [...log.querySelectorAll<HTMLElement>("[data-index]")];
      return Number(all.find((entry) => entry.getBoundingClientRect().bottom > edge + 1)?.dataset["index"]);
    });
  /** Answers the page's wish for older entries, as the host does. */
  const answerMore = async (count: number) => {
    const { before, session: number } = await panel.next("more", count);
    const index = Math.max(0, before - ENTRIES_PER_PAGE);
    await panel.post({ type: "page", session: number, index, entries: lines(before - index, index) });
    await panel.page.locator(`[data-index="${index}"]`).waitFor({ state: "attached" });
    await panel.painted();
    await panel.painted();
  };

  describe("shows", () => {
    it("author and time once for lines that follow each other, and a day where it begins", async () => {
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

    it("own lines, those of others, and notices each on their own side", async () => {
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

    it("lines, blanks and columns as they were written", async () => {
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

    it("what is being sent, and what could not be, with its reason and two ways out", async () => {
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

    it("a message where it will stay, while it is being sent already", async () => {
      const pending = { id: "m1", at: MORNING + 60_000, text: "mine", status: "sending" } as const;
      await panel.lobby([says("bobby", "theirs")], { sessions: [view(0, "lobby", { pending: [pending] })] });
      const before = await panel.log.getByText("mine", { exact: true }).boundingBox();
      await panel.patch({ sessions: [view(0, "lobby", { end: 2 })] }, 1, [says("anna", "mine", 1)]);
      await panel.log.locator(".sending").waitFor({ state: "detached" });
      assert.deepEqual(await panel.log.getByText("mine", { exact: true }).boundingBox(), before);
    });
  });

  describe("is read aloud", () => {
    it("when something is added, but not its history after a switch", async () => {
      const sessions = [view(0, "lobby"), view(1, "bobby", { mark: "P->" })];
      await panel.snapshot({ state: panelState({ sessions }) });
      assert.equal(await panel.log.getAttribute("aria-live"), "polite");
      await panel.log.evaluate((log) => log.setAttribute("data-former", ""));
      await panel.patch({ active: BOBBY });
      await panel.page.getByRole("log", { name: "bobby" }).waitFor();
      assert.equal(await panel.log.getAttribute("data-former"), null, "a new element has no changes to tell");
    });

    it("not while older entries are being put before it, nor for a message on its way", async () => {
      const pending = [{ id: "m1", at: MORNING, text: "mine", status: "sending" }] as const;
      await panel.lobby(lines(300), { sessions: [view(0, "lobby", { pending: [...pending] })] });
      const sending = panel.log.locator("[aria-live=off]");
      assert.match(await sending.innerText(), /mine/);
      await scrollTo(0);
      await panel.next("more", 1);
      assert.equal(await panel.log.getAttribute("aria-busy"), "true");
      await answerMore(1);
      await panel.page.locator('[role=log][aria-busy="false"]').waitFor();
    });
  });

  describe("keeps its reader", () => {
    it("at the end, while they are there", async () => {
      await panel.lobby(lines(300));
      assert.ok((await fromEnd()) <= 1);
      for (let index = 300; index < 320; index++) await add(index, lines(1, index));
      assert.ok((await fromEnd()) <= 1);
      await panel.composer.fill("a\nb\nc\nd\ne");
      await panel.painted();
      assert.ok((await fromEnd()) <= 1, "a composer that grows hides nothing");
      await panel.page.setViewportSize({ width: 320, height: 400 });
      await panel.painted();
      assert.ok((await fromEnd()) <= 1, "nor does a panel that gets smaller");
    });

    it("where they read further up, and says how many have come", async () => {
      await panel.lobby(lines(300));
      await scrollTo((await panel.log.evaluate((log) => log.scrollTop)) - 700);
      const index = await firstVisible();
      const before = await offset(index);
      await add(300, lines(2, 300));
      assert.equal(await offset(index), before);
      const back = panel.page.getByRole("button", { name: "2 new" });
      await back.click();
      await back.waitFor({ state: "detached" });
      assert.ok((await fromEnd()) <= 1);
    });

    it("where they read further up, and counts no notices nor what they said themselves", async () => {
      await panel.lobby(lines(100));
      await scrollTo(300);
      await add(
        100,
        ["dora", "erik", "farid"].map((name) => came(name)),
      );
      await panel.page.getByRole("button", { name: "To the newest messages" }).waitFor();
      await add(103, [says("bobby", "hi"), notice("info", "something"), says("anna", "from elsewhere")]);
      await panel.page.getByRole("button", { name: "1 new", exact: true }).waitFor();
      await add(106, lines(40, 106));
      await panel.page.getByRole("button", { name: "41 new", exact: true }).waitFor();
    });

    it("and tells the host when they leave the end and come back to it, once each", async () => {
      const told = () => panel.posted("reading").map(({ session: number, atEnd }) => [number, atEnd]);
      await panel.lobby(lines(100));
      await panel.painted();
      assert.deepEqual(told(), [], "at first they are there");
      await scrollTo(300);
      await scrollTo(200);
      assert.deepEqual(told(), [[LOBBY, false]]);
      await panel.page.getByRole("button", { name: "To the newest messages" }).click();
      await panel.next("reading", 2);
      await add(100, lines(2, 100));
      assert.deepEqual(told(), [
        [LOBBY, false],
        [LOBBY, true],
      ]);
    });

    it("and tells the host when the end comes into sight by itself", async () => {
      await panel.page.setViewportSize({ width: 700, height: 300 });
      await panel.lobby(lines(8));
      await panel.painted();
      await scrollTo(0);
      assert.equal((await panel.next("reading", 1)).atEnd, false);
      await panel.page.setViewportSize({ width: 700, height: 900 });
      assert.equal((await panel.next("reading", 2)).atEnd, true);
    });

    it("and tells the host where they are on a page that has lost a patch, or in a log that begins anew", async () => {
      await panel.lobby(lines(100));
      await scrollTo(300);
      panel.revision += 1;
      await panel.patch({});
      assert.deepEqual(await panel.next("ready", 2), { type: "ready", above: [LOBBY] });
      await panel.snapshot({ state: panelState({ sessions: [view(0, "lobby")] }) });
      assert.deepEqual(await panel.next("reading", 2), { type: "reading", session: LOBBY, atEnd: true });
    });

    it("and counts as new what came while they were in another session", async () => {
      const sessions = [view(0, "lobby", { end: 80 }), view(1, "bobby", { mark: "P->" })];
      await panel.snapshot({
        state: panelState({ sessions }),
        entries: [{ session: LOBBY, index: 0, entries: lines(80) }],
      });
      await scrollTo(300);
      await panel.patch({ active: BOBBY });
      await panel.page.getByRole("log", { name: "bobby" }).waitFor();
      const unread = [
        view(0, "lobby", { end: 83, unread: 3, newFrom: 80 }),
        view(1, "bobby", { mark: "P->" }),
      ];
      await panel.patch({ sessions: unread }, 80, lines(3, 80));
      await panel.patch({ active: LOBBY });
      await panel.page.getByRole("button", { name: "3 new", exact: true }).waitFor();
    });

    it("at the same line when older ones come before it", async () => {
      await panel.lobby(lines(300));
      await scrollTo(200);
      const index = await firstVisible();
      const before = await offset(index);
      await answerMore(1);
      assert.ok(Math.abs((await offset(index)) - before) <= 1);
      assert.equal(await entries(), 200);
    });

    it("at the same line when a lost patch brings a new snapshot", async () => {
      await panel.lobby(lines(300));
      await scrollTo(100);
      await answerMore(1);
      await scrollTo(1200);
      const index = await firstVisible();
      const before = await offset(index);
      await panel.lobby(lines(320));
      await panel.log.getByText("line 319", { exact: true }).waitFor({ state: "attached" });
      await panel.painted();
      assert.ok(Math.abs((await offset(index)) - before) <= 1);
    });

    it("in each session where they were", async () => {
      const sessions = [view(0, "lobby", { end: 80 }), view(1, "bobby", { mark: "P->", end: 80 })];
      const both = [LOBBY, BOBBY].map((number) => ({ session: number, index: 0, entries: lines(80) }));
      await panel.snapshot({ state: panelState({ sessions }), entries: both });
      await scrollTo(300);
      const index = await firstVisible();
      const before = await offset(index);
      await panel.patch({ active: BOBBY });
      await panel.page.getByRole("log", { name: "bobby" }).waitFor();
      await panel.painted();
      assert.ok((await fromEnd()) <= 1);
      await panel.patch({ active: LOBBY });
      await panel.page.getByRole("log", { name: "lobby" }).waitFor();
      await panel.painted();
      assert.ok(Math.abs((await offset(index)) - before) <= 1);
    });

    it("at the end after a line of their own", async () => {
      await panel.lobby(lines(300));
      await scrollTo(500);
      await panel.composer.fill("mine");
      await panel.page.keyboard.press("Enter");
      await panel.next("submit", 1);
      await panel.painted();
      await panel.painted();
      assert.ok((await fromEnd()) <= 1);
    });
  });

  describe("fetches", () => {
    it("older entries near its start, once, until there are none", async () => {
      await panel.lobby(lines(250));
      assert.deepEqual(panel.posted("more"), []);
      await scrollTo(0);
      assert.deepEqual(await panel.next("more", 1), { type: "more", session: LOBBY, before: 150 });
      await scrollTo(40);
      await scrollTo(0);
      assert.equal(panel.posted("more").length, 1);
      await answerMore(1);
      await scrollTo(0);
      await answerMore(2);
      await scrollTo(0);
      await panel.painted();
      assert.equal(await entries(), 250);
      assert.equal(panel.posted("more").length, 2);
    });

    it("nothing that the host has forgotten, and says so", async () => {
      const sessions = [view(0, "lobby", { start: 150, end: 250 })];
      const newest = { session: LOBBY, index: 150, entries: lines(100, 150) };
      await panel.snapshot({ state: panelState({ sessions }), entries: [newest] });
      await scrollTo(0);
      await panel.log.getByText("Earlier messages are no longer kept").waitFor();
      assert.deepEqual(panel.posted("more"), []);
    });
  });

  describe("that is long", () => {
    it("touches one entry for a new one", async () => {
      await panel.lobby(lines(10_000));
      for (let page = 1; page <= 3; page++) {
        await scrollTo(0);
        await answerMore(page);
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
      await add(10_000, lines(1, 10_000));
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
