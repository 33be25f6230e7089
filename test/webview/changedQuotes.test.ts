// What is quoted where a message is answered: its words without their form, and as they read now.
import assert from "node:assert/strict";
import { view } from "./pageData.ts";
import { PanelPage } from "./pageHarness.ts";
import { told } from "./talkData.ts";

describe("a quote", () => {
  let panel: PanelPage;
  const about = () => panel.page.locator(".about .what");
  const talk = [
    told("anna", "first", 1),
    told("bobby", "**Look** at `close()` in\n\n- [the pool](https://example.org/pool)\n- <b>here</b>", 2),
  ];
  const answer = async (index: number, name: string) => {
    await panel.message(index).hover();
    await panel.page.getByRole("button", { name, exact: true }).click();
    await panel.page.locator("textarea:focus").waitFor();
  };
  const answered = (seq: number, text: string) =>
    told("carmen", "yes", seq, { reply: { from: "bobby", text, index: 1, seq: 2, own: false } });

  beforeEach(async () => {
    panel = await PanelPage.open();
    await panel.lobby([...talk, answered(3, talk[1]?.text ?? "")], {
      sessions: [view(0, "lobby"), view(1, "bobby")],
    });
    await panel.composer.focus();
  });
  afterEach(() => panel.close());

  it("shows text without its formatting", async () => {
    const words = "Look at close() in the pool <b>here</b>";
    assert.equal(await panel.message(2).locator(".quoted .excerpt").innerText(), words);
    await answer(1, "Reply to bobby's message");
    assert.equal(await about().innerText(), `Replying to bobby: ${words}`);
  });

  it("is updated in a half-written reply", async () => {
    await answer(1, "Reply to bobby's message");
    await panel.page.keyboard.type("an answer");
    await panel.amend(1, told("bobby", "new words", 2, { edited: true }));
    await panel.page.waitForFunction(
      () => document.querySelector(".about .what")?.textContent === "Replying to bobby: new words",
    );
    assert.equal(await panel.composer.inputValue(), "an answer");
    assert.equal(await panel.page.evaluate(() => document.activeElement?.localName), "textarea");
  });

  it("disappears when its message is retracted; the reply stays as a message", async () => {
    await answer(1, "Reply to bobby's message");
    await panel.page.keyboard.type("an answer");
    await panel.amend(1, told("bobby", "", 2, { retracted: true }));
    await about().waitFor({ state: "detached" });
    assert.equal(await panel.composer.inputValue(), "an answer");
    await panel.page.keyboard.press("Enter");
    const submitted = await panel.next("submit", 1);
    assert.deepEqual([submitted.text, submitted.about], ["an answer", undefined]);
    await panel.page.evaluate(() => dispatchEvent(new Event("pagehide")));
    assert.equal(panel.posted("draft").at(-1)?.about, null);
  });

  it("does not return with a reply that was rejected because of it", async () => {
    await answer(1, "Reply to bobby's message");
    await panel.page.keyboard.type("an answer");
    await panel.page.keyboard.press("Enter");
    const { id } = await panel.next("submit", 1);
    await panel.amend(1, told("bobby", "", 2, { retracted: true }));
    await panel.post({ type: "submitted", id, accepted: false });
    await panel.page.waitForFunction(() => document.querySelector("textarea")?.value === "an answer");
    assert.equal(await about().count(), 0);
  });
});
