// Links to files in messages: found in text and in code, followed by the host alone.
import assert from "node:assert/strict";
import { says } from "./pageData.ts";
import { PanelPage } from "./pageHarness.ts";

describe("links to files in messages", () => {
  let panel: PanelPage;
  beforeEach(async () => (panel = await PanelPage.open({ width: 400 })));
  afterEach(() => panel.close());

  const shows = async (...texts: string[]) => {
    await panel.lobby(texts.map((text) => says("bobby", text)));
    await panel.painted();
  };
  const link = (name: string) => panel.log.getByRole("link", { name, exact: true });
  const texts = () => panel.log.locator(".message .text");

  it("stand in a text without markup, which stays as it was written", async () => {
    await shows("see src/a.ts:12\n  and  b.ts:3-5");
    assert.equal(await texts().innerText(), "see src/a.ts:12\n  and  b.ts:3-5");
    await link("src/a.ts:12").click();
    assert.deepEqual((await panel.next("openFile", 1)).reference, { path: "src/a.ts", line: 12 });
    await link("b.ts:3-5").focus();
    await panel.page.keyboard.press("Enter");
    assert.deepEqual((await panel.next("openFile", 2)).reference, { path: "b.ts", line: 3, toLine: 5 });
  });

  it("stand in markdown, in code within a line, and in no link of another kind", async () => {
    await shows("**src/a.ts:12** and `src/b.ts:3` and [src/c.ts:4](https://example.org/c.ts)");
    for (const name of ["src/a.ts:12", "src/b.ts:3"]) await link(name).click();
    assert.deepEqual(
      panel.posted("openFile").map(({ reference }) => reference),
      [
        { path: "src/a.ts", line: 12 },
        { path: "src/b.ts", line: 3 },
      ],
    );
    assert.equal(await panel.log.getByRole("link").count(), 3);
    await panel.log.getByRole("link", { name: /^src\/c\.ts:4/ }).click();
    assert.equal((await panel.next("openLink", 1)).url, "https://example.org/c.ts");
  });

  it("stand in blocks of code, whatever its colors", async () => {
    const trace = "Error: no\n    at run (/srv/app/main.js:12:5)";
    await shows(`\`\`\`\n${trace}\n\`\`\``, "```ts\nfail(); // see src/a.ts:12 there\n```");
    assert.equal(await panel.log.locator("pre").first().innerText(), trace);
    assert.equal(await panel.log.locator("pre").last().innerText(), "fail(); // see src/a.ts:12 there");
    await link("/srv/app/main.js:12:5").click();
    await link("src/a.ts:12").click();
    assert.deepEqual(
      panel.posted("openFile").map(({ reference }) => reference),
      [
        { path: "/srv/app/main.js", line: 12, column: 5 },
        { path: "src/a.ts", line: 12 },
      ],
    );
  });

  it("are copied and found as they were written", async () => {
    await shows("see src/a.ts:12 now");
    await panel.page.keyboard.press("Control+f");
    const copied = await texts().evaluate((element) => {
      const selection = document.getSelection();
      selection?.selectAllChildren(element);
      return String(selection);
    });
    assert.equal(copied, "see src/a.ts:12 now");
  });
});
