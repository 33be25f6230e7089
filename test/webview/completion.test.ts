// What the composer completes and suggests: commands, names, sessions, emoji.
import assert from "node:assert/strict";
import { panelState, view } from "./pageData.ts";
import { PanelPage } from "./pageHarness.ts";
import { lobby, talk } from "./answeredLines.ts";

const sessions = [view(0, "lobby"), view(1, "bobby", { mark: "P->" })];

describe("the composer", () => {
  let panel: PanelPage;
  const options = () => panel.page.getByRole("listbox").getByRole("option");
  const activeOption = async () => {
    const id = await panel.composer.getAttribute("aria-activedescendant");
    return id === null ? null : panel.page.locator(`#${id} .label`).innerText();
  };

  beforeEach(async () => {
    panel = await PanelPage.open();
    await panel.snapshot({ state: panelState({ sessions }) });
    await panel.composer.focus();
  });
  afterEach(() => panel.close());

  describe("completes", () => {
    it("commands: lists them with their help after a backslash, and accepts one with Tab", async () => {
      await panel.page.keyboard.type("\\");
      assert.equal(await options().count(), 7);
      assert.match(await options().first().innerText(), /\\users[^]*shows who's online/);
      await panel.page.keyboard.type("fo");
      assert.equal(await options().count(), 1);
      await panel.press("Tab");
      assert.equal(await panel.value(), "\\fork ");
    });

    it("so that undo takes it back, and redo brings it again", async () => {
      await panel.page.keyboard.type("see \\");
      await panel.press("Control+a", "Delete");
      await panel.page.keyboard.type("\\fo");
      await panel.press("Tab");
      await panel.holds("\\fork ");
      await panel.press("Control+z");
      await panel.holds("\\fo");
      await panel.press("Control+Shift+z");
      await panel.holds("\\fork ");
    });

    it("the argument next, chosen with the arrows and accepted with Enter", async () => {
      await panel.page.keyboard.type("\\fork ");
      assert.equal(await activeOption(), null);
      await panel.press("ArrowDown", "ArrowDown");
      assert.equal(await activeOption(), "bob.smith");
      await panel.press("ArrowUp");
      assert.equal(await activeOption(), "bobby");
      await panel.press("Enter");
      assert.equal(await panel.value(), "\\fork bobby");
      assert.equal(await panel.page.getByRole("listbox").count(), 0);
      await panel.press("Enter");
      assert.equal((await panel.next("submit", 1)).text, "\\fork bobby");
    });

    it("the chosen person, even if someone else joins the list in the meantime", async () => {
      const { targets } = panelState();
      await panel.page.keyboard.type("\\fork ");
      await panel.press("ArrowDown");
      assert.equal(await activeOption(), "bobby");
      await panel.patch({ targets: { ...targets, forkable: ["anton", ...targets.forkable] } });
      await panel.page.getByRole("option", { name: "anton" }).waitFor();
      assert.equal(await activeOption(), "bobby");
      await panel.press("Enter");
      assert.equal(await panel.value(), "\\fork bobby");
    });

    it("each name of a command that takes two, and no one twice", async () => {
      const introduce = { name: "introduce", aliases: [], usage: "\\introduce NAME NAME", help: "" };
      await panel.patch({
        commands: [{ ...introduce, completes: ["linked", "linked"] }],
        targets: { ...panelState().targets, linked: ["bobby", "carmen"] },
      });
      await panel.page.keyboard.type("\\introduce ca");
      await panel.press("Tab");
      assert.equal(await options().count(), 1);
      await panel.press("Tab");
      assert.equal(await panel.value(), "\\introduce carmen bobby");
    });

    it("nothing that was not chosen: Enter sends what was typed", async () => {
      await panel.page.keyboard.type("\\lob");
      assert.equal(await options().count(), 1);
      await panel.press("Enter");
      assert.equal((await panel.next("submit", 1)).text, "\\lob");
    });

    it("sessions by number", async () => {
      await panel.page.keyboard.type("\\sw ");
      await panel.press("ArrowDown", "ArrowDown", "Enter");
      assert.equal(await panel.value(), "\\sw 1");
    });

    it("a name in a text: at once when there is one match, from a list when there are several", async () => {
      await panel.page.keyboard.type("ask car");
      await panel.press("Tab");
      assert.equal(await panel.value(), "ask carmen");
      await panel.page.keyboard.type(" or bo");
      assert.equal(await panel.page.getByRole("listbox").count(), 0);
      await panel.press("Tab");
      assert.equal(await activeOption(), "bobby");
      await panel.press("ArrowDown", "Tab");
      assert.equal(await panel.value(), "ask carmen or bob.smith");
    });

    it("by a click as well, and keeps the focus in the composer", async () => {
      await panel.page.keyboard.type("\\");
      await options().nth(1).click();
      assert.equal(await panel.value(), "\\fork ");
      await panel.page.locator("textarea:focus").waitFor();
    });

    it("nothing after Escape", async () => {
      await panel.page.keyboard.type("\\");
      await panel.press("Escape");
      assert.equal(await panel.page.getByRole("listbox").count(), 0);
      await panel.page.keyboard.type("u");
      assert.equal(await panel.page.getByRole("listbox").count(), 0);
    });

    it("and lets Tab move the focus when there is nothing to complete, Shift+Tab always", async () => {
      await panel.page.keyboard.type("hello ");
      await panel.press("Tab");
      await panel.page.locator("button:focus", { has: panel.page.locator("svg") }).waitFor();
      await panel.press("Shift+Tab");
      await panel.composer.fill("\\u");
      await panel.press("Shift+Tab");
      await panel.page.locator("[role=log]:focus").waitFor();
    });
  });
});

describe("the composer, when a line", () => {
  let panel: PanelPage;

  beforeEach(async () => {
    panel = await PanelPage.open();
    await lobby(panel, talk);
    await panel.composer.focus();
  });
  afterEach(() => panel.close());

  describe("has completions", () => {
    it("suggests people after an @, chosen with Tab or from the list", async () => {
      await panel.page.keyboard.type("ask @car");
      assert.equal(await panel.page.getByRole("option").count(), 1);
      await panel.press("Tab");
      assert.equal(await panel.value(), "ask @carmen ");
      await panel.page.keyboard.type("or @");
      assert.equal(await panel.page.getByRole("option").count(), 3);
      await panel.press("ArrowDown", "ArrowDown", "Enter");
      assert.equal(await panel.value(), "ask @carmen or @bob.smith ");
    });

    it("suggests emoji after a colon, and sends what was typed when none was chosen", async () => {
      await panel.page.keyboard.type("done :tad");
      await panel.press("Tab");
      assert.equal(await panel.value(), "done 🎉");
      await panel.page.keyboard.type(" :th");
      await panel.page.getByRole("listbox").waitFor();
      await panel.press("Enter");
      assert.equal((await panel.next("submit", 1)).text, "done 🎉 :th");
    });

    it("emoji beside their names, also a long one in a narrow window", async () => {
      await panel.page.setViewportSize({ width: 280, height: 600 });
      await panel.page.keyboard.type(":smiling_face_with_th");
      const lines = await panel.page
        .getByRole("option")
        .first()
        .locator(".label")
        .evaluate(({ firstChild }) => {
          const colon = firstChild?.textContent?.indexOf(":") ?? 0;
          return [0, colon].map((at) => {
            const letter = document.createRange();
            letter.setStart(firstChild ?? document, at);
            letter.setEnd(firstChild ?? document, at + 1);
            return letter.getBoundingClientRect().bottom;
          });
        });
      assert.ok(Math.abs((lines[0] ?? 0) - (lines[1] ?? 0)) < 10, lines.join());
    });
  });
});
