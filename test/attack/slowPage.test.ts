// Messages that were made to be slow, many at once, in the built page in Chromium. The page's clock is one that the test makes:
// each look at it is some milliseconds later, on fast and slow machines alike.
import assert from "node:assert/strict";
import { says } from "../webview/pageData.ts";
import { PanelPage } from "../webview/pageHarness.ts";
import { filled, slowTexts } from "../support/slowTexts.ts";

const MANY = 20;

/** What one message may show before its reader asks for all of it. */
const MOST_ELEMENTS = 500;
const MOST_CHARACTERS = 4_100;

describe("messages crafted to render slowly", () => {
  let panel: PanelPage;
  beforeEach(async () => {
    panel = await PanelPage.open();
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
    // The selection is made before the page is idle. Texts that could not be shown are tried again after a long pause.
    await panel.page.evaluate(() => {
      let tries = 0;
      const slow = new Proxy(setTimeout, {
        apply(after, _window, [act, ms = 0]: [() => void, number?]) {
          if (ms < 500) return after(act, ms);
          tries += 1;
          document.body.dataset["tries"] = String(tries);
          return after(act, 1);
        },
      });
      Object.assign(window, { setTimeout: slow });
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
    await panel.page.waitForFunction(() => Number(document.body.dataset["tries"]) > 2);
    assert.match(await selected(), /^\*message\* \d+$/u);
    await panel.page.evaluate(() => getSelection()?.removeAllRanges());
    await panel.settled();
    assert.equal(await panel.page.locator(".text.rich").count(), MANY);
  });

  it("find every grammar compiled once the page has been idle", async () => {
    // As text: what compiles this test would leave names in it that the page does not know.
    await panel.page.evaluate(`window.made = 0;
      window.RegExp = new Proxy(RegExp, {
        construct(target, args, newTarget) {
          window.made += 1;
          return Reflect.construct(target, args, newTarget);
        },
      });`);
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

  it("are laid out as far as they are seen", async () => {
    const kinds = {
      "table delimiters": "|-\n",
      "lines of a dot": "\n.",
      Hebrew: "שלום עולם ",
      emphasis: "*a* ",
      links: "http://a.b ",
      words: "word ",
      "emphasis in emphasis": "*a **b *c ~~d~~* e** f* ",
      "links in both directions": "[שלום](http://a.b) hello ",
      "lists in quotes": "> - > - > - a\n",
      "blocks of code": "```c\na\n```\n",
    };
    const sent = Object.entries(kinds).flatMap(([kind, part]) =>
      [kind, kind].map((each) => [each, part] as const),
    );
    await panel.lobby([says("carmen", "hello")]);
    await send(sent.map(([, part], n) => `${n}\n${filled(part).slice(0, -4)}`));
    await panel.settled();
    const texts = await panel.log.evaluate((log) =>
      [...log.querySelectorAll(".message .text")].slice(1).map((one) => ({
        characters: one.textContent.length,
        elements: one.querySelectorAll("*").length,
        isApart: getComputedStyle(one).contentVisibility === "auto",
      })),
    );
    assert.equal(texts.length, sent.length);
    for (const [n, { characters, elements, isApart }] of texts.entries()) {
      const [kind] = sent[n] ?? [""];
      assert.ok(characters <= MOST_CHARACTERS, `${kind}: ${characters} characters`);
      assert.ok(elements <= MOST_ELEMENTS, `${kind}: ${elements} elements`);
      assert.ok(isApart, kind);
    }
  });
});
