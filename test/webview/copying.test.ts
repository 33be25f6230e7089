// What is copied of a selection over several messages: what people wrote, when, and nothing else.
import assert from "node:assert/strict";
import { PanelPage } from "./pageHarness.ts";
import { told } from "./talkData.ts";

describe("a selection over several messages", () => {
  let panel: PanelPage;
  before(async () => (panel = await PanelPage.open()));
  after(() => panel.close());

  it("is copied without what is not text", async () => {
    await panel.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    const reactions = [{ text: "👍", by: ["anna"], mine: true }];
    const reply = { from: "bobby", text: "close()", index: 0 };
    await panel.lobby([
      told("bobby", "Look:\n\n```js\nclose();\n```", 1, { reactions, mentions: true, edited: true }),
      told("carmen", "I see. [docs](https://example.org/x)", 2, { reply }),
    ]);
    await panel.log.evaluate((log) => getSelection()?.selectAllChildren(log));
    await panel.page.keyboard.press("Control+c");
    const copied = await panel.page.evaluate(() => navigator.clipboard.readText());
    assert.deepEqual(copied.match(/\S+/gu), [
      ...["bobby", "10:31", "Look:", "close();", "(edited)"],
      ...["carmen", "10:32", "bobby", "close()", "I", "see.", "docs", "example.org"],
    ]);
  });
});
