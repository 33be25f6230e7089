// Cards of messages with lines of code: where the lines are in the reader's files, and when they ask for that.
import assert from "node:assert/strict";
import type { CodeMatch, MessageEntry } from "../../protocol/webview.ts";
import { card } from "./cardData.ts";
import { LOBBY } from "./pageData.ts";
import { PanelPage } from "./pageHarness.ts";
import { told } from "./talkData.ts";

describe("cards with code", () => {
  let panel: PanelPage;
  beforeEach(async () => (panel = await PanelPage.open()));
  afterEach(() => panel.close());

  const group = (name: string) => panel.log.getByRole("group", { name, exact: true });
  const answer = (index: number, match: CodeMatch) =>
    panel.post({ type: "match", session: LOBBY, index, match });
  const asked = () => panel.posted("code").map(({ action, index }) => `${action} ${String(index)}`);
  const first = "Code src/pool/close.ts:12-16";

  describe("say where the lines are", () => {
    const status = (name = first) => group(name).getByRole("status");

    it("as the host answers, with the reader's own place where it is another one", async () => {
      await panel.lobby([card("bobby", 1)]);
      await panel.seen(0);
      assert.equal(await status().innerText(), "");
      const own = { path: "src/pool/close.ts", range: { from: 12, to: 16 } };
      const other = { path: "lib/close.ts", range: { from: 30, to: 34 } };
      for (const [match, says] of [
        [{ state: "same", place: own }, "same lines"],
        [{ state: "same", place: other }, "same lines: lib/close.ts:30-34"],
        [{ state: "moved", place: other }, "moved: lib/close.ts:30-34"],
        [{ state: "changed", place: own }, "changed"],
        [{ state: "unsure" }, "unsure"],
        [{ state: "gone" }, "not found"],
      ] as const) {
        await answer(0, match);
        await panel.settled();
        assert.equal((await status().textContent()) ?? "", says);
      }
    });

    it("and why it may be unsure", async () => {
      await panel.lobby([card("bobby", 1)]);
      await panel.seen(0);
      const why = async () => (await status().locator(".state").getAttribute("title")) ?? "";
      await answer(0, { state: "unsure" });
      await panel.settled();
      assert.match(await why(), /^It is not certain where this is in your files\. Open shows /);
      await answer(0, { state: "gone" });
      await panel.settled();
      assert.equal(await why(), "");
    });

    it("without a word to those who hear the log, and without moving it", async () => {
      await panel.lobby([card("bobby", 1)]);
      await panel.seen(0);
      const before = await group(first).boundingBox();
      await answer(0, { state: "moved", place: { path: "x".repeat(300), range: { from: 1, to: 5 } } });
      await panel.settled();
      assert.deepEqual(await group(first).boundingBox(), before);
      assert.equal(await status().getAttribute("aria-live"), "off");
    });

    it("asked again when files have changed, with the former answer until then", async () => {
      await panel.lobby([card("bobby", 1)]);
      await panel.seen(0);
      await answer(0, { state: "same", place: { path: "a.ts", range: { from: 1, to: 5 } } });
      await panel.post({ type: "stale", session: LOBBY, index: 0 });
      await panel.settled();
      assert.deepEqual(asked(), ["match 0", "match 0"]);
      assert.match((await status().textContent()) ?? "", /^same lines/);
      await answer(0, { state: "gone" });
      await panel.settled();
      assert.equal(await status().textContent(), "not found");
    });

    it("asked once for each card in view, and never for one that was not", async () => {
      const later: MessageEntry[] = Array.from({ length: 40 }, (_, at) =>
        told("bobby", `line ${at}`, at + 9),
      );
      await panel.lobby([card("bobby", 1), ...later, card("bobby", 60, { path: "b.ts" })]);
      await panel.seen(41);
      assert.deepEqual(asked(), ["match 41"]);
      await answer(41, { state: "same" });
      await panel.log.evaluate((log) => (log.scrollTop = 0));
      await panel.seen(0);
      await panel.log.evaluate((log) => (log.scrollTop = log.scrollHeight));
      await panel.painted();
      await panel.painted();
      assert.deepEqual(asked(), ["match 41", "match 0"]);
    });

    it("asked for sixteen of many cards at once", async () => {
      const many = Array.from({ length: 50 }, (_, at) =>
        card("bobby", at + 1, { code: "x", path: `f${at}.ts` }),
      );
      await panel.page.setViewportSize({ width: 700, height: 6000 });
      await panel.lobby(many);
      await panel.next("code", 16);
      await panel.painted();
      assert.equal(asked().length, 16);
      const [one] = panel.posted("code");
      await answer(one?.index ?? 0, { state: "gone" });
      await panel.next("code", 17);
      assert.equal(new Set(asked()).size, 17);
    });

    it("again after a reload, and after an edit", async () => {
      await panel.lobby([card("bobby", 1)]);
      await panel.seen(0);
      await answer(0, { state: "same" });
      await panel.amend(0, card("bobby", 1, { code: "another();" }, { edited: true }));
      await panel.next("code", 2);
      assert.equal(await status("Code src/pool/close.ts:12-12").innerText(), "");
      await panel.reload();
      await panel.lobby([card("bobby", 1)]);
      await panel.next("code", 3);
    });
  });
});
