// Long messages are folded to their beginning, and shown whole where their reader wants that.
import assert from "node:assert/strict";
import { lines, LOBBY, notice, panelState, says, session, view } from "./pageData.ts";
import { LogReader } from "./logReader.ts";
import { PanelPage } from "./pageHarness.ts";

const kinds: Readonly<Record<string, string>> = {
  "line breaks": "\n".repeat(16_383) + "end",
  "one line": "word ".repeat(3_200),
  "one word": "x".repeat(16_000),
  paragraphs: "a\n\n".repeat(5_000),
  "a code block": `\`\`\`js\n${"let a = 1;\n".repeat(1_400)}\`\`\``,
  "a quote": "> quoted\n".repeat(1_500),
  "a list": "- item\n".repeat(1_500),
  "a table": `| a | b |\n|-|-|\n${"| 1 | 2 |\n".repeat(400)}`,
};

describe("a long message", () => {
  let panel: PanelPage;
  beforeEach(async () => (panel = await PanelPage.open()));
  afterEach(() => panel.close());

  const button = (name: "Show all" | "Show less") => panel.page.getByRole("button", { name, exact: true });
  const height = async (index: number) => {
    const box = await panel.page.locator(`[data-index="${String(index)}"]`).boundingBox();
    return box?.height ?? NaN;
  };

  for (const [kind, text] of Object.entries(kinds)) {
    it(`of ${kind} is folded, and can be shown in full and folded again with its button`, async () => {
      await panel.lobby([says("bobby", text), says("bobby", "short")]);
      const folded = await height(0);
      assert.ok(folded < 750, `${String(folded)} pixels high`);
      await button("Show all").click();
      await button("Show less").waitFor();
      assert.ok((await height(0)) > folded + 100);
      await button("Show less").click();
      await button("Show all").waitFor();
      assert.equal(await height(0), folded);
      assert.equal(await panel.message(1).getByRole("button", { name: "Show all" }).count(), 0);
    });
  }

  it("can be unfolded from the keyboard, which is announced", async () => {
    await panel.lobby([says("bobby", kinds["one line"] ?? "")]);
    await panel.message(0).focus();
    await panel.page.keyboard.press("Tab");
    await panel.page.locator("button.fold:focus").waitFor();
    assert.equal(await button("Show all").getAttribute("aria-expanded"), "false");
    assert.equal(await button("Show all").getAttribute("aria-controls"), "m0-text");
    await panel.page.keyboard.press("Enter");
    assert.equal(await button("Show less").getAttribute("aria-expanded"), "true");
    assert.equal(await panel.page.locator("button.fold:focus").count(), 1);
  });

  it("stays as it is in another session and back, and when it is rendered again", async () => {
    const sessions = [view(0, "lobby", { end: 1 }), view(1, "bobby", { mark: "P->" })];
    const entries = [{ session: LOBBY, index: 0, entries: [says("bobby", kinds["a list"] ?? "")] }];
    await panel.snapshot({ state: panelState({ sessions }), entries });
    await button("Show all").click();
    await panel.patch({ active: session(1) });
    await panel.page.getByRole("log", { name: "bobby" }).waitFor();
    await panel.patch({ active: LOBBY });
    await button("Show less").waitFor();
    await panel.snapshot({ state: panelState({ sessions }), entries });
    await button("Show less").waitFor();
  });

  it("stays as it is when its page is discarded and created again", async () => {
    const sessions = [view(0, "lobby", { end: 2 }), view(1, "bobby", { mark: "P->", end: 1 })];
    const long = says("bobby", kinds["one line"] ?? "");
    const entries = [
      { session: LOBBY, index: 0, entries: [long, long] },
      { session: session(1), index: 0, entries: [long] },
    ];
    await panel.snapshot({ state: panelState({ sessions }), entries });
    await panel.message(1).getByRole("button", { name: "Show all" }).click();
    await panel.patch({ active: session(1) });
    await button("Show all").click();
    await button("Show less").waitFor();
    await panel.reload();
    await panel.snapshot({ state: panelState({ sessions }), entries });
    await panel.message(1).getByRole("button", { name: "Show less" }).waitFor();
    await panel.message(0).getByRole("button", { name: "Show all" }).waitFor();
    await panel.patch({ active: session(1) });
    await button("Show less").click();
    await panel.reload();
    await panel.snapshot({ state: panelState({ sessions, active: session(1) }), entries });
    await button("Show all").waitFor();
  });

  it("forgets with its session what was unfolded, even while its page is away", async () => {
    const sessions = [view(0, "lobby"), view(1, "bobby", { mark: "P->", end: 1 })];
    const entries = [{ session: session(1), index: 0, entries: [says("bobby", kinds["one line"] ?? "")] }];
    const bobbys = { state: panelState({ sessions, active: session(1) }), entries };
    await panel.snapshot(bobbys);
    await button("Show all").click();
    await panel.reload();
    await panel.snapshot({ state: panelState({ sessions: [view(0, "lobby")] }) });
    await panel.snapshot(bobbys);
    await button("Show all").waitFor();
  });

  for (const mark of ["P->", "P~>"] as const) {
    it(`has its button below its text in a private session, ${mark}`, async () => {
      const sessions = [view(0, "lobby"), view(1, "bobby", { mark, end: 2 })];
      const text = kinds["one line"] ?? "";
      const entries = [{ session: session(1), index: 0, entries: [says("bobby", text), says("anna", text)] }];
      await panel.snapshot({ state: panelState({ sessions, active: session(1) }), entries });
      for (const [index, edge] of [
        [0, "left"],
        [1, "right"],
      ] as const) {
        const message = panel.message(index);
        const distance = await message.evaluate((element, side) => {
          const text = element.querySelector(".text")?.getBoundingClientRect();
          const fold = element.querySelector(".fold");
          const range = document.createRange();
          if (fold !== null) range.selectNodeContents(fold);
          return Math.abs(range.getBoundingClientRect()[side] - (text?.[side] ?? NaN));
        }, edge);
        assert.ok(distance <= 2, `${String(distance)} pixels from the text's ${edge} edge`);
      }
    });
  }

  it("leaves its reader in place when it unfolds at the end, and comes into view when it folds", async () => {
    const reader = new LogReader(panel);
    await panel.lobby([...lines(20), says("bobby", kinds["a list"] ?? "")]);
    await panel.painted();
    const before = await reader.offset(20);
    await button("Show all").click();
    await panel.painted();
    assert.ok(Math.abs((await reader.offset(20)) - before) <= 1);
    await button("Show less").click();
    await panel.painted();
    await panel.page.waitForFunction(() => {
      const fold = document.querySelector(".fold")?.getBoundingClientRect();
      const log = document.querySelector(".log")?.getBoundingClientRect();
      return fold !== undefined && log !== undefined && fold.top >= log.top && fold.bottom <= log.bottom;
    });
  });

  it("is unfolded by find for a match, and shows the words", async () => {
    const text = `${"many words\n".repeat(900)}needle\n${"more words\n".repeat(400)}`;
    await panel.lobby([...lines(5), says("bobby", text), ...lines(5, 6)]);
    await panel.page.keyboard.press("Control+f");
    await panel.page.locator(".find input:focus").waitFor();
    await panel.page.keyboard.type("needle");
    await button("Show less").waitFor();
    await panel.page.waitForFunction(() => {
      const [range] = CSS.highlights.get("found-current") ?? [];
      const log = document.querySelector(".log")?.getBoundingClientRect();
      if (!(range instanceof Range) || log === undefined) return false;
      const { top, bottom } = range.getBoundingClientRect();
      return top >= log.top && bottom <= log.bottom && bottom > top;
    });
  });

  it("is unfolded for a link in it that gets focus", async () => {
    await panel.lobby([
      says("bobby", `${"many words\n".repeat(35)}https://example.com/\n${"more\n".repeat(50)}`),
    ]);
    await panel.message(0).focus();
    await panel.page.keyboard.press("Tab");
    await button("Show less").waitFor();
    await panel.page.locator(".text a:focus").waitFor();
  });

  it("from the user is folded while in flight too, and so is a command's long answer", async () => {
    const text = kinds["one line"] ?? "";
    const pending = [{ id: "1", at: 0, text, status: "failed", reason: "Why" } as const];
    const state = panelState({ sessions: [view(0, "lobby", { end: 1, pending })] });
    const entries = [{ session: LOBBY, index: 0, entries: [notice("output", "anna\n".repeat(1_000))] }];
    await panel.snapshot({ state, entries });
    assert.equal(await button("Show all").count(), 2);
    assert.ok((await height(0)) < 750);
  });
});
