// The composer while an input method composes: whatever sets its text ends the composition, so that Enter sends again.
import assert from "node:assert/strict";
import type { CDPSession } from "playwright-core";
import type { Entry } from "../../protocol/webview.ts";
import { LOBBY, panelState, says, session, view } from "./pageData.ts";
import { PanelPage } from "./pageHarness.ts";

const BOBBY = session(1);
const sessions = [view(0, "lobby", { end: 2 }), view(1, "bobby", { mark: "P->" })];
const mine = says("anna", "mine");
const gone: Entry = {
  kind: "message",
  from: "anna",
  own: true,
  at: mine.at,
  text: "",
  seq: 7,
  retracted: true,
};
const entries = [
  {
    session: LOBBY,
    index: 0,
    entries: [
      { ...says("bobby", "hi"), seq: 6 },
      { ...mine, seq: 7 },
    ],
  },
];

describe("an input method composition", () => {
  let panel: PanelPage;
  let input: CDPSession;
  const compose = async (text: string) => {
    await input.send("Input.imeSetComposition", {
      text,
      selectionStart: text.length,
      selectionEnd: text.length,
    });
    await panel.nextDraft(text);
  };
  /** Enter sends what now stands in the composer. */
  const sends = async (text: string, count = 1) => {
    await panel.holds(text);
    await panel.composer.focus();
    await panel.page.keyboard.press("Enter");
    assert.equal((await panel.next("submit", count)).text, text);
    await panel.holds("");
  };

  beforeEach(async () => {
    panel = await PanelPage.open();
    await panel.snapshot({ state: panelState({ sessions }), entries });
    await panel.composer.focus();
    input = await panel.page.context().newCDPSession(panel.page);
  });
  afterEach(() => panel.close());

  it("keeps Enter to itself", async () => {
    await compose("に");
    await panel.page.keyboard.press("Enter");
    assert.deepEqual(panel.posted("submit"), []);
  });

  it("keeps the Enter to itself that accepts a word, where the browser ends the composition before it", async () => {
    await panel.page.keyboard.type("日本");
    await panel.composer.dispatchEvent("keydown", { key: "Enter", keyCode: 229, bubbles: true });
    await sends("日本");
    assert.equal(panel.posted("submit").length, 1);
  });

  it("ends with a draft from another page", async () => {
    await compose("に");
    const former = { text: "に", about: null };
    await panel.elsewhere([{ session: LOBBY, text: "from elsewhere", about: null, former }]);
    await sends("from elsewhere");
  });

  it("ends with a line that is returned", async () => {
    await panel.page.keyboard.type("first");
    await panel.page.keyboard.press("Enter");
    const { id } = await panel.next("submit", 1);
    await compose("に");
    await panel.post({ type: "submitted", id, accepted: false });
    await sends("first\nに", 2);
  });

  it("ends when the session changes, and stays as a draft in its own", async () => {
    await panel.snapshot({
      state: panelState({ sessions }),
      entries,
      drafts: [{ session: BOBBY, text: "to bobby", about: null }],
    });
    await compose("に");
    await panel.patch({ active: BOBBY });
    await sends("to bobby");
    await panel.patch({ active: LOBBY });
    await sends("に", 2);
  });

  it("ends with a completion that is clicked", async () => {
    await compose("\\for");
    await panel.page.getByRole("option").first().click();
    await panel.holds("\\fork ");
    await panel.page.keyboard.type("bobby");
    await sends("\\fork bobby");
  });

  it("ends with the Send button", async () => {
    await compose("に");
    await panel.page.getByRole("button", { name: "Send" }).click();
    assert.equal((await panel.next("submit", 1)).text, "に");
    await panel.page.keyboard.type("next");
    await sends("next", 2);
  });

  it("ends when an edit begins, and when one is removed", async () => {
    await compose("に");
    await panel.message(1).hover();
    await panel.page.getByRole("button", { name: "Edit your message" }).click();
    await panel.holds("mine");
    await panel.page.waitForFunction(() => {
      const field = document.activeElement;
      return field instanceof HTMLTextAreaElement && field.selectionStart === field.value.length;
    });
    await input.send("Input.imeSetComposition", { text: "日", selectionStart: 1, selectionEnd: 1 });
    await panel.holds("mine日");
    await panel.amend(1, gone);
    await sends("に");
  });

  it("ends when a reply begins: the text becomes the reply", async () => {
    await compose("に");
    await panel.message(0).hover();
    await panel.page.getByRole("button", { name: "Reply to bobby's message" }).click();
    await panel.page.getByText("Replying to bobby:").waitFor();
    await sends("に");
  });

  it("ends when a command switches elsewhere with the text after it", async () => {
    await panel.page.keyboard.type("\\lobby");
    await panel.page.keyboard.press("Enter");
    const { id } = await panel.next("submit", 1);
    await compose("に");
    await panel.patch({ active: BOBBY });
    await panel.post({ type: "submitted", id, accepted: true, to: BOBBY });
    await sends("に", 2);
    assert.equal((await panel.next("submit", 2)).session, BOBBY);
  });
});
