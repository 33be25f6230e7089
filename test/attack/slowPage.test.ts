// Messages that were made to be slow, many at once, in the built page in Chromium. The page's clock is one that the test makes:
// each look at it is some milliseconds later, on fast and slow machines alike.
import assert from "node:assert/strict";
import { says } from "../webview/pageData.ts";
import { PanelPage } from "../webview/pageHarness.ts";
import { filled, slowTexts } from "../support/slowTexts.ts";

const MANY = 20;

/** Elements that one message may have before its reader asks for all of it. */
const MOST_ELEMENTS = 500;

describe("messages crafted to render slowly", () => {
  let panel: PanelPage;
  beforeEach(async () => {
    panel = await PanelPage.open({ alone: true });
    await panel.page.evaluate(() => {
      let now = performance.now();
      performance.now = () => (now += 20);
    });
  });
  afterEach(() => panel.close());

  /** Right after the page has taken them: how many are shown as what they mean, and how many as they were written. */
  const send = async (texts: readonly string[]) => {
    const entries = texts.map((text) => says("mallory", text));
    panel.revision += 1;
    const patch = { type: "patch", revision: panel.revision, entries: [{ session: 0, index: 1, entries }] };
    return panel.page.evaluate(async (data) => {
      await new Promise((resolve) => {
        window.addEventListener("message", resolve, { once: true });
        window.postMessage(data, window.origin);
      });
      await new Promise((resolve) => setTimeout(resolve));
      return {
        rich: document.querySelectorAll(".text.rich").length,
        later: document.querySelectorAll(".text.later").length,
      };
    }, patch);
  };

  it("are rendered at once within the time budget, and the rest when the page is idle", async () => {
    await panel.lobby([says("carmen", "hello")]);
    const { rich, later } = await send(Array.from({ length: MANY }, (_, n) => `*message* ${n}`));
    assert.ok(rich >= 1 && later >= MANY / 2, `${rich} are read, ${later} wait`);
    await panel.settled();
    assert.equal(await panel.page.locator(".text.rich").count(), MANY);
  });

  it("keep the reader at the end, keep the focus, and are not announced twice", async () => {
    await panel.lobby([says("carmen", "hello")]);
    await panel.composer.focus();
    await send(Array.from({ length: MANY }, (_, n) => `> *message* ${n}\n\n- with\n- a list`));
    await panel.settled();
    await panel.painted();
    const log = await panel.log.evaluate((element) => ({
      fromEnd: Math.round(element.scrollHeight - element.scrollTop - element.clientHeight),
      heard: element.querySelectorAll(".text.rich:not([aria-live=off])").length,
      silent: element.querySelectorAll(".text.rich[aria-live=off]").length,
    }));
    assert.ok(log.fromEnd <= 1, `${log.fromEnd} pixels from the end`);
    assert.ok(log.silent >= MANY / 2 && log.heard + log.silent === MANY);
    assert.equal(await panel.composer.evaluate((field) => field === document.activeElement), true);
  });

  it("stay unchanged while they are selected, and are rendered afterwards", async () => {
    await panel.lobby([says("carmen", "hello")]);
    // The selection is made before the page is idle.
    await panel.page.evaluate(() => {
      const observer = new MutationObserver(() => {
        const [text] = document.querySelectorAll(".text.later");
        if (text === undefined) return;
        observer.disconnect();
        getSelection()?.selectAllChildren(text);
      });
      observer.observe(document.body, { childList: true, subtree: true });
    });
    await send(Array.from({ length: MANY }, (_, n) => `*message* ${n}`));
    await panel.page.waitForFunction(() => document.querySelectorAll(".text.later").length === 1);
    const selected = () => panel.page.evaluate(() => getSelection()?.toString() ?? "");
    assert.match(await selected(), /^\*message\* \d+$/u);
    // By then it has been tried again.
    await panel.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 700)));
    assert.match(await selected(), /^\*message\* \d+$/u);
    await panel.page.evaluate(() => getSelection()?.removeAllRanges());
    await panel.settled();
    assert.equal(await panel.page.locator(".text.rich").count(), MANY);
  });

  it("find every grammar compiled once the page has been idle", async () => {
    // As text: what compiles this test would leave names in it that the page does not know.
    await panel.page.addInitScript({
      content: `window.made = 0;
        window.RegExp = new Proxy(RegExp, {
          construct(target, args, newTarget) {
            window.made += 1;
            return Reflect.construct(target, args, newTarget);
          },
        });`,
    });
    await panel.reload();
    await panel.lobby([says("carmen", "hello")]);
    const made = () => panel.page.evaluate<number>("window.made");
    // Compiling ends when nothing is compiled for many idle moments.
    for (let before = -1, now = await made(); now !== before; now = await made()) {
      before = now;
      await panel.page.evaluate(async () => {
        for (let n = 0; n < 20; n++) await new Promise((resolve) => requestIdleCallback(resolve));
      });
    }
    const before = await made();
    await panel.patch({}, 1, [says("mallory", slowTexts["code in each language"] ?? "")]);
    assert.ok((await panel.page.locator(".text [class^=hljs]").count()) > 20);
    assert.equal((await made()) - before, 0);
  });

  for (const [kind, text] of Object.entries({
    "table delimiters": filled("|-\n"),
    "lines of a dot": filled("\n."),
    Hebrew: filled("שלום עולם "),
    emphasis: filled("*a* "),
    links: filled("http://a.b "),
    words: filled("word "),
    "emphasis in emphasis": filled("*a **b *c ~~d~~* e** f* "),
    "links in both directions": filled("[שלום](http://a.b) hello "),
    "lists in quotes": filled("> - > - > - a\n"),
    "blocks of code": filled("```c\na\n```\n"),
  })) {
    it(`of ${kind} are laid out only as far as they are visible`, async () => {
      await panel.lobby([says("carmen", "hello")]);
      await send(Array.from({ length: MANY }, (_, n) => `${n}\n${text.slice(0, -4)}`));
      await panel.settled();
      const texts = await panel.log.evaluate((log) =>
        [...log.querySelectorAll(".message .text")].slice(1).map((one) => ({
          characters: one.textContent.length,
          elements: one.querySelectorAll("*").length,
          isApart: getComputedStyle(one).contentVisibility === "auto",
        })),
      );
      assert.equal(texts.length, MANY);
      for (const { characters, elements, isApart } of texts) {
        assert.ok(characters <= 4_100, `${characters} characters`);
        assert.ok(elements <= MOST_ELEMENTS, `${elements} elements`);
        assert.equal(isApart, true);
      }
    });
  }
});
