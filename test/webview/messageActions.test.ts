// What can be done with a message: by the pointer, by the keyboard, by touch; and where the focus is meanwhile.
import assert from "node:assert/strict";
import { CHUNK_SIZE } from "../../webview/store/chunks.ts";
import { LOBBY, notice, panelState, says, session, view } from "./pageData.ts";
import { PanelPage } from "./pageHarness.ts";
import { told } from "./talkData.ts";

const talk = [
  told("bobby", "one", 1),
  told("anna", "two", 2),
  notice("info", "carmen joined", 2),
  told("bobby", "", 3, { retracted: true }),
  told("bobby", "four", 4),
  says("bobby", "too old to be changed", 5),
];

describe("message actions", () => {
  let panel: PanelPage;
  const button = (name: string) => panel.page.getByRole("button", { name, exact: true });
  const names = () =>
    panel.page
      .getByRole("toolbar")
      .getByRole("button")
      .evaluateAll((all) => all.map((one) => one.ariaLabel));
  /** What has the focus: a message's number, or a name. */
  const focused = () =>
    panel.page.evaluate(() => {
      const element = document.activeElement;
      const entry = element?.matches(".message") === true ? element.parentElement : null;
      return entry?.dataset["index"] ?? element?.ariaLabel ?? element?.tagName ?? null;
    });

  beforeEach(async () => {
    panel = await PanelPage.open();
    await panel.lobby(talk);
  });
  afterEach(() => panel.close());

  for (const width of [300, 900])
    it(`leave the marker of new messages to be read, in ${width} pixels`, async () => {
      await panel.page.setViewportSize({ width, height: 600 });
      for (const newFrom of [1, 4]) {
        await panel.lobby(talk, { sessions: [view(0, "lobby", { newFrom, end: talk.length })] });
        await panel.message(newFrom).hover();
        const bar = await panel.page.getByRole("toolbar").boundingBox();
        const word = await panel.log.locator(".new-line > span").boundingBox();
        assert.ok(bar !== null && word !== null);
        const isBeside = word.x + word.width <= bar.x || bar.x + bar.width <= word.x;
        assert.ok(isBeside || bar.y >= word.y + word.height, JSON.stringify([bar, word]));
      }
    });

  describe("with the pointer", () => {
    it("show a toolbar for the message below it: to reply and react, and to change one's own", async () => {
      assert.equal(await panel.page.getByRole("toolbar").count(), 0);
      await panel.message(0).hover();
      assert.deepEqual(await names(), ["Reply to bobby's message", "React to bobby's message"]);
      await panel.message(1).hover();
      await panel.page.getByRole("toolbar", { name: "Actions for your message" }).waitFor();
      const own = [
        "Reply to your message",
        "React to your message",
        "Edit your message",
        "Retract your message",
      ];
      assert.deepEqual(await names(), own);
      await panel.composer.hover();
      await panel.page.getByRole("toolbar").waitFor({ state: "detached" });
    });

    it("offer no change in the lobby for messages under another name, and neither does Up", async () => {
      await panel.lobby(talk, { me: "anna_2" });
      await panel.message(1).hover();
      assert.deepEqual(await names(), ["Reply to your message", "React to your message"]);
      await panel.composer.focus();
      await panel.press("ArrowUp");
      await panel.settled();
      assert.equal(await panel.page.locator(".about").count(), 0);
      // It recalls the line, to be sent again.
      assert.equal(await panel.composer.inputValue(), "two");
      await panel.composer.fill("");
      await panel.lobby(talk, { me: "Anna" });
      await panel.press("ArrowUp");
      await panel.page.getByText("Editing your message").waitFor();
    });

    it("are absent where nothing can be changed: retracted, too old, a notice, or an ended session", async () => {
      for (const index of [3, 5]) {
        await panel.message(index).hover();
        await panel.painted();
        assert.equal(await panel.page.getByRole("toolbar").count(), 0, String(index));
      }
      const ended = view(1, "bobby", { mark: "P->", state: "ended", end: 1 });
      const state = panelState({ active: session(1), sessions: [view(0, "lobby"), ended] });
      await panel.snapshot({
        state,
        entries: [{ session: session(1), index: 0, entries: talk.slice(0, 1) }],
      });
      await panel.message(0).hover();
      await panel.painted();
      assert.equal(await panel.page.getByRole("toolbar").count(), 0);
    });

    it("leave the time of one's own message to be read", async () => {
      await panel.message(1).hover();
      const bar = await panel.page.getByRole("toolbar").boundingBox();
      const time = await panel
        .message(1)
        .locator("time")
        .evaluate((element) => {
          const range = document.createRange();
          range.selectNodeContents(element);
          return range.getBoundingClientRect().top;
        });
      assert.ok(bar !== null && bar.y + bar.height <= time, JSON.stringify([bar, time]));
    });

    it("are in a toolbar that is reachable and not clipped", async () => {
      // The first of what the browser paints as one piece.
      const first = 2 * CHUNK_SIZE;
      const many = Array.from({ length: first + 4 }, (_, at) =>
        told("bobby", `line ${at}`, Math.floor(at / 9)),
      );
      await panel.lobby(many);
      // A log that still settles may move away from under the pointer.
      await panel.painted();
      await panel.painted();
      await panel.message(first).hover();
      const bar = panel.page.getByRole("toolbar");
      assert.equal(await bar.evaluate((toolbar) => toolbar.getBoundingClientRect().height >= 26), true);
      const hit = await bar.getByRole("button").evaluateAll((all) =>
        all.map((one) => {
          const box = one.getBoundingClientRect();
          return one.contains(document.elementFromPoint(box.x + box.width / 2, box.y + 3));
        }),
      );
      assert.deepEqual(hit, [true, true]);
      await button("Reply to bobby's message").click();
      await panel.page.getByText("Replying to bobby:").waitFor();
    });
  });

  describe("from the keyboard", () => {
    it("start in the log with Up, continue with Up and Down, and return to the composer past the last one", async () => {
      await panel.log.focus();
      await panel.press("ArrowUp");
      assert.equal(await focused(), "5");
      await panel.press("ArrowUp", "ArrowUp", "ArrowUp");
      assert.equal(await focused(), "1");
      await panel.press("ArrowUp", "ArrowUp");
      assert.equal(await focused(), "0");
      await panel.press("ArrowDown");
      assert.equal(await focused(), "1");
      await panel.press("ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown");
      assert.equal(await focused(), "Message");
    });

    it("open the toolbar with Enter, move along it, and return with Escape, twice to the composer", async () => {
      await panel.message(1).focus();
      await panel.press("Enter");
      assert.equal(await focused(), "Reply to your message");
      await panel.press("ArrowRight", "ArrowRight");
      assert.equal(await focused(), "Edit your message");
      await panel.press("End", "ArrowRight");
      assert.equal(await focused(), "Reply to your message");
      await panel.press("Escape");
      assert.equal(await focused(), "1");
      await panel.press("Escape");
      assert.equal(await focused(), "Message");
    });

    it("reach the toolbar by Tab as one stop, and leave the log with the next", async () => {
      await panel.message(4).focus();
      await panel.press("Tab");
      assert.equal(await focused(), "Reply to bobby's message");
      await panel.press("Tab");
      assert.equal(await focused(), "Message");
    });

    it("still let letters go to the composer", async () => {
      await panel.message(4).focus();
      await panel.page.keyboard.type("hi");
      assert.equal(await panel.composer.inputValue(), "hi");
    });

    it("scroll a message longer than the log before leaving it", async () => {
      const long = told("bobby", "line\n".repeat(80), 2);
      await panel.lobby([told("bobby", "before", 1), long, told("bobby", "after", 3)]);
      await panel.message(2).focus();
      await panel.press("ArrowUp");
      assert.equal(await focused(), "1");
      const top = () => panel.log.evaluate((log) => log.scrollTop);
      await panel.log.evaluate((log) => (log.scrollTop = 300));
      const before = await top();
      await panel.press("ArrowUp");
      assert.equal(await focused(), "1");
      await panel.page.waitForFunction(
        (from) => (document.querySelector(".log")?.scrollTop ?? from) < from,
        before,
      );
    });
  });

  it("open the toolbar by a tap", async () => {
    await panel.close();
    panel = await PanelPage.open({ touch: true });
    await panel.lobby(talk);
    await panel.message(0).locator(".text").tap();
    await button("Reply to bobby's message").tap();
    await panel.page.getByText("Replying to bobby:").waitFor();
  });

  describe("retract the user's own message", () => {
    it("with a second press, which the first one asks for", async () => {
      await panel.message(1).focus();
      await panel.press("Enter", "End", "Enter");
      await panel.page.getByText("Retract?").waitFor();
      await panel.page.locator('button[aria-label="Yes, retract your message"]:focus').waitFor();
      assert.deepEqual(panel.posted("retract"), []);
      await panel.press("Enter");
      assert.deepEqual(await panel.next("retract", 1), { type: "retract", session: LOBBY, index: 1 });
      assert.equal(await focused(), "1");
      await panel.amend(1, told("anna", "", 2, { retracted: true }));
      await panel.page.getByRole("toolbar").waitFor({ state: "detached" });
      assert.equal(await focused(), "1");
    });

    it("not after No or Escape, which return to the button", async () => {
      await panel.message(1).focus();
      for (const way of [["ArrowRight", "Enter"], ["Escape"]]) {
        await button("Retract your message").focus();
        await panel.press("Enter");
        await panel.page.locator('button[aria-label="Yes, retract your message"]:focus').waitFor();
        await panel.press(...way);
        await panel.page.locator('button[aria-label="Retract your message"]:focus').waitFor();
      }
      assert.deepEqual(panel.posted("retract"), []);
    });
  });

  describe("react", () => {
    const open = async () => {
      await panel.message(0).focus();
      await button("React to bobby's message").click();
      await panel.page.locator('input[aria-label="Find an emoji"]:focus').waitFor();
    };

    it("with one of the common emoji, reached by arrows", async () => {
      await open();
      await panel.press("ArrowDown", "ArrowRight", "Enter");
      assert.deepEqual(await panel.next("react", 1), {
        ...{ type: "react", session: LOBBY, index: 0, text: "❤️", on: true },
      });
      await panel.page.getByRole("dialog").waitFor({ state: "detached" });
      assert.equal(await focused(), "0");
    });

    it("with one that is found by name", async () => {
      await open();
      await panel.page.keyboard.type("rocket");
      await panel.press("Enter");
      assert.equal((await panel.next("react", 1)).text, "🚀");
    });

    it("with none after Escape, or when the focus goes elsewhere", async () => {
      await open();
      await panel.press("Escape");
      await panel.page.getByRole("dialog").waitFor({ state: "detached" });
      assert.equal(await focused(), "0");
      await open();
      await panel.composer.click();
      await panel.page.getByRole("dialog").waitFor({ state: "detached" });
      assert.equal(await focused(), "Message");
      assert.deepEqual(panel.posted("react"), []);
    });

    it("and stay reachable when the message is retracted in the meantime", async () => {
      await open();
      await panel.amend(0, told("bobby", "", 1, { retracted: true }));
      await panel.page.getByRole("dialog").waitFor({ state: "detached" });
      await panel.page.waitForFunction(() => document.activeElement !== document.body);
      assert.equal(await focused(), "0");
    });
  });

  it("keep the focus when their buttons disappear", async () => {
    await panel.message(0).focus();
    await panel.press("Enter");
    await panel.amend(0, told("bobby", "", 1, { retracted: true }));
    await panel.page.getByRole("toolbar").waitFor({ state: "detached" });
    await panel.page.waitForFunction(() => document.activeElement !== document.body);
    assert.equal(await focused(), "0");
  });
});
