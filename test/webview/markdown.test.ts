// Markdown in the page: what is shown, and what links and blocks of code do.
import assert from "node:assert/strict";
import type { Entry } from "../../protocol/webview.ts";
import { LOBBY, says } from "./pageData.ts";
import { PanelPage } from "./pageHarness.ts";
import { show } from "./pageStates.ts";
import { told } from "./talkData.ts";

describe("markdown in messages", () => {
  let panel: PanelPage;
  beforeEach(async () => (panel = await PanelPage.open({ width: 400 })));
  afterEach(() => panel.close());

  /** What is not laid out yet, being out of sight until then, has no inner text. */
  const shows = async (...texts: string[]) => {
    await panel.lobby(texts.map((text) => says("bobby", text)));
    await panel.painted();
  };
  const text = () => panel.log.locator(".message .text");
  const link = (name: string | RegExp) => panel.log.getByRole("link", { name });

  it("is rendered", async () => {
    await shows("**a** *b* ~~c~~ `d`\n\n1. e\n   - f\n\n> g\n\n| h | i |\n|---|--:|\n| j | k |");
    for (const [tag, content] of [
      ...[
        ["strong", "a"],
        ["em", "b"],
        ["del", "c"],
        ["code", "d"],
        ["ol > li > ul > li", "f"],
      ],
      ...[
        ["blockquote", "g"],
        ["th", "h"],
        ["tbody td.right", "k"],
      ],
    ] as const) {
      assert.equal((await text().locator(tag).first().innerText()).trim(), content, tag);
    }
  });

  it("of a plain text is the text, and of any text its line breaks", async () => {
    await shows("a\n  b\n\nc", "*a*\n  b\n\nc");
    assert.equal(await text().first().innerHTML(), "a\n  b\n\nc");
    assert.equal(await text().last().innerText(), "a\n  b\n\nc");
  });

  it("names the language of code at the start of its block, also from right to left", async () => {
    await shows("שלום\n```ts\nconst a = 1;\n```", "one\n```ts\nconst a = 1;\n```");
    const gaps = await text()
      .locator(".code-head")
      .evaluateAll((heads) =>
        heads.map((head) => {
          const word = document.createRange();
          word.selectNodeContents(head.querySelector(".language") ?? head);
          const [all, own] = [head.getBoundingClientRect(), word.getBoundingClientRect()];
          return [all.right - own.right, own.left - all.left].map((gap) => gap < 12);
        }),
      );
    assert.deepEqual(gaps, [
      [true, false],
      [false, true],
    ]);
  });

  it("numbers lists as written", async () => {
    await shows("7. a\n9. b");
    const items = text().locator("ol > li");
    assert.deepEqual(await items.evaluateAll((all) => all.map((one) => one.getAttribute("value"))), [
      "7",
      "9",
    ]);
  });

  it("shows control characters, and names in code those that cannot be seen", async () => {
    await shows("`a\u0000\u202eb`\n```\nif (\u2066x\u2069)\u001b\n```");
    assert.equal(await text().locator("p code").innerText(), "a␀[U+202E]b");
    assert.equal(await text().locator("pre").innerText(), "if ([U+2066]x[U+2069])␛");
    await shows("```\nad\u200bmin = '👨‍👩‍👧';\n```");
    assert.equal(await text().locator("pre").last().innerText(), "ad[U+200B]min = '👨‍👩‍👧';");
  });

  it("opens a link only through the host, by pointer and by keyboard", async () => {
    await shows("[the guide](https://docs.example.org/a?b=1&c=2) and <mailto:a@b.org>");
    const url = panel.page.url();
    await link("the guide").click();
    assert.equal((await panel.next("openLink", 1)).url, "https://docs.example.org/a?b=1&c=2");
    await link("a@b.org").focus();
    await panel.page.keyboard.press("Enter");
    assert.equal((await panel.next("openLink", 2)).url, "mailto:a@b.org");
    await link("the guide").click({ button: "middle" });
    await panel.painted();
    assert.equal(panel.posted("openLink").length, 2);
    assert.equal(panel.page.url(), url);
    assert.equal(panel.page.context().pages().length, 1);
  });

  it("shows a link's target if its text does not", async () => {
    await shows(
      "[the guide](https://docs.example.org/x)",
      "[https://example.org/safe](https://hostile.invalid/x)",
      "https://example.org/x",
    );
    const links = panel.log.getByRole("link");
    assert.deepEqual(
      await links.evaluateAll((all) => all.map((one) => [one.textContent, one.getAttribute("title")])),
      [
        ["the guide docs.example.org", "https://docs.example.org/x"],
        ["https://example.org/safe https://hostile.invalid/x", "https://hostile.invalid/x"],
        ["https://example.org/x", "https://example.org/x"],
      ],
    );
  });

  it("copies code as it was written, and inserts it at the cursor", async () => {
    const code = 'const a = "\u2066<b>\u2069";\n\n\tindented();';
    await shows(`\`\`\`ts\n${code}\n\`\`\``);
    const copied = panel.log.getByText("Copied");
    await panel.log.getByRole("button", { name: "Copy code" }).click();
    const first = await panel.next("copyText", 1);
    assert.equal(first.text, code);
    assert.equal(await copied.count(), 0, "nothing is copied before the host says so");
    await panel.log.getByRole("button", { name: "Copy code" }).click();
    const { id } = await panel.next("copyText", 2);
    await panel.post({ type: "copied", id: first.id });
    assert.equal(await copied.count(), 0, "an older copy is not the one that was asked for last");
    await panel.post({ type: "copied", id });
    await copied.waitFor();
    await panel.log.getByRole("button", { name: "Insert code at cursor" }).click();
    assert.equal((await panel.next("insertCode", 1)).text, code);
  });

  it("colors code by its language, and only in known languages", async () => {
    await shows("```ts\nconst a = 1;\n```", "```toString\nconst a = 1;\n```", "```\nconst a = 1;\n```");
    const spans = await panel.log
      .locator("pre")
      .evaluateAll((all) =>
        all.map((pre) => [...pre.querySelectorAll("span")].map(({ className }) => className)),
      );
    assert.deepEqual(spans, [["hljs-keyword", "hljs-number"], [], []]);
    assert.deepEqual(await panel.log.locator(".language").allInnerTexts(), ["ts", "toString", "code"]);
    const colour = await panel.log
      .locator(".hljs-keyword")
      .evaluate((span) => [span, span.parentElement ?? span].map((one) => getComputedStyle(one).color));
    assert.notEqual(colour[0], colour[1]);
  });

  it("keeps its buttons and links out of the Tab order until the message has focus", async () => {
    await panel.lobby([
      told("bobby", "[a](https://a.org)\n```\nb\n```", 1),
      told("bobby", "<https://c.org>", 2),
    ]);
    const stops = () =>
      panel.log.evaluate((log) =>
        [...log.querySelectorAll<HTMLElement>(".text [tabindex='0']")].map(
          (one) => one.getAttribute("aria-label") ?? one.textContent,
        ),
      );
    assert.deepEqual(await stops(), []);
    await panel.log.locator('[data-index="0"] > .message').focus();
    await panel.page.keyboard.press("Tab");
    assert.equal(await link(/^a/u).evaluate((one) => one === document.activeElement), true);
    assert.deepEqual(await stops(), ["a a.org", "Copy code", "Insert code at cursor"]);
    await panel.page.keyboard.press("Tab");
    await panel.page.keyboard.press("Tab");
    await panel.page.keyboard.press("Space");
    assert.equal((await panel.next("insertCode", 1)).text, "b");
  });

  it("that is too wide scrolls within itself, and is focusable for that", async () => {
    await panel.page.setViewportSize({ width: 300, height: 600 });
    await show(panel, "markdown");
    const wide = await panel.log.locator(".rich pre, .rich .table").evaluateAll((all) =>
      all.map((one) => ({
        scrolls: one.scrollWidth > one.clientWidth,
        reached: one.getAttribute("tabindex") === "0",
      })),
    );
    assert.ok(wide.some(({ scrolls }) => scrolls));
    for (const { scrolls, reached } of wide) assert.equal(reached, scrolls);
    assert.equal(await panel.log.evaluate((log) => log.scrollWidth > log.clientWidth), false);
  });

  it("leaves rendered messages alone while others arrive, and shows edits", async () => {
    await shows("*one*", "`two`");
    const first = await text().first().locator("em").elementHandle();
    await panel.patch({}, 2, [says("carmen", "**three**")]);
    await text().locator("strong").waitFor();
    assert.equal(await first.evaluate((em) => em.isConnected), true);
    const edited: Entry = { ...told("bobby", "`one`", 1), edited: true };
    panel.revision += 1;
    await panel.post({
      type: "patch",
      revision: panel.revision,
      entries: [],
      amended: [{ session: LOBBY, index: 0, entry: edited }],
    });
    await text().first().locator("code").waitFor();
    assert.equal(await text().first().innerText(), "one");
  });

  it("of the most hostile kind leaves the page working", async () => {
    const parts = [
      "*a ",
      "> ",
      "- a\n - b\n",
      "[a](",
      "`a",
      "|a|b\n|-|-\n",
      "```ts\n\n",
      "a@b.",
      "<",
      "**a*",
    ];
    await shows(...parts.map((part) => part.repeat(16_384 / part.length)), "*after*");
    await text().last().locator("em").waitFor();
    const largest = await text().evaluateAll((all) =>
      Math.max(...all.map((one) => one.querySelectorAll("*").length)),
    );
    assert.ok(largest < 6000, `${largest} elements`);
  });
});
