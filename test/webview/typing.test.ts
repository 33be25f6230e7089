// What the page tells of a line that is typed in a private session.
import assert from "node:assert/strict";
import { LOBBY, panelState, session, view } from "./pageData.ts";
import { PanelPage } from "./pageHarness.ts";

const BOBBY = session(1);

describe("the composer, when a line", () => {
  describe("is typed in a private session", () => {
    const writing = view(1, "bobby", {
      mark: "P->",
      peer: { path: "direct", verified: "nobody", text: "Connected" },
    });
    const values = () => panel.posted("typing").map(({ value: is }) => is);
    let panel: PanelPage;
    beforeEach(async () => {
      panel = await PanelPage.open({ alone: true });
      await panel.page.clock.install();
      await panel.snapshot({ state: panelState({ active: BOBBY, sessions: [view(0, "lobby"), writing] }) });
      await panel.composer.focus();
    });
    afterEach(() => panel.close());

    it("reports typing at the first letter, and the end when it is sent", async () => {
      await panel.page.keyboard.type("hello");
      assert.deepEqual(await panel.next("typing", 1), { type: "typing", session: BOBBY, value: true });
      await panel.press("Enter");
      await panel.next("typing", 2);
      assert.deepEqual(values(), [true, false]);
    });

    it("reports the end when it is emptied, left, or untouched for eight seconds", async () => {
      await panel.page.keyboard.type("a");
      await panel.press("Backspace");
      await panel.next("typing", 2);
      await panel.page.keyboard.type("b");
      await panel.tab(/^bobby/).focus();
      await panel.next("typing", 4);
      await panel.composer.focus();
      await panel.page.keyboard.type("c");
      await panel.next("typing", 5);
      await panel.page.clock.runFor(7_000);
      assert.equal(values().length, 5);
      await panel.page.clock.runFor(1_001);
      await panel.next("typing", 6);
      assert.deepEqual(values(), [true, false, true, false, true, false]);
    });

    it("reports nothing for a command, or in the lobby", async () => {
      await panel.page.keyboard.type("\\leave");
      await panel.patch({ active: LOBBY });
      await panel.page.getByRole("log", { name: "lobby" }).waitFor();
      await panel.page.keyboard.type("hi");
      await panel.press("Enter");
      await panel.next("submit", 1);
      assert.deepEqual(values(), []);
    });
  });
});
