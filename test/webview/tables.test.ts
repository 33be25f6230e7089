// Answers of commands in rows: where their columns stand, what assistive technology finds, and what is copied.
import assert from "node:assert/strict";
import { describeUsers, tableEntry } from "../../extension/core/view/answers.ts";
import { online } from "../support/core.ts";
import { commandsTable, peopleTable, says, sessionsTable, tableNotice } from "./pageData.ts";
import { PanelPage } from "./pageHarness.ts";

describe("an answer in rows", () => {
  let panel: PanelPage;
  afterEach(() => panel.close());

  /** Where the first words of each description begin, and of each term. */
  const edges = (of: ".description" | ".term bdi") =>
    panel.log.locator(".rows li").evaluateAll(
      (rows, selector) =>
        rows.flatMap((row) => {
          const [first] = row.querySelector(selector)?.getClientRects() ?? [];
          return first === undefined ? [] : [Math.round(first.left)];
        }),
      of,
    );
  const distinct = (numbers: readonly number[]) => [...new Set(numbers)];

  /** The log's whole text as a selection of it has it, which is what is copied. */
  const copied = () =>
    panel.log.evaluate((log) => {
      getSelection()?.selectAllChildren(log);
      return getSelection()?.toString().split("\n") ?? [];
    });

  for (const { width, rows } of [
    { width: 700, rows: "wide" },
    { width: 240, rows: "narrow" },
  ] as const) {
    it(`is copied as one line per row where the page is ${rows}`, async () => {
      panel = await PanelPage.open({ width });
      const tables = [commandsTable, peopleTable, sessionsTable];
      await panel.lobby(tables.map(tableNotice));
      const lines = await copied();
      for (const entry of tables.map(tableNotice)) {
        for (const line of entry.text.split("\n")) assert.ok(lines.includes(line), line);
      }
      assert.ok(lines.includes("\\switch N, \\sw — switches to session N; a person's name works too"));
      assert.ok(lines.includes("carmen — do not disturb"));
      assert.ok(lines.includes("*0 lobby (broadcast)"));
    });
  }

  it("has its descriptions in one column where there is room, whatever the terms are", async () => {
    panel = await PanelPage.open({ width: 700 });
    for (const table of [commandsTable, peopleTable, sessionsTable]) {
      await panel.lobby([tableNotice(table)]);
      const [terms, descriptions] = [await edges(".term bdi"), await edges(".description")];
      assert.equal(terms.length, table.rows.length);
      assert.equal(distinct(descriptions).length, 1, `${table.of} at ${distinct(descriptions).join()}`);
      assert.equal(distinct(terms).length, 1, `${table.of}'s terms at ${distinct(terms).join()}`);
      assert.ok((descriptions[0] ?? 0) > (terms[0] ?? 0) + 10);
    }
  });

  it("has no empty line beside a term that fits", async () => {
    panel = await PanelPage.open({ width: 900 });
    await panel.lobby([tableNotice(commandsTable)]);
    const heights = await panel.log
      .locator(".term")
      .evaluateAll((terms) => terms.map((term) => term.getBoundingClientRect().height));
    assert.equal(distinct(heights).length, 1, heights.join());
  });

  it("wraps a long description below itself, not below its term", async () => {
    panel = await PanelPage.open({ width: 520 });
    await panel.lobby([tableNotice({ ...commandsTable, rows: [["\\fork NAME", "W".repeat(400)]] })]);
    const lefts = await panel.log
      .locator(".description")
      .evaluate((element) => [...element.getClientRects()].map(({ left }) => Math.round(left)));
    assert.ok(lefts.length > 2);
    assert.equal(distinct(lefts).length, 1, lefts.join());
  });

  it("has hanging indents where the page is narrow, and nothing sticks out", async () => {
    panel = await PanelPage.open({ width: 240 });
    await panel.lobby([commandsTable, peopleTable, sessionsTable].map(tableNotice));
    const hangs = await panel.log
      .locator(".table-commands .rows li")
      .first()
      .evaluate((row) => {
        const term = row.querySelector("bdi")?.getBoundingClientRect().left ?? 0;
        const rects = [...(row.querySelector(".description")?.getClientRects() ?? [])];
        return rects.slice(1).every(({ left }) => left > term) && rects.length > 1;
      });
    assert.ok(hangs);
    const width = await panel.log.evaluate((log) => [log.scrollWidth, log.clientWidth]);
    assert.equal(width[0], width[1]);
  });

  it("is a list with a name for screen readers", async () => {
    panel = await PanelPage.open();
    await panel.lobby([commandsTable, peopleTable, sessionsTable].map(tableNotice));
    for (const { name, rows } of [commandsTable, peopleTable, sessionsTable]) {
      const list = panel.log.getByRole("list", { name, exact: true });
      assert.equal(await list.getByRole("listitem").count(), rows.length, name);
    }
  });

  it("shows hostile names as text, isolated, and in their column", async () => {
    panel = await PanelPage.open({ width: 700 });
    const names = [
      "<b>bold</b>",
      "דנה",
      "\u202eevil",
      "a\u0000\u001b[31m",
      "会议会议",
      "W".repeat(128),
      "anna",
    ];
    const rows = names.map((name): [string, string] => [name, "away"]);
    await panel.lobby([tableNotice({ of: "people", name: "7 online", rows }), says("bobby", "after")]);
    assert.equal(await panel.log.locator(".rows b, .rows i, .rows img").count(), 0);
    assert.equal(await panel.log.getByText("a\u2400\u241b[31m", { exact: true }).count(), 1);
    assert.equal(distinct(await edges(".description")).length, 1);
    assert.equal(distinct(await edges(".term bdi")).length, 1);
    const width = await panel.log.evaluate((log) => [log.scrollWidth, log.clientWidth]);
    assert.equal(width[0], width[1]);
  });

  it("shows a session's kind and state after a right-to-left name", async () => {
    panel = await PanelPage.open({ width: 700 });
    await panel.lobby([tableNotice(sessionsTable)]);
    const [name, kind] = await panel.log
      .locator(".description")
      .last()
      .evaluate(({ firstChild: text }) =>
        [0, text?.textContent?.indexOf("P") ?? -1].map((at) => {
          const range = new Range();
          if (text === null || at < 0) return undefined;
          range.setStart(text, at);
          range.setEnd(text, at + 1);
          return range.getBoundingClientRect().left;
        }),
      );
    assert.ok(name !== undefined && kind !== undefined && name < kind);
  });

  it("of a crowd shows some of its rows until it is unfolded", async () => {
    panel = await PanelPage.open();
    const users = Array.from({ length: 2_000 }, (_, at) => `user${at}`);
    await panel.lobby([tableEntry(describeUsers({ ...online, users }), 0)]);
    const rows = panel.log.getByRole("listitem");
    assert.equal(await rows.count(), 40);
    await panel.page.getByRole("button", { name: "Show all" }).click();
    assert.equal(await rows.count(), 2_000);
    await panel.page.getByRole("button", { name: "Show less" }).click();
    assert.equal(await rows.count(), 40);
  });

  it("is found by the words of a row", async () => {
    panel = await PanelPage.open();
    await panel.lobby([tableNotice(peopleTable), says("bobby", "hello")]);
    await panel.page.keyboard.press("Control+f");
    await panel.page.getByRole("search").waitFor();
    await panel.page.keyboard.type("carmen — do not");
    await panel.page.getByText("1 of 1").waitFor();
    const marked = await panel.page.evaluate(() =>
      [...(CSS.highlights.get("found-current") ?? [])]
        .map((range) => (range instanceof Range ? range.toString() : ""))
        .join("|"),
    );
    assert.equal(marked, "carmen — do not");
  });
});
