// Replies to one line of a card's code: where they start, what the composer and the log say, and where they lead.
import assert from "node:assert/strict";
import { linesOfCode } from "../../protocol/codeText.ts";
import type { MessageEntry } from "../../protocol/webview.ts";
import { violations } from "../support/axe.ts";
import { card, LONG_CODE } from "./cardData.ts";
import { lines, view } from "./pageData.ts";
import { PanelPage } from "./pageHarness.ts";
import { paletteNames } from "./palettes.ts";
import { told } from "./talkData.ts";

/** A reply to a line of the message at an index. */
function note(to: MessageEntry, index: number, line: number, seq: number): MessageEntry {
  const range = linesOfCode(to);
  const text = "Is it closed twice here?";
  return told("anna", "Because of the retry.", seq, {
    part: { kind: "note", line },
    reply: { from: to.from, text, index, ...(range === undefined ? {} : { range }) },
  });
}

describe("replies to a line of code", () => {
  let panel: PanelPage;
  beforeEach(async () => (panel = await PanelPage.open()));
  afterEach(() => panel.close());

  const first = card("bobby", 1, { words: "Is it closed twice here?" });
  const long = card("bobby", 1, { code: LONG_CODE });
  const toolbar = () => panel.log.getByRole("toolbar", { name: "Reply to a line", exact: true });
  const button = (line: number) =>
    panel.log.getByRole("button", { name: `Reply to line ${String(line)}`, exact: true });
  const focused = () => panel.page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
  const bar = () => panel.page.locator(".about .what");
  const sent = async (count = 1) => {
    const { text, about, part } = await panel.next("submit", count);
    return { text, about, part };
  };

  describe("start", () => {
    it("with the pointer: the button is at the line under it", async () => {
      await panel.lobby([first]);
      const code = panel.log.locator(".card code");
      const box = await code.boundingBox();
      assert.ok(box !== null);
      await panel.page.mouse.move(box.x + 80, box.y + (box.height / 5) * 2.5);
      await button(14).waitFor();
      const shown = await panel.log
        .locator(".line-replies button")
        .evaluateAll((all) => all.map((each) => getComputedStyle(each).opacity).join(" "));
      assert.equal(shown, "0 0 1 0 0");
      const place = await button(14).boundingBox();
      assert.ok(place !== null && Math.abs(place.y - (box.y + (box.height / 5) * 2)) < 1.5);
      await button(14).click();
      assert.equal(await bar().innerText(), "Replying to line 14 from bobby: Is it closed twice here?");
      await panel.page.keyboard.type("Because of the retry.");
      await panel.press("Enter");
      assert.deepEqual(await sent(), {
        text: "Because of the retry.",
        about: { kind: "reply", index: 0 },
        part: { kind: "note", line: 3 },
      });
    });

    it("with the keyboard: one Tab stop, and arrow keys from line to line", async () => {
      await panel.lobby([first]);
      await panel.message(0).focus();
      assert.equal(await toolbar().locator('button[tabindex="0"]').count(), 1);
      await button(12).focus();
      await panel.press("ArrowDown", "ArrowDown");
      assert.equal(await focused(), "Reply to line 14");
      await panel.press("End");
      assert.equal(await focused(), "Reply to line 16");
      await panel.press("ArrowDown", "Home", "ArrowUp");
      assert.equal(await focused(), "Reply to line 12");
      await panel.press("ArrowDown", "Tab");
      assert.equal(await panel.page.evaluate(() => document.activeElement?.closest(".line-replies")), null);
      await panel.press("Shift+Tab");
      assert.equal(await focused(), "Reply to line 13");
      await panel.press("Escape");
      assert.ok(
        await panel.message(0).evaluate((message) => message === document.activeElement),
        "the message",
      );
      await button(13).focus();
      await panel.press("Enter");
      await panel.page.locator("textarea:focus").waitFor();
      assert.match(await bar().innerText(), /^Replying to line 13 from bobby:/);
      const described = await panel.composer.evaluate((field) =>
        (field.getAttribute("aria-describedby") ?? "")
          .split(" ")
          .map((id) => document.getElementById(id)?.textContent)
          .join(" "),
      );
      assert.match(described, /Replying to line 13/);
    });

    it("only where a message can be answered, and only in the one that is looked at", async () => {
      await panel.lobby([first, card("bobby", 2, { path: "b.ts" })]);
      assert.equal(await toolbar().count(), 0);
      await panel.message(1).focus();
      assert.equal(await toolbar().count(), 1);
      await panel.lobby([first], { sessions: [view(0, "lobby", { state: "ended", end: 1 })] });
      await panel.message(0).focus();
      assert.equal(await toolbar().count(), 0);
    });

    it("at each line of code that was unfolded, and at no more than a thousand", async () => {
      await panel.lobby([long, card("bobby", 2, { code: "\n".repeat(3_000), path: "b.ts" })]);
      await panel.message(0).focus();
      assert.equal(await toolbar().getByRole("button").count(), 20);
      await panel.page.getByRole("button", { name: "Show all 48 lines" }).click();
      await button(59).focus();
      await panel.press("Enter");
      assert.match(await bar().innerText(), /^Replying to line 59 /);
      await panel.message(1).focus();
      await panel.page.getByRole("button", { name: "Show all 3001 lines" }).click();
      assert.equal(await toolbar().getByRole("button").count(), 1_000);
    });

    it("without a trace in what is copied and found", async () => {
      await panel.lobby([first]);
      await panel.message(0).focus();
      const copied = await panel.log.locator(".card pre").evaluate((pre) => {
        document.getSelection()?.selectAllChildren(pre);
        return String(document.getSelection());
      });
      assert.doesNotMatch(copied, /Reply|12/);
    });
  });

  describe("in the log", () => {
    const quote = (line: number) =>
      panel.log.getByRole("button", { name: new RegExp(`line ${String(line)}`) });
    const isMarked = () => panel.log.locator(".gutter[data-revealed]").count();

    it("say which line, and lead there", async () => {
      await panel.lobby([first, ...lines(40), note(first, 0, 3, 60)]);
      assert.equal(
        (await panel.log.locator(".quoted").innerText()).replace(/\s+/gu, " "),
        "in reply to bobby line 14 Is it closed twice here?",
      );
      assert.equal(await panel.log.locator(".quoted").getAttribute("title"), "Show line 14");
      await panel.log.locator(".quoted").click();
      await panel.page.waitForFunction(
        () => document.activeElement?.getAttribute("aria-label") === "Reply to line 14",
      );
      const view = await panel.log.boundingBox();
      const line = await button(14).boundingBox();
      assert.ok(view !== null && line !== null && line.y >= view.y && line.y < view.y + view.height);
      assert.equal(await isMarked(), 1);
    });

    it("mark it without motion for users who prefer that", async () => {
      await panel.lobby([first, note(first, 0, 3, 2)]);
      await panel.preferStillness();
      await panel.log.locator(".quoted").click();
      const mark = panel.log.locator(".gutter[data-revealed]");
      await mark.waitFor();
      const timing = await mark.evaluate(
        (gutter) => getComputedStyle(gutter, "::after").animationTimingFunction,
      );
      assert.equal(timing, "steps(1)");
    });

    it("lead to a line that was folded away", async () => {
      await panel.page.setViewportSize({ width: 700, height: 400 });
      await panel.lobby([long, ...lines(40), note(long, 0, 47, 60)]);
      await panel.log.locator(".quoted").click();
      await panel.page.waitForFunction(
        () => document.activeElement?.getAttribute("aria-label") === "Reply to line 58",
      );
      const view = await panel.log.boundingBox();
      const line = await button(58).boundingBox();
      assert.ok(view !== null && line !== null && line.y >= view.y && line.y < view.y + view.height);
    });

    it("lead to the line where nothing can be answered any more", async () => {
      const entries = [first, note(first, 0, 3, 2)];
      await panel.lobby(entries, { sessions: [view(0, "lobby", { state: "ended", end: 2 })] });
      await quote(14).click();
      await panel.log.locator(".gutter[data-revealed]").waitFor();
      assert.ok(await panel.message(0).evaluate((message) => message === document.activeElement));
    });

    it("are replies like others where the line is not known, or retracted", async () => {
      const retracted = note(first, 0, 3, 3);
      await panel.lobby([
        first,
        note(first, 0, 9, 2),
        { ...retracted, reply: { from: "bobby", text: "", range: { from: 12, to: 16 } } },
      ]);
      assert.equal(await panel.log.locator(".at-line").count(), 0);
      assert.equal(
        await panel.log.locator(".quoted").first().getAttribute("title"),
        "Show the original message",
      );
    });

    it("say the line while they are on their way", async () => {
      const pending = {
        ...{ id: "w.9", at: first.at, text: "Because.", status: "sending" as const },
        about: { kind: "reply" as const, seq: 1 },
        part: { kind: "note" as const, line: 3 },
      };
      await panel.lobby([first], { sessions: [view(0, "lobby", { end: 1, pending: [pending] })] });
      assert.match(await panel.log.locator(".quoted").innerText(), /line 14/);
    });
  });

  for (const palette of paletteNames) {
    it(`have no accessibility violations found by axe, and fit 300 pixels (${palette})`, async () => {
      await panel.close();
      panel = await PanelPage.open({ palette, width: 300, height: 600 });
      await panel.lobby([first, note(first, 0, 3, 2)]);
      await panel.message(0).focus();
      await button(14).focus();
      assert.deepEqual(await violations(panel.page), []);
      await panel.press("Enter");
      await bar().waitFor();
      assert.deepEqual(await violations(panel.page), []);
      const wide = await panel.page.evaluate(() =>
        [document.documentElement, document.querySelector(".log"), document.querySelector(".about")].map(
          (element) => (element?.scrollWidth ?? 0) - (element?.clientWidth ?? 0),
        ),
      );
      assert.deepEqual(wide, [0, 0, 0]);
    });
  }
});
