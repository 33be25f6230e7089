// How much fits into the composer: more is refused as a whole, and what stands there stays.
import assert from "node:assert/strict";
import { COMPOSER_CHARACTERS } from "../../protocol/webview.ts";
import { LOBBY, panelState, session, view } from "./pageData.ts";
import { PanelPage } from "./pageHarness.ts";

const BOBBY = session(1);
const sessions = [view(0, "lobby"), view(1, "bobby", { mark: "P->" })];
const MEGABYTE = "0123456789abcde\n".repeat(65_536);

describe("the composer's capacity", () => {
  let panel: PanelPage;
  const refusal = () => panel.page.getByRole("alert").filter({ hasText: "holds up to 32,768 characters" });
  const copied = async (text: string) => {
    await panel.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await panel.page.evaluate((whole) => navigator.clipboard.writeText(whole), text);
  };
  /** Puts a text there, as a draft that the host has kept, with the caret at its end. */
  const draft = async (text: string) => {
    await panel.snapshot({
      state: panelState({ sessions }),
      drafts: [{ session: LOBBY, text, about: null }],
    });
    await panel.page.waitForFunction(
      (length) => document.querySelector("textarea")?.value.length === length,
      text.length,
    );
    await panel.composer.focus();
  };

  beforeEach(async () => {
    panel = await PanelPage.open();
    await panel.snapshot({ state: panelState({ sessions }) });
    await panel.composer.focus();
  });
  afterEach(() => panel.close());

  it("rejects a paste of a megabyte, says so, and keeps its text", async () => {
    await panel.page.keyboard.type("before");
    await copied(MEGABYTE);
    await panel.page.keyboard.press("Control+v");
    await refusal().waitFor();
    assert.equal(await panel.value(), "before");
    await panel.page.keyboard.type("!");
    await refusal().waitFor({ state: "detached" });
    await panel.page.keyboard.press("Enter");
    assert.equal((await panel.next("submit", 1)).text, "before!");
  });

  it("accepts a paste that just fits in place of the selection, and not one character more", async () => {
    const whole = "x".repeat(COMPOSER_CHARACTERS);
    await panel.page.keyboard.type("selected");
    await panel.page.keyboard.press("Control+a");
    await copied(whole);
    await panel.page.keyboard.press("Control+v");
    assert.equal(await panel.value(), whole);
    await panel.page.keyboard.press("y");
    await refusal().waitFor();
    await panel.page.keyboard.press("Shift+Enter");
    assert.equal(await panel.value(), whole);
    await panel.page.keyboard.press("Backspace");
    await refusal().waitFor({ state: "detached" });
    await panel.page.keyboard.press("y");
    assert.equal((await panel.value()).length, COMPOSER_CHARACTERS);
    await panel.page.getByRole("alert").getByText("Too long to send").waitFor();
  });

  it("counts a Windows line break as one character", async () => {
    await copied("a\r\n".repeat(COMPOSER_CHARACTERS / 2));
    await panel.page.keyboard.press("Control+v");
    assert.equal((await panel.value()).length, COMPOSER_CHARACTERS);
    assert.equal(await refusal().count(), 0);
  });

  it("can be undone and redone as before a rejected paste", async () => {
    await panel.page.keyboard.type("kept");
    await copied(MEGABYTE);
    await panel.page.keyboard.press("Control+v");
    await refusal().waitFor();
    await panel.page.keyboard.press("Control+z");
    assert.notEqual(await panel.value(), "kept");
    await panel.page.keyboard.press("Control+Shift+z");
    assert.equal(await panel.value(), "kept");
  });

  it("also applies to long text from an input method, and to text inserted without an event", async () => {
    const whole = "x".repeat(COMPOSER_CHARACTERS - 1);
    await draft(whole);
    const input = await panel.page.context().newCDPSession(panel.page);
    await input.send("Input.imeSetComposition", { text: "日本", selectionStart: 2, selectionEnd: 2 });
    await input.send("Input.insertText", { text: "日本" });
    await refusal().waitFor();
    assert.equal(await panel.value(), whole);
    await panel.composer.evaluate((field: HTMLTextAreaElement) => {
      field.value += "and more";
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    assert.equal(await panel.value(), whole);
  });

  it("shows no message in another session", async () => {
    await copied(MEGABYTE);
    await panel.page.keyboard.press("Control+v");
    await refusal().waitFor();
    await panel.patch({ active: BOBBY });
    await panel.page.getByRole("log", { name: "bobby" }).waitFor();
    assert.equal(await refusal().count(), 0);
  });

  it("lets a longer text that was returned be shortened, and keeps it until then", async () => {
    const lines = ["a", "b", "c"].map((letter) => letter.repeat(16_000));
    for (const [at, line] of lines.entries()) {
      await panel.composer.fill(line);
      await panel.page.keyboard.press("Enter");
      await panel.next("submit", at + 1);
    }
    for (const id of [1, 2, 3]) await panel.post({ type: "submitted", id, accepted: false });
    const whole = lines.join("\n");
    assert.equal((await panel.nextDraft(whole)).text.length, 48_002);
    await panel.composer.focus();
    await panel.page.keyboard.press("d");
    await refusal().waitFor();
    assert.equal(await panel.value(), whole);
    await panel.page.keyboard.press("Backspace");
    assert.equal(await panel.value(), whole.slice(0, -1));
  });

  it("requires no more layouts for a key near its limit than in an empty field", async () => {
    const layouts = async () => {
      const tools = await panel.page.context().newCDPSession(panel.page);
      await tools.send("Performance.enable");
      const count = async () => {
        const { metrics } = await tools.send("Performance.getMetrics");
        return metrics.find(({ name }) => name === "LayoutCount")?.value ?? NaN;
      };
      const before = await count();
      for (const key of ["a", "Backspace", "b", "Backspace"]) {
        await panel.page.keyboard.press(key);
        await panel.painted();
      }
      return (await count()) - before;
    };
    await panel.page.keyboard.type("short");
    const short = await layouts();
    await panel.composer.fill("0".repeat(COMPOSER_CHARACTERS - 10));
    const long = await layouts();
    assert.ok(long <= short + 4, `${String(long)} layouts, ${String(short)} in a short text`);
  });

  it("keeps a draft near the limit through a reload", async () => {
    const whole = `${"é😀 ".repeat(8_190)}end`;
    assert.ok(whole.length < COMPOSER_CHARACTERS && whole.length > COMPOSER_CHARACTERS - 100);
    await panel.composer.fill(whole);
    const { text } = await panel.nextDraft(whole);
    await panel.close();
    panel = await PanelPage.open();
    await draft(text);
    assert.equal(await panel.value(), whole);
  });
});
