// The dialog in which two people compare their number: what it shows, the keyboard, what it tells the host.
import assert from "node:assert/strict";
import type { PanelState } from "../../protocol/webview.ts";
import { NUMBER, panelState, peer, session, verification, view } from "./pageData.ts";
import { PanelPage } from "./pageHarness.ts";
import { paletteNames } from "./palettes.ts";

const BOBBY = session(1);
const sessions = [view(0, "lobby"), view(1, "bobby", { mark: "P->", peer: peer() })];

describe("the dialog that compares safety numbers", () => {
  let panel: PanelPage;
  const withBobby = () => panel.snapshot({ state: panelState({ active: BOBBY, sessions }) });
  beforeEach(async () => {
    panel = await PanelPage.open();
    await withBobby();
  });
  afterEach(() => panel.close());

  const dialog = () => panel.page.getByRole("dialog", { name: "Compare this safety number with bobby" });
  const button = (name: string) => dialog().getByRole("button", { name });
  const focused = () =>
    panel.page.evaluate(() => {
      const { activeElement } = document;
      return activeElement?.getAttribute("aria-label") ?? activeElement?.textContent ?? null;
    });

  async function open(rest: Partial<PanelState> = {}): Promise<void> {
    await panel.patch({ verification: verification(), ...rest });
    await dialog().waitFor();
  }

  it("shows the digits in twelve groups, which are read digit by digit", async () => {
    await open();
    const groups = dialog().getByRole("list", { name: "Safety number" }).getByRole("listitem");
    const texts = await groups.allInnerTexts();
    assert.equal(texts.length, 12);
    for (const text of texts) assert.match(text, /^\d{5}$/);
    assert.equal(texts.join(""), NUMBER);
    assert.equal(await groups.first().getAttribute("aria-label"), "0 4 8 2 1");
    const tops = await groups.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().top));
    assert.deepEqual(
      [...new Set(tops)].map((top) => tops.filter((other) => other === top).length),
      [4, 4, 4],
    );
  });

  it("draws the QR code module by module, dark on light with a margin, in every theme", async () => {
    const { picture } = verification();
    await open();
    for (const palette of paletteNames) {
      await panel.wear(palette);
      const drawn = await dialog()
        .getByRole("img", { name: "Safety number as a QR code" })
        .evaluate((svg) => {
          const [light, dark] = [svg.querySelector("rect"), svg.querySelector("path")];
          if (!(svg instanceof SVGSVGElement) || light === null || dark === null) return null;
          const { width, height } = svg.viewBox.baseVal;
          const rows = Array.from({ length: height }, (_, y) =>
            Array.from({ length: width }, (_, x) =>
              dark.isPointInFill(new DOMPoint(x + 0.5, y + 0.5)) ? "1" : "0",
            ).join(""),
          );
          const box = svg.getBoundingClientRect();
          const colors = [getComputedStyle(light).fill, getComputedStyle(dark).fill];
          return { rows, colors, pixels: [box.width / width, box.height / height] };
        });
      assert.ok(drawn !== null);
      const margin = "0".repeat(picture.length + 8);
      const around = Array.from({ length: 4 }, () => margin);
      assert.deepEqual(drawn.rows, [...around, ...picture.map((row) => `0000${row}0000`), ...around]);
      assert.deepEqual(drawn.colors, ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]);
      assert.deepEqual(drawn.pixels, [5, 5]);
    }
  });

  it("keeps the QR code's colors where the system forces its own", async () => {
    await panel.close();
    panel = await PanelPage.open({ alone: true });
    await panel.page.emulateMedia({ forcedColors: "active" });
    await withBobby();
    await open();
    const fills = await dialog()
      .getByRole("img")
      .evaluate((svg) => [...svg.children].map((child) => getComputedStyle(child).fill));
    assert.deepEqual(fills, ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]);
  });

  it("says how to compare, and who has done so, also when that changes", async () => {
    await open();
    await dialog()
      .getByText(/by phone or in person, not in this chat/)
      .waitFor();
    for (const [verified, words] of [
      ["nobody", "Neither of you has verified the other yet."],
      ["me", "You verified bobby. bobby hasn't verified you yet."],
      ["peer", "bobby verified you. You haven't verified bobby yet."],
      ["both", "You and bobby verified each other."],
    ] as const) {
      await panel.patch({ verification: verification({ verified }) });
      await dialog().getByText(words, { exact: true }).waitFor();
    }
  });

  it("takes the focus, keeps it, and returns it when it is closed with Escape", async () => {
    const verify = panel.page.getByRole("button", { name: "Verify bobby" });
    await verify.click();
    await open();
    assert.equal(await dialog().getAttribute("aria-modal"), "true");
    assert.equal(await dialog().evaluate((element) => element === document.activeElement), true);
    const stops: unknown[] = [];
    for (const key of ["Tab", "Tab", "Tab", "Tab", "Shift+Tab", "Shift+Tab"]) {
      await panel.page.keyboard.press(key);
      stops.push(await focused());
    }
    assert.deepEqual(stops, ["Close", "They Match", "They Differ", "Close", "They Differ", "They Match"]);
    await panel.page.keyboard.press("Escape");
    await dialog().waitFor({ state: "hidden" });
    assert.deepEqual(await panel.next("verify", 2), { type: "verify", session: BOBBY, open: false });
    assert.equal(await verify.evaluate((element) => element === document.activeElement), true);
    await panel.patch({ verification: null });
    await dialog().waitFor({ state: "detached" });
    assert.deepEqual(panel.posted("verified"), []);
    assert.equal(panel.posted("verify").length, 2);
  });

  it("moves backwards from its beginning to its last button", async () => {
    await open();
    await panel.page.keyboard.press("Shift+Tab");
    assert.equal(await focused(), "They Differ");
  });

  it("gives no answer on a key that is still held when it opens", async () => {
    await panel.composer.fill("\\verify");
    await open();
    await panel.page.keyboard.press("Enter");
    await panel.page.keyboard.press(" ");
    await panel.painted();
    assert.deepEqual(panel.posted("verified"), []);
    assert.equal(await dialog().isVisible(), true);
  });

  for (const { name, value } of [
    { name: "They Match", value: true },
    { name: "They Differ", value: false },
  ]) {
    it(`reports the answer of "${name}" to the host once`, async () => {
      await open();
      await button(name).evaluate((element) => {
        if (!(element instanceof HTMLElement)) return;
        element.click();
        element.click();
      });
      await dialog().waitFor({ state: "hidden" });
      assert.deepEqual(await panel.next("verify", 1), { type: "verify", session: BOBBY, open: false });
      assert.deepEqual(panel.posted("verified"), [{ type: "verified", session: BOBBY, value }]);
      await panel.patch({ verification: null });
      await dialog().waitFor({ state: "detached" });
      assert.equal(panel.posted("verify").length, 1);
    });
  }

  it("gives no answer when it is closed with its button", async () => {
    await open();
    await button("Close").click();
    assert.deepEqual(await panel.next("verify", 1), { type: "verify", session: BOBBY, open: false });
    assert.deepEqual(panel.posted("verified"), []);
  });

  it("closes when the host closes it, without reporting back, and moves the focus to the composer", async () => {
    await panel.composer.focus();
    await open();
    await panel.patch({ verification: null });
    await dialog().waitFor({ state: "detached" });
    await panel.page.locator("textarea:focus").waitFor();
    await panel.painted();
    assert.deepEqual(panel.posted("verify"), []);
  });

  it("returns the focus when the host closes it", async () => {
    const verify = panel.page.getByRole("button", { name: "Verify bobby" });
    await verify.click();
    await open();
    await panel.patch({ verification: null });
    await dialog().waitFor({ state: "detached" });
    assert.equal(await verify.evaluate((element) => element === document.activeElement), true);
  });

  it("moves the focus to the composer if nothing had it before", async () => {
    await panel.page.evaluate(() => {
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    });
    await open();
    await panel.patch({ verification: null });
    await panel.page.locator("textarea:focus").waitFor();
  });

  it("moves the focus to the composer if the focused element is gone with its session", async () => {
    await panel.page.getByRole("button", { name: "Verify bobby" }).click();
    await open();
    await panel.patch({ verification: null, active: session(0), sessions: [view(0, "lobby")] });
    await panel.page.locator("textarea:focus").waitFor();
  });

  it("opens again for the next session", async () => {
    await open();
    const carmen = verification({ session: session(2), peer: "carmen" });
    await panel.patch({ verification: carmen });
    await panel.page.getByRole("dialog", { name: "Compare this safety number with carmen" }).waitFor();
    await dialog().waitFor({ state: "detached" });
    assert.deepEqual(panel.posted("verify"), []);
  });
});
