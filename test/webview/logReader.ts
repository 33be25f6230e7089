// A reader of a page's log: scrolls in it, and sees where its entries stand. For tests of the log.
import assert from "node:assert/strict";
import { ENTRIES_PER_PAGE, type Entry } from "../../protocol/webview.ts";
import { lines, view } from "./pageData.ts";
import type { PanelPage } from "./pageHarness.ts";

export class LogReader {
  readonly #panel: PanelPage;

  constructor(panel: PanelPage) {
    this.#panel = panel;
  }

  /** Adds lines of the lobby as the host does, and waits until they are painted. */
  async add(index: number, entries: Entry[]): Promise<void> {
    const sessions = [view(0, "lobby", { end: index + entries.length })];
    await this.#panel.patch({ sessions }, index, entries);
    await this.#panel.painted();
  }

  /** Pixels below what is in sight. */
  fromEnd(): Promise<number> {
    return this.#panel.log.evaluate((log) => log.scrollHeight - log.clientHeight - log.scrollTop);
  }

  /** How many entries are in the document. */
  entries(): Promise<number> {
    return this.#panel.log.locator("[data-index]").count();
  }

  /** Pixels from the log's upper edge down to an entry. */
  async offset(index: number): Promise<number> {
    const top = await this.#panel.log.evaluate((log) => log.getBoundingClientRect().top);
    const box = await this.#panel.log.locator(`[data-index="${index}"]`).boundingBox();
    assert.ok(box !== null, `entry ${index} is not there`);
    return Math.round(box.y - top);
  }

  /** Scrolls as a wheel does, and waits until the page has followed. */
  async scrollTo(top: number): Promise<void> {
    await this.#panel.log.evaluate((log, to) => (log.scrollTop = to), top);
    await this.#panel.painted();
    await this.#panel.painted();
  }

  /** The index of the first entry in sight. */
  firstVisible(): Promise<number> {
    return this.#panel.log.evaluate((log) => {
      const edge = log.getBoundingClientRect().top;
      const all = [...log.querySelectorAll<HTMLElement>("[data-index]")];
      return Number(all.find((entry) => entry.getBoundingClientRect().bottom > edge + 1)?.dataset["index"]);
    });
  }

  /** Answers the page's wish for older entries, as the host does. */
  async answerMore(count: number): Promise<void> {
    const { before, session } = await this.#panel.next("more", count);
    const index = Math.max(0, before - ENTRIES_PER_PAGE);
    await this.#panel.post({ type: "page", session, index, entries: lines(before - index, index) });
    await this.#panel.page.locator(`[data-index="${index}"]`).waitFor({ state: "attached" });
    await this.#panel.painted();
    await this.#panel.painted();
  }
}
