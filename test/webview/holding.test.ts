// A log that is held stays where it is, whatever arrives, and follows its end again afterwards.
import assert from "node:assert/strict";
import type { Entry } from "../../protocol/webview.ts";
import { lines, panelState, says, session, view } from "./pageData.ts";
import { LogReader } from "./logReader.ts";
import { PanelPage } from "./pageHarness.ts";

const LAST = 99;

describe("a log at its end", () => {
  let panel: PanelPage;
  let reader: LogReader;
  let end: number;

  /** More lines arrive, and the last one that was seen stays in its place. */
  const staysWhile = async (what: string) => {
    const before = await reader.offset(LAST);
    for (let count = 0; count < 3; count++, end++) await reader.add(end, numbered(end));
    await panel.painted();
    assert.equal(await reader.offset(LAST), before, what);
  };
  const numbered = (index: number): Entry[] => [
    { ...says("bobby", `line ${String(index)}`), seq: index } as Entry,
  ];
  const follows = async () => {
    await panel.page.waitForFunction(() => {
      const log = document.querySelector(".log");
      return log !== null && log.scrollHeight - log.clientHeight - log.scrollTop <= 1;
    });
    await reader.add(end, numbered(end++));
    assert.ok((await reader.fromEnd()) <= 1);
  };
  const text = (index: number) => panel.message(index).locator(".text");
  const selected = () => panel.page.evaluate(() => getSelection()?.toString());
  /** Drags over a text from its beginning to its end. */
  const drag = async (index: number) => {
    const box = await text(index).boundingBox();
    assert.ok(box !== null);
    await panel.page.mouse.move(box.x + 1, box.y + box.height / 2);
    await panel.page.mouse.down();
    await panel.page.mouse.move(box.x + box.width - 1, box.y + box.height / 2, { steps: 4 });
  };

  const open = async (touch = false) => {
    panel = await PanelPage.open({ touch });
    reader = new LogReader(panel);
    end = LAST + 1;
    await panel.lobby(lines(end).map((line, seq) => ({ ...line, seq }) as Entry));
    await panel.painted();
  };
  afterEach(() => panel.close());

  it("stays while a mouse button is down in it, then follows again", async () => {
    await open();
    await text(LAST).hover();
    await panel.page.mouse.down();
    await staysWhile("the button is down");
    await panel.page.mouse.up();
    await panel.page.mouse.move(5, 5);
    await follows();
  });

  it("stays while text is selected with the mouse, and as long as the selection exists", async () => {
    await open();
    await drag(LAST);
    await staysWhile("text is being selected");
    await panel.page.mouse.up();
    await staysWhile("a selection stands");
    assert.equal(await selected(), `line ${String(LAST)}`);
    await panel.page.getByRole("button", { name: "6 new", exact: true }).waitFor();
    assert.equal((await panel.next("reading", 1)).atEnd, false);
    await panel.composer.click();
    await follows();
    assert.equal((await panel.next("reading", 2)).atEnd, true);
  });

  it("keeps a selection at its end unchanged, whatever arrives", async () => {
    await open();
    // Three clicks select a paragraph, up to the beginning of the next element.
    await text(LAST).click({ clickCount: 3 });
    await panel.page.mouse.move(5, 5);
    await staysWhile("a paragraph is selected");
    assert.equal((await selected())?.trim(), `line ${String(LAST)}`);
    await panel.composer.click();
    await follows();
    const last = end - 1;
    const box = await text(last).boundingBox();
    const log = await panel.log.boundingBox();
    assert.ok(box !== null && log !== null);
    await panel.page.mouse.move(box.x + 1, box.y + box.height / 2);
    await panel.page.mouse.down();
    await panel.page.mouse.move(box.x + box.width - 1, log.y + log.height - 2, { steps: 4 });
    for (let count = 0; count < 3; count++, end++) await reader.add(end, numbered(end));
    await panel.painted();
    assert.equal((await selected())?.trim(), `line ${String(last)}`, "the button is still down");
    await panel.page.mouse.up();
    assert.equal((await selected())?.trim(), `line ${String(last)}`);
  });

  it("stays while a selection is made and extended with the keyboard", async () => {
    await open();
    await text(LAST).evaluate((element) => {
      element.closest<HTMLElement>(".message")?.focus({ preventScroll: true });
      const [words] = element.childNodes;
      if (words !== undefined) getSelection()?.setBaseAndExtent(words, 0, words, 1);
    });
    for (let count = 0; count < 3; count++) await panel.page.keyboard.press("Shift+ArrowRight");
    assert.equal(await selected(), "line");
    await staysWhile("a selection stands");
    await panel.page.keyboard.press("Shift+ArrowRight");
    await staysWhile("a longer one stands");
    await panel.composer.focus();
    await panel.page.keyboard.type("x");
    await follows();
  });

  it("stays while there is a selection made by touch", async () => {
    await open(true);
    const tools = await panel.page.context().newCDPSession(panel.page);
    const box = await text(LAST).boundingBox();
    assert.ok(box !== null);
    const at = { x: box.x + 8, y: box.y + box.height / 2 };
    await tools.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [at] });
    await staysWhile("the finger is down");
    await tools.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    await text(LAST).evaluate((element) => getSelection()?.selectAllChildren(element));
    await staysWhile("its selection stands");
    await panel.page.evaluate(() => getSelection()?.removeAllRanges());
    await follows();
  });

  it("stays while the pointer or the focus is on a message's buttons, or a picker is open", async () => {
    await open();
    await panel.message(LAST).hover();
    const react = panel.page.getByRole("button", { name: "React to" });
    await react.hover();
    await staysWhile("the pointer is at the buttons");
    await react.click();
    await panel.page.locator(".picker").waitFor();
    await panel.page.mouse.move(5, 5);
    await staysWhile("the picker is open");
    await panel.page.keyboard.press("Escape");
    await panel.composer.focus();
    await follows();
  });

  it("follows even if the pointer rests over it, or there is a selection elsewhere", async () => {
    await open();
    await text(LAST).hover();
    await panel.page.evaluate(() => {
      const head = document.querySelector(".session-head");
      if (head !== null) getSelection()?.selectAllChildren(head);
    });
    await follows();
  });

  it("stays where its reader has scrolled in the meantime", async () => {
    await open();
    await drag(LAST);
    await panel.page.mouse.up();
    await staysWhile("a selection stands");
    await reader.scrollTo(300);
    const index = await reader.firstVisible();
    const before = await reader.offset(index);
    await panel.composer.click();
    await reader.add(end, numbered(end++));
    assert.equal(await reader.offset(index), before);
  });

  it("goes to its end with the button and with a sent line, and follows from there", async () => {
    await open();
    await drag(LAST);
    await panel.page.mouse.up();
    await staysWhile("a selection stands");
    await panel.page.getByRole("button", { name: "3 new", exact: true }).click();
    await follows();
    await panel.patch({ sessions: [view(0, "lobby", { end }), view(1, "bobby", { mark: "P->" })] });
    await panel.patch({ active: session(1) });
    await panel.patch({ active: panelState().active });
    await follows();
  });
});
