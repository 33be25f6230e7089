// Finding text in the session that is shown.
import assert from "node:assert/strict";
import { ENTRIES_PER_PAGE, type Entry } from "../../protocol/webview.ts";
import { LOBBY, lines, panelState, says, session, view } from "./pageData.ts";
import { PanelPage } from "./pageHarness.ts";

const BOBBY = session(1);

describe("the find bar", () => {
  let panel: PanelPage;
  beforeEach(async () => (panel = await PanelPage.open()));
  afterEach(() => panel.close());

  const field = () => panel.page.getByRole("textbox", { name: "Find in lobby" });
  const count = (text: string) => panel.page.locator(".matches").getByText(text, { exact: true }).waitFor();
  const open = async () => {
    await panel.page.keyboard.press("Control+f");
    await panel.page.locator(".find input:focus").waitFor();
  };
  /** The entry that is shown as the match. */
  const current = (index: number) => panel.page.locator(`[data-index="${index}"][data-found]`).waitFor();
  const isInView = (index: number) =>
    panel.page.waitForFunction((at) => {
      const log = document.querySelector(".log")?.getBoundingClientRect();
      const entry = document.querySelector(`[data-index="${at}"]`)?.getBoundingClientRect();
      return log !== undefined && entry !== undefined && entry.top >= log.top && entry.bottom <= log.bottom;
    }, index);
  const highlighted = (name: string) =>
    panel.page.evaluate(
      (of) => [...(CSS.highlights.get(of) ?? [])].map((range) => (range as Range).toString()),
      name,
    );
  /** Counts the entries that are marked as the match when the bar goes. */
  const watchMarks = () =>
    panel.page.evaluateHandle(() => ({
      left: new Promise<number>((resolve) => {
        const observer = new MutationObserver(() => {
          if (document.querySelector("[role=search]") !== null) return;
          observer.disconnect();
          resolve(document.querySelectorAll("[data-found]").length);
        });
        observer.observe(document.body, { childList: true, subtree: true });
      }),
    }));
  /** 300 lines, with a word in some of them. */
  const history = (...indices: number[]): Entry[] =>
    lines(300).map((line, at) => (indices.includes(at) ? says("bobby", `the Needle ${at}`) : line));
  const answer = async (asked: number, entries: readonly Entry[]) => {
    const { before } = await panel.next("more", asked);
    const index = Math.max(0, before - ENTRIES_PER_PAGE);
    await panel.post({ type: "page", session: LOBBY, index, entries: entries.slice(index, before) });
  };

  it("opens with Ctrl+F wherever the focus is, or when the host asks, with a named field", async () => {
    await panel.lobby(lines(10));
    await panel.tab(/^lobby/).focus();
    await open();
    assert.equal(await field().count(), 1);
    await panel.page.keyboard.press("Escape");
    await panel.page.getByRole("search").waitFor({ state: "detached" });
    await panel.post({ type: "find" });
    await panel.page.locator(".find input:focus").waitFor();
  });

  it("closes with Escape, returns the focus, and leaves no highlight", async () => {
    await panel.lobby(history(250));
    for (const place of [panel.tab(/^lobby/), panel.composer]) {
      await place.focus();
      await open();
      await panel.page.keyboard.type("needle");
      await current(250);
      const marks = await watchMarks();
      await panel.page.keyboard.press("Escape");
      assert.equal(await marks.evaluate(({ left }) => left), 0);
      assert.equal(await place.evaluate((element) => element === document.activeElement), true);
      assert.deepEqual(await highlighted("found"), []);
    }
  });

  it("shows the newest match while typing, then older ones with Enter, newer ones with Shift+Enter", async () => {
    await panel.lobby(history(220, 260, 290));
    await open();
    await panel.page.keyboard.type("needle");
    await count("1 of 3+");
    await current(290);
    await panel.page.keyboard.press("Enter");
    await count("2 of 3+");
    await current(260);
    await isInView(260);
    assert.equal(await field().evaluate((element) => element === document.activeElement), true);
    await panel.page.keyboard.press("Shift+Enter");
    await current(290);
    await panel.page.getByRole("button", { name: /^Previous match/ }).click();
    await current(260);
    await panel.page.getByRole("button", { name: /^Next match/ }).click();
    await current(290);
  });

  it("highlights the words themselves, and those of the current match differently", async () => {
    await panel.lobby(history(220, 260));
    await open();
    await panel.page.keyboard.type("NEEDLE");
    await current(260);
    await panel.painted();
    assert.deepEqual(await highlighted("found"), ["Needle"]);
    assert.deepEqual(await highlighted("found-current"), ["Needle"]);
  });

  it("continues in older entries, which it requests, and starts over after the oldest", async () => {
    const entries = history(20, 290);
    await panel.lobby(entries);
    await open();
    await panel.page.keyboard.type("needle");
    await current(290);
    await panel.page.keyboard.press("Enter");
    await count("Searching earlier messages…");
    await answer(1, entries);
    await answer(2, entries);
    await current(20);
    await count("2 of 2");
    await isInView(20);
    await panel.page.keyboard.press("Enter");
    await count("1 of 2");
    await current(290);
  });

  it("requests a limited number of pages at once, and continues with another Enter", async () => {
    const many = lines(2_600);
    await panel.lobby(many);
    await open();
    await field().fill("absent");
    for (let page = 1; page <= 20; page++) await answer(page, many);
    await count("No matches yet. Press Enter to search further back");
    assert.equal(panel.posted("more").length, 20);
    await field().press("Enter");
    await answer(21, many);
    await count("Searching earlier messages…");
  });

  it("says that there are no matches", async () => {
    await panel.lobby(lines(50));
    await open();
    await panel.page.keyboard.type("absent");
    await count("No matches");
    await field().fill("");
    await panel.page.locator(".matches:empty").waitFor({ state: "attached" });
  });

  it("counts new and edited messages, and keeps the current match", async () => {
    await panel.lobby(history(220, 260));
    await open();
    await panel.page.keyboard.type("needle");
    await current(260);
    await panel.patch({ sessions: [view(0, "lobby", { end: 301 })] }, 300, [says("carmen", "a needle")]);
    await count("2 of 3+");
    await panel.amend(220, says("bobby", "nothing"));
    await count("2 of 2+");
    await current(260);
  });

  it("lets the log drop what it fetched once the bar is closed and the reader is back at the end", async () => {
    const entries = lines(1_000);
    await panel.lobby(entries);
    await open();
    await panel.page.keyboard.type("line 5");
    await field().fill("absent");
    for (let page = 1; page <= 9; page++) await answer(page, entries);
    await count("No matches");
    const held = () => panel.log.locator("[data-index]").count();
    await panel.patch({ sessions: [view(0, "lobby", { end: 1_001 })] }, 1_000, lines(1, 1_000));
    await panel.log.getByText("line 1000", { exact: true }).waitFor({ state: "attached" });
    assert.equal(await held(), 1_001);
    await panel.page.keyboard.press("Escape");
    await panel.log.evaluate((log) => (log.scrollTop = log.scrollHeight));
    await panel.page.waitForFunction(() => document.querySelectorAll("[data-index]").length < 600);
  });

  it("searches the rendered text, not its source", async () => {
    const texts = [
      "**fork** chat is _nice_",
      "see [the docs](https://example.com/page) now",
      "`snake_`case",
      "&amp; stays, as does other\\_case",
      "```rust\nlet fork = 1; // chat\n```",
      "| one | two |\n|-|-|\n| three | four |",
      "- first\n- second\n\n> quoted **words** here",
      "first line\nsecond line",
    ];
    await panel.lobby(texts.map((text) => says("bobby", text)));
    await open();
    const finds = async (query: string, ...expected: string[]) => {
      await field().fill(query);
      await count(expected.length === 0 ? "No matches" : `1 of ${String(expected.length)}`);
      await panel.painted();
      const marked = [...(await highlighted("found")), ...(await highlighted("found-current"))];
      assert.deepEqual(marked.sort(), expected.sort(), query);
    };
    await finds("fork chat is n", "fork chat is n");
    await finds("the docs (");
    await finds("the docs example.com now", "the docs example.com now");
    await finds("snake_case", "snake_case");
    await finds("other_case", "other_case");
    await finds("&amp;", "&amp;");
    await finds("LET fork = 1; //", "let fork = 1; //");
    await finds("rust", "rust");
    for (const hidden of ["**fork", "](https", "```", "|-|", "> quoted"]) await finds(hidden);
    await finds("words here", "words here");
    for (const apart of ["onetwo", "firstsecond", "rustlet", "linesecond"]) await finds(apart);
  });

  it("shows the words themselves in a message longer than the log", async () => {
    const long = `${"many words to read. ".repeat(500)}needle ${"and more of them. ".repeat(400)}`;
    await panel.lobby([...lines(20), says("bobby", long), ...lines(20, 21)]);
    await open();
    await panel.page.keyboard.type("needle");
    await current(20);
    await panel.page.waitForFunction(() => {
      const [range] = CSS.highlights.get("found-current") ?? [];
      const log = document.querySelector(".log")?.getBoundingClientRect();
      if (!(range instanceof Range) || log === undefined) return false;
      const { top, bottom } = range.getBoundingClientRect();
      return top >= log.top && bottom <= log.bottom && bottom > top;
    });
  });

  it("keeps typed letters to itself, and closes with its session", async () => {
    const sessions = [view(0, "lobby", { end: 10 }), view(1, "bobby", { mark: "P->" })];
    await panel.snapshot({
      state: panelState({ sessions }),
      entries: [{ session: LOBBY, index: 0, entries: lines(10) }],
    });
    await open();
    await panel.page.keyboard.type("line");
    assert.equal(await panel.composer.inputValue(), "");
    await panel.patch({ active: BOBBY });
    await panel.page.getByRole("log", { name: "bobby" }).waitFor();
    assert.equal(await panel.page.getByRole("search").count(), 0);
    await panel.page.locator("textarea:focus").waitFor();
  });
});
