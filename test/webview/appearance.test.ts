// The page in each theme, at each width: what assistive technology finds wrong, what does not fit, what cannot be seen.
import assert from "node:assert/strict";
import { violations } from "../support/axe.ts";
import { PanelPage } from "./pageHarness.ts";
import { pageStates, show } from "./pageStates.ts";
import { paletteNames, palettes } from "./palettes.ts";

/** Elements that stick out of the page sideways, and are not inside something that scrolls or clips. */
async function stickingOut(panel: PanelPage): Promise<string[]> {
  return panel.page.evaluate(() =>
    [...document.querySelectorAll(".panel *")]
      .filter(
        (element) => element.closest(".tabs, .output, .detail, .what, .place, pre, .rich .table") === null,
      )
      .filter((element) => {
        const box = element.getBoundingClientRect();
        return box.width > 0 && (box.left < -1 || box.right > innerWidth + 1);
      })
      .map((element) => `${element.tagName}.${element.className}`),
  );
}

async function scrollsSideways(panel: PanelPage): Promise<boolean> {
  return panel.page.evaluate(() =>
    [
      document.documentElement,
      document.body,
      ...document.querySelectorAll(
        ".log, .welcome, .candidates, .session-head, .verify, .find, .picker, .about, .actions",
      ),
    ].some((element) => element.scrollWidth > element.clientWidth),
  );
}

