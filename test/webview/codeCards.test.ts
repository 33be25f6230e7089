// Cards of messages with lines of code: what they show, and what can be done with them.
import assert from "node:assert/strict";
import { card, cards, CODE, LONG_CODE } from "./cardData.ts";
import { lines } from "./pageData.ts";
import { assertFound, assertQuoted } from "./cardChecks.ts";
import { PanelPage } from "./pageHarness.ts";
import { told } from "./talkData.ts";

describe("cards with code", () => {
  let panel: PanelPage;
  beforeEach(async () => (panel = await PanelPage.open()));
  afterEach(() => panel.close());

  const group = (name: string) => panel.log.getByRole("group", { name, exact: true });
  const asked = () => panel.posted("code").map(({ action, index }) => `${action} ${String(index)}`);
  const first = "Code src/pool/close.ts:12-16";

  describe("show", () => {
    it("where the code is from, what its author says, and the code in colors", async () => {
      await panel.lobby([card("bobby", 1, { words: "Is it **twice**?", part: { unsaved: true } })]);
      const shown = group(first);
      assert.equal(await panel.message(0).locator(".text").innerText(), "Is it twice?");
      assert.equal(await shown.locator("code").innerText(), CODE);
      assert.equal(await shown.locator(".hljs-keyword").first().innerText(), "export");
      await shown.getByText("local changes").waitFor();
      assert.equal(await panel.log.locator("code").count(), 1);
    });

    it("one line with its number alone, unlike its name, and no text where there are no words", async () => {
      await panel.lobby([card("bobby", 1, { code: "close();" })]);
      const shown = group("Code src/pool/close.ts:12-12");
      assert.equal(await shown.locator(".place").first().innerText(), "src/pool/close.ts:12");
      assert.equal(await panel.message(0).locator(".text").count(), 0);
    });

    it("the file's name and lines of a long path, all of it in the tooltip", async () => {
      const path = `${"a-long-folder/".repeat(30)}file.ts`;
      await panel.lobby([card("bobby", 1, { path })]);
      const place = group(`Code ${path}:12-16`).locator(".place").first();
      assert.equal(await place.getAttribute("title"), `${path}:12-16`);
      assert.equal(await place.innerText(), `${path}:12-16`);
      const box = await place.boundingBox();
      const end = await place.locator(".lines").boundingBox();
      assert.ok(box !== null && end !== null && end.x > box.x);
      assert.ok(end.x + end.width <= box.x + box.width + 1, "the lines are cut");
      assert.equal(await place.evaluate((element) => element.scrollWidth > element.clientWidth), true);
    });

    it("the numbers of the lines, which are not copied", async () => {
      await panel.lobby([card("bobby", 1)]);
      const pre = group(first).locator("pre");
      assert.equal(await pre.locator(".numbers").getAttribute("data-numbers"), "12\n13\n14\n15\n16");
      const copied = await pre.evaluate((element) => {
        document.getSelection()?.selectAllChildren(element);
        return String(document.getSelection());
      });
      assert.equal(copied.trim(), CODE);
    });

    it("a problem with its severity and what it says", async () => {
      await panel.lobby([
        card("bobby", 1, { heading: "error ts(1): No.\nNever.", code: "x", part: { severity: "error" } }),
      ]);
      const shown = group("Code src/pool/close.ts:12-12");
      await shown.getByRole("img", { name: "Error" }).waitFor();
      assert.equal(await shown.locator(".heading").innerText(), "error ts(1): No.\nNever.");
    });

    it("the first 20 lines, and the rest on demand, which is kept", async () => {
      await panel.lobby([card("bobby", 1, { code: LONG_CODE })]);
      const code = group("Code src/pool/close.ts:12-59").locator("code");
      assert.equal((await code.innerText()).split("\n").length, 20);
      await panel.page.getByRole("button", { name: "Show all 48 lines" }).click();
      await panel.settled();
      assert.equal(await code.innerText(), LONG_CODE);
      await panel.page.getByRole("button", { name: "Show less" }).click();
      assert.equal((await code.innerText()).split("\n").length, 20);
    });

    it("a text that says something else than its part as the text that it is", async () => {
      const entry = card("bobby", 1);
      await panel.lobby([{ ...entry, text: `${entry.text} ` }]);
      assert.equal(await panel.log.getByRole("group").count(), 0);
      assert.match(await panel.message(0).locator(".text").innerText(), /^src\/pool\/close\.ts:12-16/);
    });
  });

  describe("offer", () => {
    const button = (name: string) => group(first).getByRole("button", { name, exact: true });

    it("to open, to compare, to copy and to insert", async () => {
      await panel.lobby([card("bobby", 1)]);
      await button("Open").click();
      await button("Compare").click();
      assert.deepEqual(
        asked().filter((ask) => !ask.startsWith("match")),
        ["open 0", "compare 0"],
      );
      await button("Copy").click();
      const { id, text } = await panel.next("copyText", 1);
      assert.equal(text, CODE);
      await panel.post({ type: "copied", id });
      await group(first).getByText("Copied").waitFor();
      await button("Insert at Cursor").click();
      assert.equal((await panel.next("insertCode", 1)).text, CODE);
    });

    it("this by keyboard, in the focused message alone", async () => {
      await panel.lobby([card("bobby", 1), card("bobby", 2, { path: "b.ts" })]);
      const stops = () => panel.log.locator('.card button[tabindex="0"]').count();
      assert.equal(await stops(), 0);
      await panel.message(0).focus();
      assert.equal(await stops(), 5);
      await button("Open").focus();
      await panel.page.keyboard.press("Enter");
      assert.ok(asked().includes("open 0"));
    });
  });

  describe("are opened by Shift+Tab and Enter from the composer", () => {
    it("the newest one in view", async () => {
      await panel.lobby([card("bobby", 1), card("bobby", 2, { path: "b.ts" }), told("bobby", "And?", 3)]);
      await panel.composer.focus();
      await panel.page.keyboard.press("Shift+Tab");
      await panel.page.keyboard.press("Enter");
      assert.ok(asked().includes("open 1"));
      assert.ok(!asked().includes("open 0"));
    });

    it("also where long lines can be scrolled by keys", async () => {
      await panel.lobby([card("bobby", 1, { code: `const a = "${"wide ".repeat(100)}";` })]);
      await panel.log.locator(".card pre[tabindex='0']").waitFor();
      await panel.composer.focus();
      await panel.page.keyboard.press("Shift+Tab");
      await panel.page.keyboard.press("Enter");
      assert.ok(asked().includes("open 0"));
    });

    it("and nothing where there is no code", async () => {
      await panel.lobby([told("bobby", "And?", 3)]);
      await panel.log.focus();
      await panel.page.keyboard.press("Enter");
      assert.deepEqual(asked(), []);
    });
  });

  describe("are short", () => {
    it("in replies to them", async () => {
      await panel.lobby(cards);
      await assertQuoted(panel, [
        [1, "test/pool.test.ts:30"],
        [3, "error ts(2339): Property 'closed' does not exist on type 'Pool'."],
        [5, "Fixed like this:"],
      ]);
    });

    it("to find: their words, their place and their code", async () => {
      await panel.lobby([card("bobby", 1, { words: "Look", code: LONG_CODE }), ...lines(3)]);
      await assertFound(panel, ["look", "pool/close.ts:12", "value47"]);
    });
  });

  describe("of hostile messages", () => {
    it("stay in their place: a name from right to left, a name without end, one endless line", async () => {
      const path = `אבג/דהו/${"x".repeat(490)}.ts`;
      await panel.page.setViewportSize({ width: 300, height: 600 });
      await panel.lobby([
        card("bobby", 1, { path, words: "1" }),
        card("bobby", 2, { code: "a".repeat(16_000) }),
        card("bobby", 3, { code: "\u0301\u202e".repeat(4_000) }),
      ]);
      await panel.page.getByRole("button", { name: "Show all 1 lines" }).first().click();
      await panel.settled();
      const wide = await panel.log.evaluate((log) => log.scrollWidth - log.clientWidth);
      assert.equal(wide, 0);
      const order = await group(`Code ${path}:12-16`)
        .locator(".place")
        .first()
        .evaluate((place) =>
          [...(place.firstElementChild?.children ?? [])].map((child) => child.getBoundingClientRect().x),
        );
      assert.deepEqual(
        order,
        order.toSorted((a, b) => a - b),
      );
    });

    it("show an unreadable path as text only", async () => {
      const entry = card("bobby", 1, { path: "src/\u202ets.exe" });
      await panel.lobby([entry]);
      assert.equal(await panel.log.getByRole("group").count(), 0);
    });

    it("keep the page's budget: fifty of sixteen kilobytes", async () => {
      const code = Array.from(
        { length: 200 },
        (_, at) => `${"const a = () => { return 1; }; ".repeat(2)}// ${at}`,
      );
      const many = Array.from({ length: 50 }, (_, at) =>
        card("bobby", at + 1, { code: code.join("\n"), path: `f${at}.ts` }),
      );
      await panel.lobby(many);
      const elements = await panel.log.evaluate((log) => log.querySelectorAll(".card *").length);
      assert.ok(elements < 50 * 600, `${elements} elements`);
    });
  });
});
