// Enter and Escape that are held: what they open is not answered by their repeats.
import assert from "node:assert/strict";
import { PanelPage } from "./pageHarness.ts";
import { told } from "./talkData.ts";

describe("a key that is held on a message's button", () => {
  let panel: PanelPage;
  const button = (name: string) => panel.page.getByRole("button", { name, exact: true });

  beforeEach(async () => {
    panel = await PanelPage.open();
    await panel.lobby([told("bobby", "one", 1), told("anna", "two", 2)]);
  });
  afterEach(() => panel.close());

  /** Presses Enter on a button of the own message, and holds it. */
  const hold = async (name: string) => {
    await panel.message(1).focus();
    await button(name).focus();
    for (let repeat = 0; repeat < 4; repeat++) {
      await panel.page.keyboard.down("Enter");
      await panel.settled();
    }
    await panel.page.keyboard.up("Enter");
  };

  it("retracts nothing: it only asks", async () => {
    await hold("Retract your message");
    await panel.page.locator('button[aria-label="Yes, retract your message"]:focus').waitFor();
    assert.deepEqual(panel.posted("retract"), []);
  });

  it("adds no reaction: it only opens the picker", async () => {
    await hold("React to your message");
    await panel.page.getByRole("dialog").waitFor();
    assert.deepEqual(panel.posted("react"), []);
  });

  it("sends no draft as a reply", async () => {
    await panel.composer.fill("not yet");
    await hold("Reply to your message");
    await panel.page.getByText("Replying to").waitFor();
    assert.deepEqual(panel.posted("submit"), []);
    await panel.holds("not yet");
  });
});
