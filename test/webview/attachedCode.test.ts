// Lines of code in the composer: what says where they are from and who gets them, and how they are sent or removed.
import assert from "node:assert/strict";
import type { PanelState, SessionView } from "../../protocol/webview.ts";
import { card } from "./cardData.ts";
import { LOBBY, panelState, peer, session, view } from "./pageData.ts";
import { PanelPage } from "./pageHarness.ts";
import { told } from "./talkData.ts";

const attached = {
  kind: "code" as const,
  id: "w.1",
  path: "src/a.ts",
  range: { from: 12, to: 13 },
  bytes: 100,
};

describe("lines of code in the composer", () => {
  let panel: PanelPage;
  beforeEach(async () => (panel = await PanelPage.open()));
  afterEach(() => panel.close());

  const chip = () => panel.page.getByRole("group", { name: "Attached: src/a.ts:12-13", exact: true });
  const withCode = (rest: Partial<SessionView> = {}): Partial<PanelState> => ({
    sessions: [view(0, "lobby", { attached, end: 1, ...rest })],
  });
  const sent = async (count = 1) => {
    const { text, attached: id, about } = await panel.next("submit", count);
    return [text, id, about?.kind];
  };

  it("name their place, their receiver, and that they were not saved", async () => {
    await panel.lobby([told("bobby", "x", 1)], withCode({ attached: { ...attached, unsaved: true } }));
    assert.equal(
      (await chip().innerText()).replace(/\s+/gu, " "),
      "src/a.ts:12-13 local changes to everyone in the lobby",
    );
    const bobby = view(1, "bobby", { mark: "P->", peer: peer(), attached });
    await panel.snapshot({ state: panelState({ active: session(1), sessions: [view(0, "lobby"), bobby] }) });
    await chip().getByText("to bobby").waitFor();
  });

  it("of one line name both its ends, as a card does", async () => {
    const one = { ...attached, range: { from: 12, to: 12 } };
    await panel.lobby([told("bobby", "x", 1)], withCode({ attached: one }));
    const shown = panel.page.getByRole("group", { name: "Attached: src/a.ts:12-12", exact: true });
    assert.equal(await shown.locator(".place").innerText(), "src/a.ts:12");
  });

  for (const [other, name] of [
    [{ kind: "test", id: "w.3", bytes: 100, name: "pool › closes once" }, "pool › closes once"],
    [{ kind: "output", id: "w.4", bytes: 100, command: "npm test" }, "npm test"],
    [{ kind: "output", id: "w.5", bytes: 100 }, "Terminal output"],
  ] as const)
    it(`may be something else: ${name}`, async () => {
      await panel.lobby([told("bobby", "x", 1)], withCode({ attached: other }));
      const shown = panel.page.getByRole("group", { name: `Attached: ${name}`, exact: true });
      assert.equal((await shown.innerText()).replace(/\s+/gu, " "), `${name} to everyone in the lobby`);
      await panel.composer.fill("look");
      await panel.composer.press("Enter");
      assert.deepEqual(await sent(), ["look", other.id, undefined]);
      await shown.waitFor({ state: "detached" });
      await panel.patch(withCode({ attached: { ...other, id: "w.6" } }));
      await panel.page.getByRole("button", { name: "Remove attachment" }).click();
      await panel.next("detach", 1);
    });

  it("are sent with Enter, alone or with words, once", async () => {
    await panel.lobby([told("bobby", "x", 1)], withCode());
    await panel.composer.press("Enter");
    assert.deepEqual(await sent(), ["", "w.1", undefined]);
    await chip().waitFor({ state: "detached" });
    await panel.composer.press("Enter");
    await panel.composer.fill("words");
    await panel.composer.press("Enter");
    assert.deepEqual(await sent(2), ["words", undefined, undefined]);
    await panel.patch(withCode({ attached: { ...attached, id: "w.2" } }));
    await panel.composer.fill("look");
    await panel.composer.press("Enter");
    assert.deepEqual(await sent(3), ["look", "w.2", undefined]);
  });

  it("come back when they were not accepted", async () => {
    await panel.lobby([told("bobby", "x", 1)], withCode());
    await panel.composer.fill("look");
    await panel.composer.press("Enter");
    const { id } = await panel.next("submit", 1);
    await panel.post({ type: "submitted", id, accepted: false });
    await chip().waitFor();
    assert.equal(await panel.composer.inputValue(), "look");
  });

  it("do not go with a command, and do not follow it to another session", async () => {
    await panel.lobby([told("bobby", "x", 1)], withCode());
    await panel.composer.fill("\\users ");
    await panel.composer.press("Enter");
    assert.deepEqual(await sent(), ["\\users ", undefined, undefined]);
    await chip().waitFor();
    await panel.composer.fill("look");
    await panel.composer.press("Enter");
    const { id } = await panel.next("submit", 1);
    const bobby = view(1, "bobby", { mark: "P->", peer: peer() });
    await panel.patch({ active: session(1), sessions: [view(0, "lobby", { attached, end: 1 }), bobby] });
    await panel.post({ type: "submitted", id, accepted: true, to: session(1) });
    await panel.settled();
    assert.equal(panel.posted("submit").length, 1);
    await panel.tab(/^lobby/).click();
    await panel.patch({ active: LOBBY });
    await chip().waitFor();
  });

  it("are removed with their button, and with Escape", async () => {
    await panel.lobby([told("bobby", "x", 1)], withCode());
    await panel.page.getByRole("button", { name: "Remove code" }).click();
    assert.equal((await panel.next("detach", 1)).session, LOBBY);
    await chip().waitFor({ state: "detached" });
    assert.equal(await panel.composer.evaluate((element) => element === document.activeElement), true);
    await panel.patch(withCode({ attached: { ...attached, id: "w.2" } }));
    await panel.composer.press("Escape");
    await panel.next("detach", 2);
  });

  it("go with a reply, which Escape cancels first", async () => {
    await panel.lobby([told("bobby", "x", 1)], withCode());
    await panel.message(0).hover();
    await panel.page.getByRole("button", { name: "Reply to bobby's message" }).click();
    await chip().waitFor();
    await panel.composer.press("Escape");
    await chip().waitFor();
    assert.equal(panel.posted("detach").length, 0);
    await panel.page.getByRole("button", { name: "Reply to bobby's message" }).click();
    await panel.composer.press("Enter");
    assert.deepEqual(await sent(), ["", "w.1", "reply"]);
  });

  it("wait while a message is edited, of which only the words are edited", async () => {
    await panel.lobby([card("anna", 1, { words: "Look:" })], withCode());
    await panel.composer.press("ArrowUp");
    assert.equal(await panel.composer.inputValue(), "Look:");
    assert.equal(await chip().count(), 0);
    await panel.composer.fill("");
    await panel.composer.press("Enter");
    assert.deepEqual(await sent(), ["", undefined, "edit"]);
    await chip().waitFor();
  });

  it("count towards the length of the message", async () => {
    await panel.lobby([told("bobby", "x", 1)], withCode({ attached: { ...attached, bytes: 16_000 } }));
    await panel.composer.fill("x".repeat(382));
    await panel.page.getByText("16,384 of 16,384 bytes").waitFor();
    await panel.composer.fill("x".repeat(383));
    await panel.page.getByText("Too long to send: 16,385 of 16,384 bytes.").waitFor();
    await panel.composer.press("Enter");
    assert.equal(panel.posted("submit").length, 0);
  });

  it("are not recalled: a message's words are", async () => {
    await panel.lobby([card("anna", 1, { words: "Look:" }), card("anna", 2)]);
    await panel.composer.press("Control+ArrowUp");
    assert.equal(await panel.composer.inputValue(), "Look:");
  });
});
