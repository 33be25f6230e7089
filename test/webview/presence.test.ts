// People who come and go, are away or write; and where what is new begins.
import assert from "node:assert/strict";
import type { Locator } from "playwright-core";
import type { Entry } from "../../protocol/webview.ts";
import { LOBBY, lines, panelState, peer, says, session, view } from "./pageData.ts";
import { PanelPage } from "./pageHarness.ts";
import { came } from "./talkData.ts";

const BOBBY = session(1);

describe("the panel's people", () => {
  let panel: PanelPage;
  beforeEach(async () => (panel = await PanelPage.open()));
  afterEach(() => panel.close());

  it("tell the user, too, that Do Not Disturb is on", async () => {
    await panel.lobby([]);
    const status = panel.page.getByRole("status").filter({ hasText: "anna" });
    assert.doesNotMatch(await status.innerText(), /disturb/);
    await panel.patch({ busy: true });
    await status.getByText("do not disturb").waitFor();
  });

  describe("join and quit lines", () => {
    const notices = () => panel.log.locator(".notice > .text").allInnerTexts();
    const crowd = ["dora", "erik", "farid", "gita", "hugo"].map((name) => came(name));

    it("are one line when they are many", async () => {
      await panel.lobby([says("bobby", "hi"), ...crowd, came("dora", "left", 1), says("bobby", "ho", 2)]);
      assert.deepEqual(await notices(), ["erik, farid and 2 others have joined. dora has left."]);
      assert.equal(await panel.log.locator("[data-index]").count(), 8);
    });

    it("name everyone up to three, and are separate for two", async () => {
      await panel.lobby(crowd.slice(0, 3));
      assert.deepEqual(await notices(), ["dora, erik and farid have joined."]);
      await panel.lobby(crowd.slice(0, 2));
      assert.deepEqual(await notices(), ["dora has joined.", "erik has joined."]);
    });

    const isFocused = (element: Locator) => element.evaluate((one) => one === document.activeElement);
    const press = async (...keys: readonly string[]): Promise<void> => {
      for (const key of keys) await panel.page.keyboard.press(key);
    };

    it("are no Tab stop when they are one line: the arrow keys lead there from the messages", async () => {
      await panel.lobby([...crowd, says("bobby", "hi")]);
      await panel.composer.focus();
      await press("Shift+Tab");
      assert.ok(await isFocused(panel.log));
      await press("ArrowUp");
      assert.ok(await isFocused(panel.log.getByRole("article")));
      await press("ArrowUp", "Enter");
      assert.equal(await panel.log.getByRole("listitem").count(), 5);
      await press("ArrowDown");
      assert.ok(await isFocused(panel.log.getByRole("article")));
    });

    it("can be unfolded and folded again, from the keyboard as well", async () => {
      await panel.lobby(crowd);
      const show = panel.page.getByRole("button", { name: "Show individually" });
      assert.equal(await show.getAttribute("aria-expanded"), "false");
      await panel.composer.focus();
      await press("Shift+Tab", "ArrowUp", "Enter");
      assert.equal(await panel.log.getByRole("listitem").count(), 5);
      await panel.page.getByRole("button", { name: "Show grouped" }).press("Enter");
      assert.equal(await panel.log.getByRole("listitem").count(), 0);
    });

    it("extend the existing line, over many of them", async () => {
      await panel.lobby([...lines(30), ...crowd.slice(0, 1)]);
      for (const [at, entry] of [...crowd.slice(1), came("ines"), came("jan")].entries()) {
        await panel.patch({ sessions: [view(0, "lobby", { end: 32 + at })] }, 31 + at, [entry]);
      }
      await panel.log.getByText("dora, erik and 5 others have joined.").waitFor();
      assert.equal((await notices()).length, 1);
      assert.deepEqual(
        await panel.log.evaluate((log) => log.scrollHeight - log.scrollTop - log.clientHeight <= 1),
        true,
      );
    });
  });

  describe("new messages", () => {
    const snapshot = (newFrom: number | undefined, entries: Entry[]) =>
      panel.lobby(entries, { sessions: [view(0, "lobby", newFrom === undefined ? {} : { newFrom })] });

    it("begin below a line, under the author's heading", async () => {
      await snapshot(2, [says("bobby", "one"), says("bobby", "two"), says("bobby", "three")]);
      const line = panel.log.getByRole("separator", { name: "New messages" });
      const entry = panel.page.locator('[data-index="2"]');
      assert.equal(await entry.getByRole("separator").count(), 1);
      assert.equal(await line.innerText(), "New");
      assert.deepEqual(await panel.log.locator(".message.opens .text").allInnerTexts(), ["one", "three"]);
    });

    it("have no line when all were seen, and lose it once they are read", async () => {
      await snapshot(1, lines(3));
      await panel.patch({ sessions: [view(0, "lobby", { end: 3 })] });
      await panel.log.getByRole("separator").waitFor({ state: "detached" });
    });
  });

  describe("people in private sessions", () => {
    const withBobby = (about: Parameters<typeof peer>[0], rest: Parameters<typeof view>[2] = {}) =>
      panel.snapshot({
        state: panelState({
          active: BOBBY,
          sessions: [
            view(0, "lobby"),
            view(1, "bobby", { mark: "P->", unread: 2, peer: peer(about), ...rest }),
          ],
        }),
        entries: [{ session: BOBBY, index: 0, entries: lines(rest.end ?? 0) }],
      });
    /** The tab's name, and its description where it has one. */
    const label = async () => {
      const attribute = (name: string) => panel.tab(/^bobby/).getAttribute(name);
      const [name, description] = [await attribute("aria-label"), await attribute("aria-description")];
      return [name, ...(description === null ? [] : [description])].join("; ");
    };

    it("are shown as away or not to be disturbed, in their tab's name and by an icon", async () => {
      await withBobby({ presence: "away" });
      assert.equal(await label(), "bobby P->, away, 2 unread");
      await panel
        .tab(/^bobby/)
        .locator(".presence.away")
        .waitFor();
      await withBobby({ presence: "busy" });
      assert.equal(await label(), "bobby P->, do not disturb, 2 unread");
      await withBobby({ presence: "here" });
      assert.equal(await label(), "bobby P->, 2 unread");
      assert.equal(await panel.page.locator(".presence").count(), 0);
    });

    it("are shown as away only once, when there is no link that could tell", async () => {
      await withBobby({ presence: "away", path: "none" }, { state: "waiting" });
      assert.equal(await label(), "bobby P->, away, 2 unread");
    });

    it("are shown as typing in their tab's description, and by an icon that moves nothing", async () => {
      await withBobby({});
      const width = async () => (await panel.tab(/^bobby/).boundingBox())?.width;
      const before = await width();
      await withBobby({ typing: true }, { muted: true });
      assert.equal(await label(), "bobby P->, 2 unread; typing…, muted");
      await withBobby({ typing: true });
      assert.equal(await label(), "bobby P->, 2 unread; typing…");
      await panel.page.locator(".tab .writes").waitFor();
      assert.equal(await width(), before);
      await withBobby({ typing: true, path: "none" }, { state: "waiting" });
      assert.equal(await label(), "bobby P->, away, 2 unread");
    });

    it("are shown as muted in their tab's description", async () => {
      await withBobby({}, { muted: true });
      assert.equal(await label(), "bobby P->, 2 unread; muted");
    });

    it("are shown as typing, which moves nothing and is announced once per message", async () => {
      await withBobby({}, { end: 40 });
      const place = () => panel.composer.boundingBox();
      const before = await place();
      const live = panel.page.locator(".typing [aria-live=polite]");
      assert.equal(await live.textContent(), "");
      const told = view(1, "bobby", { mark: "P->", end: 40, peer: peer({ typing: true }) });
      const quiet = view(1, "bobby", { mark: "P->", end: 40, peer: peer() });
      await panel.patch({ sessions: [view(0, "lobby"), told] });
      await panel.page.locator(".typing [aria-hidden]", { hasText: "bobby is typing…" }).waitFor();
      assert.equal(await live.textContent(), "bobby is typing…");
      assert.deepEqual(await place(), before);
      // After a pause the peer no longer shows as typing. Typing on is not announced again.
      await panel.patch({ sessions: [view(0, "lobby"), quiet] });
      await panel.page.waitForFunction(
        () => document.querySelector(".typing [aria-live]")?.textContent === "",
      );
      await live.evaluate((element) => {
        const changes: unknown[] = [];
        Reflect.set(window, "spoken", changes);
        new MutationObserver((all) => changes.push(...all)).observe(element, {
          ...{ childList: true, characterData: true, subtree: true },
        });
      });
      for (const state of [told, quiet]) await panel.patch({ sessions: [view(0, "lobby"), state] });
      await panel.page.locator(".typing [aria-hidden]").waitFor({ state: "detached" });
      await panel.painted();
      assert.equal(await panel.page.evaluate(() => (Reflect.get(window, "spoken") as unknown[]).length), 0);
      const more = { ...told, end: 41 };
      await panel.patch({ sessions: [view(0, "lobby"), more] }, 40, lines(1, 40), BOBBY);
      await panel.page.waitForFunction(
        () => document.querySelector(".typing [aria-live]")?.textContent === "bobby is typing…",
      );
    });
  });

  it("are not shown as typing while another session is shown", async () => {
    await panel.snapshot({
      state: panelState({
        active: LOBBY,
        sessions: [view(0, "lobby"), view(1, "bobby", { mark: "P->", peer: peer({ typing: true }) })],
      }),
    });
    assert.equal(await panel.page.locator(".typing").count(), 0);
  });
});
