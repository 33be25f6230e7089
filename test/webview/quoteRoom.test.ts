// A quote uses the space that it has, and is not cut while there is enough.
import assert from "node:assert/strict";
import type { Entry, MessageEntry } from "../../protocol/webview.ts";
import { panelState, says } from "./pageData.ts";
import { PanelPage } from "./pageHarness.ts";

const answers = (from: string, whose: string, text: string, index?: number): Entry => ({
  ...(says(from, "yes") as MessageEntry),
  reply: { from: whose, text, ...(index === undefined ? {} : { index }) },
});

describe("a quote", () => {
  let panel: PanelPage;
  afterEach(() => panel.close());

  /** The share of each part that is shown: 1 when nothing is cut. */
  const shown = (at: number) =>
    panel
      .message(at)
      .locator(".quoted")
      .evaluate((quoted) =>
        [".whose", ".excerpt"].map((part) => {
          const element = quoted.querySelector(part);
          return element === null ? NaN : element.clientWidth / element.scrollWidth;
        }),
      );
  const inside = (at: number) =>
    panel
      .message(at)
      .locator(".quoted")
      .evaluate((quoted) => quoted.scrollWidth <= quoted.clientWidth);

  for (const width of [320, 700, 1200]) {
    it(`clips neither a name nor text that fits, however short the other is (${width} pixels)`, async () => {
      panel = await PanelPage.open({ width });
      const entries = ["anna", "bobby"].flatMap((from) => [
        answers(from, "python", "hi"),
        answers(from, "python", "hi", 0),
        answers(from, "b", "a question of some words", 0),
        answers(from, "christopher.longname", "ok", 0),
      ]);
      await panel.lobby([says("python", "hi"), ...entries]);
      for (let at = 1; at <= entries.length; at++) assert.deepEqual(await shown(at), [1, 1], `answer ${at}`);
    });
  }

  it("gives a short name all the room it needs, and a long text the rest of the line", async () => {
    panel = await PanelPage.open({ width: 500 });
    const long = "many words ".repeat(18);
    await panel.lobby([
      says("bobby", long),
      answers("carmen", "bobby", long, 0),
      answers("anna", "W".repeat(32), long, 0),
    ]);
    const [name, words] = await shown(1);
    assert.equal(name, 1);
    assert.ok(words !== undefined && words > 0.2 && words < 1);
    const both = await shown(2);
    assert.ok(both.every((share) => share > 0.1 && share < 1));
    assert.ok((await inside(1)) && (await inside(2)));
    const message = await panel.message(1).boundingBox();
    const quote = await panel.message(1).locator(".quoted").boundingBox();
    assert.ok(message !== null && quote !== null);
    assert.equal(Math.round(quote.x + quote.width), Math.round(message.x + message.width));
  });

  it("is not clipped above the composer while there is room", async () => {
    panel = await PanelPage.open({ width: 500 });
    const about = { kind: "reply", index: 0, from: "christopher.longname", text: "ok" } as const;
    await panel.snapshot({
      state: panelState(),
      entries: [{ session: panelState().active, index: 0, entries: [says("christopher.longname", "ok")] }],
      drafts: [{ session: panelState().active, text: "", about }],
    });
    const what = panel.page.locator(".about .what");
    assert.equal(await what.evaluate((element) => element.scrollWidth <= element.clientWidth), true);
  });
});
