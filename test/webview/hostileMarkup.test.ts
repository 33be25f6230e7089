// Every hostile text of the corpus, alone and within each kind of markdown, in the real page under its real policy: nothing
// runs, nothing is asked for, nothing goes anywhere, and nothing stands in the document that may not stand there.
import assert from "node:assert/strict";
import * as v from "valibot";
import { Findings, hostileTexts, lookThrough, setTrap } from "./hostileMarkup.ts";
import { says } from "./pageData.ts";
import { PanelPage } from "./pageHarness.ts";

const BATCH = 100;

/** Where a text can stand. */
const places: Readonly<Record<string, (text: string) => string>> = {
  alone: (text) => text,
  "in a quote": (text) => text.replace(/^/gmu, "> "),
  "in a list": (text) => `1. one\n2. ${text.replaceAll("\n", "\n   ")}`,
  "in emphasis": (text) => `**${text}**`,
  "in a link's text": (text) => `[${text}](https://example.org/)`,
  "as a link's address": (text) => `[x](<${text}>)`,
  "in a table": (text) => `| a | b |\n|---|---|\n| x | ${text.replace(/\n+/gu, " ")} |`,
  "in a block of code": (text) => `\`\`\`\`html\n${text}\n\`\`\`\``,
  "as a language": (text) => `~~~${text.replaceAll("\n", " ")}\nx\n~~~`,
};

describe("hostile markup", () => {
  let panel: PanelPage;
  /** Requests, navigations, dialogs and windows since the page has loaded. */
  const caused: string[] = [];

  before(async () => {
    panel = await PanelPage.open({ alone: true });
    const { page } = panel;
    page.on("request", (request) => caused.push(`asked for ${request.url()}`));
    page.on("framenavigated", (frame) => caused.push(`went to ${frame.url()}`));
    page.on("frameattached", () => caused.push("a frame"));
    page.on("popup", () => caused.push("a window"));
    page.on("download", () => caused.push("a download"));
    page.on("dialog", (dialog) => {
      caused.push(`asked “${dialog.message()}”`);
      void dialog.dismiss();
    });
    await page.evaluate(setTrap);
  });
  after(() => panel.close());

  const showAll = async (texts: readonly string[]) => {
    await panel.lobby(texts.map((text) => says("mallory", text)));
    await panel.painted();
    const found = v.parse(Findings, await panel.page.evaluate(lookThrough(true)));
    assert.equal(found.texts, texts.length);
    return found;
  };

  it("is a corpus of more than 300 texts", () => {
    assert.ok(new Set(hostileTexts.map(({ text }) => text)).size > 300);
  });

  for (const [place, put] of Object.entries(places)) {
    it(`has no effect, ${place}`, async () => {
      let elements = 0;
      for (let at = 0; at < hostileTexts.length; at += BATCH) {
        const texts = hostileTexts.slice(at, at + BATCH).map(({ text }) => put(text));
        const found = await showAll(texts);
        assert.deepEqual(found.foreign, []);
        assert.equal(found.hits, 0, "something ran");
        elements += found.elements;
      }
      assert.ok(elements > hostileTexts.length, "no markdown was rendered");
      assert.deepEqual(caused, []);
    });
  }

  it("opens only what may be opened, and through the host", () => {
    const urls = panel.posted("openLink").map(({ url }) => url);
    assert.ok(urls.length > 0);
    for (const url of urls) assert.match(url, /^(?:https?:\/\/|mailto:)/u);
  });

  it("shows tags literally", async () => {
    const tags = hostileTexts
      .map(({ text }) => text)
      .filter((text) => /^<[a-z/]+[^`*_[\]|\\@~\n\r\0-\x1f]*$/iu.test(text));
    const plain = tags.filter((text) => !/:\/\/|www\./u.test(text));
    assert.ok(plain.length > 100);
    for (let at = 0; at < plain.length; at += BATCH) {
      const texts = plain.slice(at, at + BATCH);
      await showAll(texts);
      assert.deepEqual(await panel.log.locator(".message .text").allTextContents(), texts);
    }
  });
});
