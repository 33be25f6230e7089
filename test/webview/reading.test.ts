// The reader's position in a log: what keeps it while messages arrive, and what the host learns of it.
import assert from "node:assert/strict";
import { LogReader } from "./logReader.ts";
import { LOBBY, lines, notice, panelState, says, session, view } from "./pageData.ts";
import { PanelPage } from "./pageHarness.ts";
import { came } from "./talkData.ts";

const BOBBY = session(1);

describe("the panel's log keeps its reader's place", () => {
  let panel: PanelPage;
  let reader: LogReader;
  beforeEach(async () => {
    panel = await PanelPage.open();
    reader = new LogReader(panel);
  });
  afterEach(() => panel.close());

  it("at the end, while they are there", async () => {
    await panel.lobby(lines(300));
    assert.ok((await reader.fromEnd()) <= 1);
    for (let index = 300; index < 320; index++) await reader.add(index, lines(1, index));
    assert.ok((await reader.fromEnd()) <= 1);
    await panel.composer.fill("a\nb\nc\nd\ne");
    await panel.painted();
    assert.ok((await reader.fromEnd()) <= 1, "a composer that grows hides nothing");
    await panel.page.setViewportSize({ width: 320, height: 400 });
    await panel.painted();
    assert.ok((await reader.fromEnd()) <= 1, "nor does a panel that gets smaller");
  });

  it("at the end, when the browser moves the log and something arrives before it reports that", async () => {
    await panel.lobby(lines(300));
    await panel.page.locator(".foot").evaluate((foot) => foot.style.setProperty("padding-top", "9px"));
    await panel.painted();
    // The page reports its own scroll to the end with the next frame. Before that, the log grows, for which the browser
    // scrolls it up at once, and another message arrives.
    await panel.log.evaluate(async (log) => {
      await new Promise(requestAnimationFrame);
      const content = log.firstElementChild;
      content?.append(Object.assign(document.createElement("p"), { textContent: "news" }));
      // The page observes the same, and is told first.
      await new Promise((resolve) => {
        if (content !== null) new ResizeObserver(() => setTimeout(resolve)).observe(content);
      });
      const before = log.scrollTop;
      document.querySelector<HTMLElement>(".foot")?.style.removeProperty("padding-top");
      if (log.scrollTop >= before) throw new Error("The browser has not moved the log");
      content?.append(Object.assign(document.createElement("p"), { textContent: "more" }));
    });
    await panel.painted();
    assert.ok((await reader.fromEnd()) <= 1);
    assert.deepEqual(panel.posted("reading"), []);
  });

  it("where they read further up, and says how many messages have arrived", async () => {
    await panel.lobby(lines(300));
    await reader.scrollTo((await panel.log.evaluate((log) => log.scrollTop)) - 700);
    const index = await reader.firstVisible();
    const before = await reader.offset(index);
    await reader.add(300, lines(2, 300));
    assert.equal(await reader.offset(index), before);
    const back = panel.page.getByRole("button", { name: "2 new" });
    await back.click();
    await back.waitFor({ state: "detached" });
    assert.ok((await reader.fromEnd()) <= 1);
  });

  it("where they read further up, and counts no notices and no messages of their own", async () => {
    await panel.lobby(lines(100));
    await reader.scrollTo(300);
    await reader.add(
      100,
      ["dora", "erik", "farid"].map((name) => came(name)),
    );
    await panel.page.getByRole("button", { name: "Jump to the newest messages" }).waitFor();
    await reader.add(103, [says("bobby", "hi"), notice("info", "something"), says("anna", "from elsewhere")]);
    await panel.page.getByRole("button", { name: "1 new", exact: true }).waitFor();
    await reader.add(106, lines(40, 106));
    await panel.page.getByRole("button", { name: "41 new", exact: true }).waitFor();
  });

  it("and tells the host when they leave the end and return to it, once each", async () => {
    const told = () => panel.posted("reading").map(({ session: number, atEnd }) => [number, atEnd]);
    await panel.lobby(lines(100));
    await panel.painted();
    assert.deepEqual(told(), [], "at first they are there");
    await reader.scrollTo(300);
    await reader.scrollTo(200);
    assert.deepEqual(told(), [[LOBBY, false]]);
    await panel.page.getByRole("button", { name: "Jump to the newest messages" }).click();
    await panel.next("reading", 2);
    await reader.add(100, lines(2, 100));
    assert.deepEqual(told(), [
      [LOBBY, false],
      [LOBBY, true],
    ]);
  });

  it("and tells the host when the end comes into view by itself", async () => {
    await panel.page.setViewportSize({ width: 700, height: 300 });
    await panel.lobby(lines(8));
    await panel.painted();
    await reader.scrollTo(0);
    assert.equal((await panel.next("reading", 1)).atEnd, false);
    await panel.page.setViewportSize({ width: 700, height: 900 });
    assert.equal((await panel.next("reading", 2)).atEnd, true);
  });

  it("and tells the host where they are on a page that has lost a patch, or in a log that starts over", async () => {
    await panel.lobby(lines(100));
    await reader.scrollTo(300);
    panel.revision += 1;
    await panel.patch({});
    assert.deepEqual(await panel.next("ready", 2), { type: "ready", above: [LOBBY] });
    await panel.snapshot({ state: panelState({ sessions: [view(0, "lobby")] }) });
    assert.deepEqual(await panel.next("reading", 2), { type: "reading", session: LOBBY, atEnd: true });
  });

  it("and counts as new what arrived while they were in another session", async () => {
    const sessions = [view(0, "lobby", { end: 80 }), view(1, "bobby", { mark: "P->" })];
    await panel.snapshot({
      state: panelState({ sessions }),
      entries: [{ session: LOBBY, index: 0, entries: lines(80) }],
    });
    await reader.scrollTo(300);
    await panel.patch({ active: BOBBY });
    await panel.page.getByRole("log", { name: "bobby" }).waitFor();
    const unread = [view(0, "lobby", { end: 83, unread: 3, newFrom: 80 }), view(1, "bobby", { mark: "P->" })];
    await panel.patch({ sessions: unread }, 80, lines(3, 80));
    await panel.patch({ active: LOBBY });
    await panel.page.getByRole("button", { name: "3 new", exact: true }).waitFor();
  });

  it("at the end, with a button to new messages above, however far, until they have been there", async () => {
    const sessions = [view(0, "lobby", { end: 400, newFrom: 150 }), view(1, "bobby", { mark: "P->" })];
    await panel.lobby(lines(400), { sessions });
    const way = panel.page.getByRole("button", { name: "Jump to the first new message" });
    await way.click();
    await reader.answerMore(1);
    await reader.answerMore(2);
    await panel.page.getByRole("separator", { name: "New messages" }).waitFor();
    await panel.page.locator("[data-index='150'] > .message:focus").waitFor();
    await way.waitFor({ state: "detached" });
    await panel.page.getByRole("button", { name: "Jump to the newest messages" }).click();
    await panel.painted();
    assert.equal(await way.count(), 0);
  });

  it("without that button where the line is in view", async () => {
    const sessions = [view(0, "lobby", { end: 80, newFrom: 78 }), view(1, "bobby", { mark: "P->" })];
    await panel.lobby(lines(80), { sessions });
    await panel.page.getByRole("separator", { name: "New messages" }).waitFor();
    await panel.painted();
    assert.equal(await panel.page.getByRole("button", { name: "Jump to the first new message" }).count(), 0);
  });

  it("without that button where the line is far below", async () => {
    const before = [view(0, "lobby", { end: 200 }), view(1, "bobby", { mark: "P->" })];
    await panel.lobby(lines(200), { sessions: before });
    await reader.scrollTo(200);
    const after = [
      view(0, "lobby", { end: 201, newFrom: 200, unread: 1 }),
      view(1, "bobby", { mark: "P->" }),
    ];
    await panel.patch({ sessions: after }, 200, lines(1, 200));
    await panel.page.getByRole("button", { name: "1 new", exact: true }).waitFor();
    await panel.painted();
    assert.equal(await panel.page.getByRole("button", { name: "Jump to the first new message" }).count(), 0);
  });

  it("at the same line when older ones are inserted before it", async () => {
    await panel.lobby(lines(300));
    await reader.scrollTo(200);
    const index = await reader.firstVisible();
    const before = await reader.offset(index);
    await reader.answerMore(1);
    assert.ok(Math.abs((await reader.offset(index)) - before) <= 1);
    assert.equal(await reader.entries(), 200);
  });

  it("at the same line when a lost patch brings a new snapshot", async () => {
    await panel.lobby(lines(300));
    await reader.scrollTo(100);
    await reader.answerMore(1);
    await reader.scrollTo(1200);
    const index = await reader.firstVisible();
    const before = await reader.offset(index);
    await panel.lobby(lines(320));
    await panel.log.getByText("line 319", { exact: true }).waitFor({ state: "attached" });
    await panel.painted();
    assert.ok(Math.abs((await reader.offset(index)) - before) <= 1);
  });

  it("in each session where they were", async () => {
    const sessions = [view(0, "lobby", { end: 80 }), view(1, "bobby", { mark: "P->", end: 80 })];
    const both = [LOBBY, BOBBY].map((number) => ({ session: number, index: 0, entries: lines(80) }));
    await panel.snapshot({ state: panelState({ sessions }), entries: both });
    await reader.scrollTo(300);
    const index = await reader.firstVisible();
    const before = await reader.offset(index);
    await panel.patch({ active: BOBBY });
    await panel.page.getByRole("log", { name: "bobby" }).waitFor();
    await panel.painted();
    assert.ok((await reader.fromEnd()) <= 1);
    await panel.patch({ active: LOBBY });
    await panel.page.getByRole("log", { name: "lobby" }).waitFor();
    await panel.painted();
    assert.ok(Math.abs((await reader.offset(index)) - before) <= 1);
  });

  it("at the end after they send a line", async () => {
    await panel.lobby(lines(300));
    await reader.scrollTo(500);
    await panel.composer.fill("mine");
    await panel.page.keyboard.press("Enter");
    await panel.next("submit", 1);
    await panel.painted();
    await panel.painted();
    assert.ok((await reader.fromEnd()) <= 1);
  });
});
