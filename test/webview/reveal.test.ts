// A message that is to be shown, in whichever session and however far back.
import assert from "node:assert/strict";
import { ENTRIES_PER_PAGE } from "../../protocol/webview.ts";
import { LOBBY, lines, panelState, session, view } from "./pageData.ts";
import { PanelPage } from "./pageHarness.ts";
import { came, told } from "./talkData.ts";

const BOBBY = session(1);

describe("a message to reveal", () => {
  let panel: PanelPage;
  beforeEach(async () => (panel = await PanelPage.open()));
  afterEach(() => panel.close());

  const isInView = (index: number) =>
    panel.page.waitForFunction((at) => {
      const log = document.querySelector(".log")?.getBoundingClientRect();
      const entry = document.querySelector(`[data-index="${at}"]`)?.getBoundingClientRect();
      if (log === undefined || entry === undefined) return false;
      return entry.top >= log.top && entry.bottom <= log.bottom;
    }, index);
  const hasFocus = (index: number) =>
    panel.page.locator(`[data-index="${index}"] > .message:focus`).waitFor();
  const answer = async (count: number, of = LOBBY) => {
    const { before } = await panel.next("more", count);
    const index = Math.max(0, before - ENTRIES_PER_PAGE);
    await panel.post({ type: "page", session: of, index, entries: lines(before - index, index) });
  };

  it("is scrolled to, focused, and highlighted for a moment", async () => {
    await panel.lobby(lines(100));
    await panel.post({ type: "reveal", session: LOBBY, index: 20 });
    await isInView(20);
    await hasFocus(20);
    const marked = panel.page.locator('[data-index="20"][data-revealed]');
    await marked.waitFor();
    await marked.waitFor({ state: "detached" });
    await panel.patch({ sessions: [view(0, "lobby", { end: 101 })] }, 100, lines(1, 100));
    await panel.page.getByRole("button", { name: "1 new" }).waitFor();
    await isInView(20);
  });

  it("is highlighted without motion for users who prefer that", async () => {
    const timing = async () => {
      await panel.lobby(lines(100));
      await panel.post({ type: "reveal", session: LOBBY, index: 20 });
      const marked = panel.page.locator("[data-revealed]");
      await marked.waitFor();
      return marked.evaluate((entry) => getComputedStyle(entry).animationTimingFunction);
    };
    assert.equal(await timing(), "ease-out");
    await panel.preferStillness();
    assert.equal(await timing(), "steps(1)");
    await panel.close();
    panel = await PanelPage.open({ reducedMotion: true });
    assert.equal(await timing(), "steps(1)");
  });

  it("is fetched first, page by page", async () => {
    await panel.lobby(lines(450));
    await panel.post({ type: "reveal", session: LOBBY, index: 60 });
    for (let page = 1; page <= 3; page++) await answer(page);
    await answer(4);
    await isInView(60);
    await hasFocus(60);
  });

  it("is the oldest kept one if it is no longer kept", async () => {
    const sessions = [view(0, "lobby", { start: 40, end: 140 })];
    await panel.snapshot({
      state: panelState({ sessions }),
      entries: [{ session: LOBBY, index: 40, entries: lines(100, 40) }],
    });
    await panel.post({ type: "reveal", session: LOBBY, index: 3 });
    await hasFocus(40);
  });

  it("is shown in its own session, which is activated", async () => {
    const sessions = [view(0, "lobby", { end: 80 }), view(1, "bobby", { mark: "P->", end: 80 })];
    const both = [LOBBY, BOBBY].map((number) => ({ session: number, index: 0, entries: lines(80) }));
    await panel.snapshot({ state: panelState({ sessions }), entries: both });
    await panel.post({ type: "reveal", session: BOBBY, index: 10 });
    assert.deepEqual(await panel.next("activate", 1), { type: "activate", id: 1, session: BOBBY });
    await panel.patch({ active: BOBBY });
    await panel.page.getByRole("log", { name: "bobby" }).waitFor();
    await isInView(10);
    await hasFocus(10);
  });

  it("waits for a page that has no data yet", async () => {
    await panel.post({ type: "reveal", session: LOBBY, index: 20 });
    await panel.lobby(lines(100));
    await isInView(20);
    await hasFocus(20);
  });

  it("is reached from a reply to it, by a click or by Enter", async () => {
    const reply = { from: "bobby", text: "line 3", index: 3 };
    await panel.lobby([...lines(99), told("anna", "yes", 99, { reply })]);
    await panel.message(99).getByRole("button", { name: "bobby line 3" }).click();
    await hasFocus(3);
    await isInView(3);
    await panel.message(99).focus();
    await panel.message(99).getByRole("button", { name: "bobby line 3" }).press("Enter");
    await hasFocus(3);
  });

  it("that is folded among join lines is shown by their line", async () => {
    const crowd = Array.from({ length: 8 }, (_, at) => came(`guest${at}`));
    await panel.lobby([...lines(60), ...crowd, ...lines(60, 68)]);
    await panel.post({ type: "reveal", session: LOBBY, index: 64 });
    await panel.page.locator('[data-index="60"][data-revealed]').waitFor();
    await isInView(60);
  });
});
