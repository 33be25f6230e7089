// The composer while the same conversation is shown on another page as well: the tab and the view hold the same draft.
import assert from "node:assert/strict";
import { LOBBY, panelState, session, view } from "./pageData.ts";
import { PanelPage } from "./pageHarness.ts";

const BOBBY = session(1);
const sessions = [view(0, "lobby"), view(1, "bobby", { mark: "P->" })];

describe("the composer with a second page open", () => {
  let panel: PanelPage;

  beforeEach(async () => {
    panel = await PanelPage.open();
    await panel.snapshot({ state: panelState({ sessions }) });
    await panel.composer.focus();
  });
  afterEach(() => panel.close());

  const draft = (text: string) => ({ session: LOBBY, text, about: null });
  const change = (former: string, text: string) => ({
    ...draft(text),
    former: { text: former, about: null },
  });

  it("shows what is written there, and is empty once that is sent from there", async () => {
    await panel.elsewhere([change("", "hel")]);
    await panel.holds("hel");
    await panel.elsewhere([change("hel", "hello")]);
    await panel.holds("hello");
    await panel.elsewhere([change("hello", "")]);
    await panel.holds("");
    await panel.page.keyboard.type("x");
    assert.deepEqual(await panel.next("draft", 1), { type: "draft", ...draft("x") });
    assert.equal(panel.posted("draft").length, 1, "it was the other page's to tell");
  });

  it("is empty once its own text was sent from there", async () => {
    await panel.page.keyboard.type("hello");
    await panel.next("draft", 1);
    await panel.elsewhere([change("hello", "")]);
    await panel.holds("");
  });

  it("keeps what is being typed, whatever arrives from there", async () => {
    await panel.page.keyboard.type("hello");
    await panel.next("draft", 1);
    await panel.page.keyboard.type(" you");
    await panel.elsewhere([change("hello", "")]);
    assert.equal(await panel.value(), "hello you");
    await panel.elsewhere([change("", "something else")]);
    assert.equal(await panel.value(), "hello you");
  });

  it("keeps a hidden session's text up to date", async () => {
    await panel.elsewhere([{ ...change("", "to bobby"), session: BOBBY }]);
    assert.equal(await panel.value(), "");
    await panel.patch({ active: BOBBY });
    await panel.holds("to bobby");
  });

  it("shows no suggestions for text begun there, until the user continues it here", async () => {
    await panel.elsewhere([change("", "\\")]);
    await panel.holds("\\");
    assert.equal(await panel.page.getByRole("listbox").count(), 0);
    await panel.page.keyboard.type("s");
    await panel.page.getByRole("listbox").waitFor();
  });

  it("applies what arrived while a patch was lost", async () => {
    await panel.page.keyboard.type("hello");
    await panel.next("draft", 1);
    panel.revision += 1;
    await panel.elsewhere([]);
    await panel.next("ready", 2);
    await panel.snapshot({ state: panelState({ sessions }), drafts: [draft("")] });
    await panel.holds("");
  });
});