describe("the panel's appearance", () => {
  for (const palette of paletteNames) {
    describe(`in the ${palette} theme`, () => {
      let panel: PanelPage;
      before(async () => (panel = await PanelPage.open({ palette, width: 480 })));
      after(() => panel.close());

      for (const name of pageStates) {
        it(`has no accessibility violations found by axe (${name})`, async () => {
          await show(panel, name);
          assert.deepEqual(await violations(panel.page), []);
        });
      }
    });
  }

  for (const { width, height, what } of [
    { width: 300, height: 600, what: "300 pixels wide" },
    { width: 320, height: 300, what: "at 200 % in a small column" },
    { width: 1600, height: 900, what: "1,600 pixels wide" },
  ]) {
    describe(what, () => {
      let panel: PanelPage;
      before(async () => (panel = await PanelPage.open({ width, height })));
      after(() => panel.close());

      for (const name of pageStates) {
        it(`fits (${name})`, async () => {
          await show(panel, name);
          assert.equal(await scrollsSideways(panel), false);
          assert.deepEqual(await stickingOut(panel), []);
        });
      }

      it("keeps the dialog's buttons within reach", async () => {
        await show(panel, "verifying");
        for (const name of ["They Match", "They Differ"]) {
          const box = await panel.page.getByRole("button", { name }).boundingBox();
          assert.ok(box !== null && box.y >= 0 && box.y + box.height <= height, name);
        }
      });

      it("leaves room to read and to write", async () => {
        for (const name of ["offline", "away"] as const) {
          await show(panel, name);
          const log = await panel.log.boundingBox();
          const composer = await panel.composer.boundingBox();
          assert.ok(log !== null && log.height >= 40, name);
          assert.ok(composer !== null && composer.y + composer.height <= height, name);
        }
      });
    });
  }

  for (const { width, height, what } of [
    { width: 320, height: 256, what: "at 400 %" },
    { width: 320, height: 200, what: "at 400 % in a low window" },
    { width: 1000, height: 231, what: "in a low panel with the line at the bottom" },
    { width: 1000, height: 150, what: "in a low panel" },
  ]) {
    describe(what, () => {
      let panel: PanelPage;
      before(async () => (panel = await PanelPage.open({ width, height })));
      after(() => panel.close());

      for (const name of ["busy", "talk", "replying", "away", "files", "cardsWithBobby"]) {
        it(`leaves room to read and to write (${name})`, async () => {
          await show(panel, name);
          await panel.composer.fill("one\ntwo\nthree\nfour\nfive\nsix");
          await panel.painted();
          await panel.painted();
          const log = await panel.log.boundingBox();
          const composer = await panel.composer.boundingBox();
          const frame = await panel.page.getByRole("tabpanel").boundingBox();
          assert.ok(log !== null && composer !== null && frame !== null);
          assert.ok(log.height >= 40, `the log is ${log.height} pixels high`);
          assert.ok(composer.height >= 20 && composer.y + composer.height <= frame.y + frame.height);
          assert.equal(await scrollsSideways(panel), false);
          assert.deepEqual(await stickingOut(panel), []);
        });
      }

      it("keeps the newest message in sight", async () => {
        await show(panel, "talk");
        await panel.composer.fill("one\ntwo\nthree");
        await panel.painted();
        await panel.painted();
        const log = await panel.log.boundingBox();
        const last = await panel.message(7).locator(".text").boundingBox();
        assert.ok(log !== null && last !== null);
        assert.ok(last.y >= log.y && last.y + last.height <= log.y + log.height + 1);
      });

      it("keeps the header within reach of the keyboard", async () => {
        await show(panel, "peer");
        for (const name of ["direct, diagnose connection", "Verify bobby"]) {
          const button = panel.page.getByRole("button", { name });
          await button.focus();
          const isOnTop = await button.evaluate((element) => {
            const { left, top, width: across, height: down } = element.getBoundingClientRect();
            return element.contains(document.elementFromPoint(left + across / 2, top + down / 2));
          });
          assert.ok(isOnTop, name);
        }
      });

      it("keeps for screen readers what is not shown", async () => {
        await show(panel, "peer");
        const facts = panel.page.getByRole("group", { name: "Private session with bobby" });
        await facts
          .getByRole("listitem")
          .filter({ hasText: "end-to-end encrypted" })
          .waitFor({ state: "attached" });
        await panel.page
          .getByRole("status")
          .filter({ hasText: "Online as anna" })
          .waitFor({ state: "attached" });
      });
    });
  }

  describe("colors, when the theme changes", () => {
    let panel: PanelPage;
    before(async () => (panel = await PanelPage.open({ palette: "dark" })));
    after(() => panel.close());

    it("change at once", async () => {
      await show(panel, "busy");
      const background = () => panel.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      assert.equal(await background(), "rgb(31, 31, 31)");
      await panel.wear("light");
      assert.equal(await background(), "rgb(255, 255, 255)");
    });

    for (const { palette, hex, rgb } of [
      { palette: "highContrast", hex: "#6fc3df", rgb: "rgb(111, 195, 223)" },
      { palette: "highContrastLight", hex: "#0f4a85", rgb: "rgb(15, 74, 133)" },
    ] as const) {
      it(`include borders in ${palette}`, async () => {
        await panel.wear(palette);
        const border = await panel.page
          .locator(".own .text")
          .first()
          .evaluate((element) => getComputedStyle(element).borderTopColor);
        assert.equal(palettes[palette].variables["contrastBorder"], hex);
        assert.equal(border, rgb);
      });
    }
  });

  describe("for keyboard users", () => {
    let panel: PanelPage;
    before(async () => (panel = await PanelPage.open()));
    after(() => panel.close());

    it("focus is visible at every stop", async () => {
      await show(panel, "peer");
      await panel.tab(/^bobby/).focus();
      const stops: string[] = [];
      for (let stop = 0; stop < 8; stop++) {
        const seen = await panel.page.evaluate(() => {
          const element = document.activeElement;
          if (element === null) return null;
          const ring = element.matches("textarea") ? (element.parentElement ?? element) : element;
          const { outlineStyle, outlineColor, borderTopColor } = getComputedStyle(ring);
          const blue = "rgb(0, 120, 212)";
          const name = element.getAttribute("aria-label") ?? element.textContent;
          return {
            name,
            visible: (outlineStyle !== "none" && outlineColor === blue) || borderTopColor === blue,
          };
        });
        assert.ok(seen?.visible, `the focus cannot be seen on ${seen?.name ?? "nothing"}`);
        stops.push(seen.name);
        await panel.page.keyboard.press("Tab");
      }
      const head = ["bobby P->, 3 unread", "Leave bobby", "direct, diagnose connection", "Verify bobby"];
      const expected = [...head, "bobby", "Send again", "Discard", "Message"];
      assert.deepEqual(stops, expected);
    });
  });
});
