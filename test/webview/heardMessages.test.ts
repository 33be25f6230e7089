// What screen readers say of a message, as the browser computes it for them.
import assert from "node:assert/strict";
import { panelState, peer, session, view } from "./pageData.ts";
import { PanelPage } from "./pageHarness.ts";
import { told } from "./talkData.ts";

const BOBBY = session(1);
const reply = { from: "bobby", text: "Is it red?", index: 0 };
const question = told("bobby", "Is it red?", 1);
const reactions = [
  { text: "👍", by: ["anna", "carmen"], mine: true },
  { text: "🎉", by: ["bobby"], mine: false },
];
const reacted = "👍 2: anna and carmen; 🎉 1: bobby";

describe("screen readers hear of a message", () => {
  let panel: PanelPage;
  const heard = async (index: number) => {
    const devtools = await panel.page.context().newCDPSession(panel.page);
    const { root } = await devtools.send("DOM.getDocument");
    const selector = `[data-index="${String(index)}"] > .message`;
    const { nodeId } = await devtools.send("DOM.querySelector", { nodeId: root.nodeId, selector });
    const { nodes } = await devtools.send("Accessibility.getPartialAXTree", {
      nodeId,
      fetchRelatives: false,
    });
    await devtools.detach();
    const [node] = nodes;
    const text = (value: unknown) => (typeof value === "string" ? value : "").replace(/\s+/gu, " ");
    return { name: text(node?.name?.value), description: text(node?.description?.value) };
  };

  afterEach(() => panel.close());

  it("what it replies to, before its text", async () => {
    panel = await PanelPage.open();
    const { from, text } = reply;
    const unkept = told("anna", "It is.", 3, { reply: { from, text } });
    await panel.lobby([question, told("anna", "It is.", 2, { reply }), unkept]);
    assert.equal((await heard(1)).name, "anna 10:32 in reply to bobby Is it red? It is.");
    assert.equal((await heard(2)).name, "anna 10:33 in reply to bobby Is it red? It is.");
  });

  it("what it replies to where another language puts the name first", async () => {
    panel = await PanelPage.open({ language: "ja", bundle: { "in reply to {0}": "{0} さんへの返信" } });
    await panel.lobby([question, told("anna", "It is.", 2, { reply })]);
    assert.match((await heard(1)).name, /bobby さんへの返信 Is it red\? It is\.$/u);
  });

  it("that it is a reply, when it arrives", async () => {
    panel = await PanelPage.open();
    await panel.lobby([question]);
    const sessions = [view(0, "lobby", { end: 2 })];
    await panel.patch({ sessions }, 1, [told("carmen", "It is.", 2, { reply })]);
    assert.equal(await panel.log.getAttribute("aria-relevant"), "additions");
    const added = await panel.message(1).evaluate((message) => message.textContent);
    assert.match(added, /in reply to bobby Is it red\?\s*It is\.$/u);
  });

  it("its reactions, after its delivery", async () => {
    panel = await PanelPage.open();
    const talk = [told("bobby", "Done.", 1, { reactions }), told("anna", "Yes.", 2, { reactions })];
    const bobby = view(1, "bobby", { mark: "P->", end: 2, peer: peer({ readUpTo: 2 }) });
    const state = panelState({ active: BOBBY, sessions: [view(0, "lobby"), bobby] });
    await panel.snapshot({ state, entries: [{ session: BOBBY, index: 0, entries: talk }] });
    assert.equal((await heard(0)).description, reacted);
    assert.equal((await heard(1)).description, `Read; ${reacted}`);
  });

  it("no reactions of a retracted one", async () => {
    panel = await PanelPage.open();
    await panel.lobby([told("bobby", "", 1, { retracted: true, reactions })]);
    assert.deepEqual(await heard(0), { name: "bobby 10:31 Message retracted", description: "" });
  });
});
