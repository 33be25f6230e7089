// Very many messages: what the document holds stays bounded, nothing is lost, and all of it can be read.
import assert from "node:assert/strict";
import { ENTRIES_PER_PAGE } from "../../protocol/webview.ts";
import { CHUNK_SIZE } from "../../webview/store/chunks.ts";
import { LOBBY, lines, view } from "./pageData.ts";
import { PanelPage } from "./pageHarness.ts";

const MANY = 10_000;
/** Read back page by page; the bench reads all of the ten thousand. */
const HISTORY = 3_000;
/** What a log keeps while its end is shown, and a chunk at either side that is cut only as a whole. */
const BOUND = 200 + 2 * CHUNK_SIZE;

describe("very many messages", () => {
  let panel: PanelPage;
  beforeEach(async () => (panel = await PanelPage.open()));
  afterEach(() => panel.close());

  const add = (index: number, count: number) =>
    panel.patch({ sessions: [view(0, "lobby", { end: index + count })] }, index, lines(count, index));
  const held = () => panel.log.evaluate((log) => log.querySelectorAll("[data-index]").length);
  const fromEnd = () =>
    panel.log.evaluate((log) => Math.round(log.scrollHeight - log.scrollTop - log.clientHeight));
  const indexes = () =>
    panel.log.evaluate((log) =>
      [...log.querySelectorAll<HTMLElement>("[data-index]")].map((entry) => Number(entry.dataset["index"])),
    );

  it("leave a limited number of entries in the document, even ten thousand, and the reader at the end", async () => {
    await panel.lobby(lines(100));
    for (let end = 100; end < MANY; end += 100) {
      await add(end, 100);
      if (end % 300 === 0) await panel.painted();
    }
    await panel.painted();
    assert.ok((await held()) <= BOUND, `${await held()} entries are held`);
    assert.ok((await fromEnd()) <= 1);
    assert.equal((await indexes()).at(-1), MANY - 1);
  });

  it("can be read back to the first one, each in its place, and are dropped again at the end", async () => {
    await panel.lobby(lines(HISTORY));
    let asked = 0;
    for (let first = HISTORY - ENTRIES_PER_PAGE; first > 0;) {
      await panel.log.evaluate((log) => (log.scrollTop = 0));
      asked += 1;
      const { before } = await panel.next("more", asked);
      assert.equal(before, first);
      first = Math.max(0, before - ENTRIES_PER_PAGE);
      await panel.post({ type: "page", session: LOBBY, index: first, entries: lines(before - first, first) });
      await panel.page.locator(`[data-index="${first}"]`).waitFor({ state: "attached" });
      await panel.painted();
    }
    assert.deepEqual(
      await indexes(),
      Array.from({ length: HISTORY }, (_, at) => at),
    );
    await panel.page.getByRole("button", { name: "Jump to the newest messages" }).click();
    await panel.painted();
    assert.ok((await held()) <= BOUND, `${await held()} entries are held`);
    assert.ok((await fromEnd()) <= 1);
  });
});
