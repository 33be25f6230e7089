// What was asked for with \fork and is not there yet: shown in every session, said aloud, cancelled from the keyboard.
import assert from "node:assert/strict";
import { panelState, session, view } from "./pageData.ts";
import { PanelPage } from "./pageHarness.ts";

const slow = { id: "w.1", name: "slow", phase: "asking" } as const;
const carmen = { id: "w.2", name: "carmen", phase: "connecting" } as const;

describe("the panel's open requests", () => {
  let panel: PanelPage;
  beforeEach(async () => (panel = await PanelPage.open()));
  afterEach(() => panel.close());

  const list = () => panel.page.getByRole("list", { name: "Open requests" });

  it("are absent while no one is being asked", async () => {
    await panel.lobby([]);
    assert.equal(await list().count(), 0);
  });

  it("show who is being asked or connected to, in any session, until they are answered", async () => {
    const sessions = [view(0, "lobby"), view(1, "bobby", { mark: "P->" })];
    await panel.snapshot({ state: panelState({ sessions, forks: [slow, carmen] }) });
    assert.deepEqual(await list().getByRole("listitem").allInnerTexts(), [
      "Asking slow…\nCancel",
      "Connecting to carmen…\nCancel",
    ]);
    await panel.patch({ active: session(1) });
    assert.equal(await list().getByRole("listitem").count(), 2);
    await panel.patch({ forks: [carmen] });
    assert.equal(await list().getByRole("listitem").count(), 1);
    await panel.patch({ forks: [] });
    assert.equal(await list().count(), 0);
  });

  it("stand still for users who prefer that, in VS Code or in the system", async () => {
    const forks = [slow];
    const isStill = async () => {
      const spinner = list().locator(".waiting");
      return (await spinner.evaluate((element) => getComputedStyle(element).animationPlayState)) === "paused";
    };
    await panel.lobby([], { forks });
    assert.equal(await isStill(), false);
    await panel.preferStillness();
    assert.equal(await isStill(), true);
    await panel.close();
    panel = await PanelPage.open({ reducedMotion: true });
    await panel.lobby([], { forks });
    assert.equal(await isStill(), true);
  });

  it("are announced when they appear", async () => {
    await panel.lobby([]);
    const aloud = panel.page.locator(".forks-aloud");
    assert.equal(await aloud.getAttribute("aria-live"), "polite");
    assert.equal(await aloud.textContent(), "");
    await panel.patch({ forks: [slow] });
    assert.equal(await aloud.textContent(), "Asking slow…");
    await panel.patch({ forks: [] });
    assert.equal(await aloud.textContent(), "");
  });

  it("can be canceled from the keyboard, which returns to the composer", async () => {
    await panel.lobby([], { forks: [slow, carmen] });
    await panel.page.getByRole("button", { name: "Cancel the request to slow" }).focus();
    await panel.page.keyboard.press("Enter");
    assert.equal((await panel.next("cancelFork", 1)).id, "w.1");
    await panel.patch({ forks: [] });
    await panel.page.waitForFunction(() => document.activeElement?.tagName === "TEXTAREA");
  });

  it("take a few lines at most, however many there are, and clip no name", async () => {
    const many = Array.from({ length: 32 }, (_, at) => ({
      ...slow,
      id: `w.${at}`,
      name: `${at}`.repeat(32).slice(0, 32),
    }));
    await panel.lobby([], { forks: many });
    const { height, width, wanted } = await list().evaluate((element) => ({
      height: element.clientHeight,
      width: element.clientWidth,
      wanted: element.scrollWidth,
    }));
    assert.ok(height < 120, `${height} px high`);
    assert.ok(wanted <= width);
  });
});
