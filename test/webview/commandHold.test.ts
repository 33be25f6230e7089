// A line that is sent right after a command goes to the session that the command leads to, and nowhere else.
import assert from "node:assert/strict";
import { LOBBY, panelState, session, view } from "./pageData.ts";
import { PanelPage } from "./pageHarness.ts";

const BOBBY = session(1);
const CARMEN = session(2);
const sessions = [view(0, "lobby"), view(1, "bobby", { mark: "P->" }), view(2, "carmen", { mark: "P~>" })];

describe("text typed right after a command", () => {
  let panel: PanelPage;
  const enter = async (text: string) => {
    await panel.page.keyboard.type(text);
    await panel.page.keyboard.press("Enter");
  };
  /** The host's answer to the command of that number, which has led to a session. */
  const lead = async (count: number, active = LOBBY): Promise<void> => {
    const { id } = await panel.next("submit", count);
    await panel.patch({ active });
    await panel.post({ type: "submitted", id, accepted: true, to: active });
  };
  const submitted = () => panel.posted("submit").map((line) => [line.session, line.text]);

  beforeEach(async () => {
    panel = await PanelPage.open();
    await panel.snapshot({ state: panelState({ sessions }) });
    await panel.composer.focus();
  });
  afterEach(() => panel.close());

  it("continues in the session that the command switches to", async () => {
    await enter("\\switch carmen");
    await panel.page.keyboard.type("secret for ");
    await lead(1, CARMEN);
    await panel.holds("secret for ");
    await enter("carmen");
    await panel.next("submit", 2);
    assert.deepEqual(submitted(), [
      [LOBBY, "\\switch carmen"],
      [CARMEN, "secret for carmen"],
    ]);
    await panel.patch({ active: LOBBY });
    await panel.holds("");
  });

  it("is sent there, line by line in order, even after another command", async () => {
    await enter("\\switch carmen");
    await enter("to carmen");
    await enter("\\lobby");
    await enter("to all");
    assert.equal(panel.posted("submit").length, 1);
    await lead(1, CARMEN);
    await lead(3, LOBBY);
    await panel.next("submit", 4);
    assert.deepEqual(submitted(), [
      [LOBBY, "\\switch carmen"],
      [CARMEN, "to carmen"],
      [CARMEN, "\\lobby"],
      [LOBBY, "to all"],
    ]);
  });

  it("is returned to its author when the command is rejected, and goes to no one", async () => {
    await enter("\\fork nobody");
    await enter("secret");
    await panel.page.keyboard.type("and more");
    const { id } = await panel.next("submit", 1);
    await panel.post({ type: "submitted", id, accepted: false });
    await panel.holds("secret\nand more");
    assert.equal(panel.posted("submit").length, 1);
  });

  it("stays where it is when the command switches nowhere", async () => {
    await enter("\\users");
    await enter("hello");
    await panel.page.keyboard.type("and");
    await lead(1);
    await panel.next("submit", 2);
    assert.deepEqual(submitted(), [
      [LOBBY, "\\users"],
      [LOBBY, "hello"],
    ]);
    await panel.holds("and");
  });

  it("stays where it is when its author switches elsewhere", async () => {
    await enter("\\fork bobby");
    await panel.page.keyboard.type("for all");
    await panel.tab(/^carmen/).click();
    const { id } = await panel.next("activate", 1);
    await panel.patch({ active: CARMEN });
    await panel.post({ type: "activated", id });
    await panel.holds("");
    await lead(1, BOBBY);
    await panel.holds("");
    await panel.patch({ active: LOBBY });
    await panel.holds("for all");
  });

  it("does not wait for the answer to a message", async () => {
    await enter("one");
    await enter("two");
    await panel.next("submit", 2);
    assert.deepEqual(submitted(), [
      [LOBBY, "one"],
      [LOBBY, "two"],
    ]);
  });

  it("is reported to the host from the first key on, so that the host does not switch sessions under it", async () => {
    await panel.page.keyboard.press("p");
    assert.equal((await panel.next("draft", 1)).text, "p");
    await panel.page.keyboard.type("lease do not tell");
    await panel.holds("please do not tell");
    await panel.nextDraft("please do not tell");
  });
});
