// Names and texts of others are shown as what they are: text.
import assert from "node:assert/strict";
import type { Entry } from "../../protocol/webview.ts";
import { LOBBY, MORNING, panelState, peer, session, verification, view } from "./pageData.ts";
import { PanelPage } from "./pageHarness.ts";

const MARKUP = `<img src=x onerror="window.hit=1"><script>window.hit=1</script><b>bold</b> &lt;i&gt; [a](command:x)`;

function message(text: string, from = "mallory"): Entry {
  return { kind: "message", from, own: false, at: MORNING, text };
}

describe("hostile text", () => {
  let panel: PanelPage;
  beforeEach(async () => (panel = await PanelPage.open({ width: 400 })));
  afterEach(() => panel.close());

  const shownTexts = () => panel.log.locator(".message .text").allInnerTexts();
  const hit = () => panel.page.evaluate(() => Reflect.get(window, "hit") !== undefined);

  it("with tags and entities is shown literally, in messages and in every kind of notice", async () => {
    const notices = (["info", "error", "output"] as const).map((level): Entry => ({
      kind: "notice",
      level,
      at: MORNING,
      text: MARKUP,
    }));
    await panel.lobby([message(MARKUP), ...notices]);
    assert.deepEqual(await shownTexts(), [MARKUP]);
    assert.equal(await panel.log.getByText(MARKUP, { exact: true }).count(), 4);
    assert.equal(await panel.log.locator("img, script, b, i, a").count(), 0);
    assert.equal(await hit(), false);
  });

  it("is shown literally in names, reasons and server texts as well", async () => {
    const state = panelState({
      me: MARKUP,
      connection: { status: "online", text: MARKUP },
      users: [MARKUP],
      sessions: [
        view(0, "lobby", {
          end: 1,
          pending: [{ id: "1", at: MORNING, text: MARKUP, status: "failed", reason: MARKUP }],
        }),
        view(1, MARKUP, { mark: "P~>" }),
      ],
    });
    await panel.snapshot({
      state,
      entries: [{ session: LOBBY, index: 0, entries: [message("hi", MARKUP)] }],
    });
    await panel.composer.fill("\\fork ");
    await panel.page.getByRole("option").waitFor();
    assert.equal(await panel.page.locator("img, script:not([nonce]), b, i, a").count(), 0);
    assert.equal(await panel.page.getByRole("option").innerText(), MARKUP);
    assert.equal(await panel.page.getByRole("tab").nth(1).locator(".name").innerText(), MARKUP);
    assert.equal(await panel.page.getByRole("status").locator(".me").innerText(), MARKUP);
    assert.equal(await panel.page.locator(".reason").innerText(), MARKUP);
    assert.equal(await hit(), false);
  });

  it("is shown literally in a session's header, in pending lines, and in the dialog", async () => {
    const hostile = peer({ path: "none", introducedBy: MARKUP, text: MARKUP });
    await panel.snapshot({
      state: panelState({
        active: session(1),
        sessions: [view(0, "lobby"), view(1, MARKUP, { mark: "P~>", state: "waiting", peer: hostile })],
        verification: verification({ peer: MARKUP, verified: "peer" }),
      }),
    });
    await panel.page.getByRole("dialog", { name: `Compare this safety number with ${MARKUP}` }).waitFor();
    for (const place of [".whose .name", ".introduced bdi", ".waits", ".verify h2 bdi", ".so-far bdi"]) {
      assert.equal(await panel.page.locator(place).first().innerText(), MARKUP, place);
    }
    assert.equal(await panel.page.locator(".session-head").getAttribute("title"), MARKUP);
    assert.equal(await panel.page.locator("img, script:not([nonce]), b, i, a").count(), 0);
    assert.equal(await hit(), false);
  });

  it("that changes the writing direction affects only itself", async () => {
    const override = "\u202egnp.exe\u2066 end";
    await panel.lobby([message(override, "\u202eecila"), message("after", "bobby")]);
    assert.equal((await shownTexts())[0], override);
    const isolation = await panel.log
      .locator(".author, .text")
      .evaluateAll((all) => all.map((element) => getComputedStyle(element).unicodeBidi));
    assert.equal(isolation.length, 4);
    for (const bidi of isolation) assert.match(bidi, /isolate|plaintext/);
    const edges = await panel.log.locator(".head").evaluateAll((heads) =>
      heads.map((head) => {
        const name = head.querySelector(".author")?.getBoundingClientRect();
        const time = head.querySelector("time")?.getBoundingClientRect();
        return name !== undefined && time !== undefined && name.right <= time.left;
      }),
    );
    assert.deepEqual(edges, [true, true], "each time stands after its author's name");
  });

  it("of one endless word wraps, even as a name or as a command's answer", async () => {
    const word = "W".repeat(16_000);
    await panel.lobby([
      message(word, "N".repeat(128)),
      { kind: "notice", level: "info", at: MORNING, text: word },
      { kind: "notice", level: "output", at: MORNING, text: word },
    ]);
    const width = await panel.log.evaluate((log) => [log.scrollWidth, log.clientWidth]);
    assert.equal(width[0], width[1]);
    const output = panel.log.locator(".output");
    assert.equal(await output.evaluate((element) => element.scrollWidth > element.clientWidth), false);
  });

  it("with control characters shows their symbols, and keeps line feeds and tabs", async () => {
    await panel.lobby([message("a\u0000b\u001b[31mc\u0008\td\ne\u009f")]);
    const shown = await panel.log.locator(".message .text").first().innerText();
    assert.equal(shown, "a\u2400b\u241b[31mc\u2408\td\ne\ufffd");
  });

  it("with half a surrogate pair or stacked accents does no harm", async () => {
    await panel.lobby([message("\ud800 half"), message("a" + "\u0301".repeat(400)), message("after")]);
    assert.equal((await shownTexts()).length, 3);
    await panel.log.getByText("after").waitFor();
  });

  it("in a message of an undeclared form changes nothing", async () => {
    await panel.lobby([message("before")]);
    await panel.page.evaluate(() => {
      window.postMessage({ type: "patch", revision: "x", entries: "<b>" }, window.origin);
      window.postMessage("snapshot", window.origin);
      window.postMessage(null, window.origin);
    });
    await panel.patch({}, 1, [message("after")]);
    await panel.log.getByText("after").waitFor();
    assert.deepEqual(await shownTexts(), ["before", "after"]);
    assert.equal(panel.complaints.length, 3);
    for (const complaint of panel.complaints.splice(0)) assert.match(complaint, /was not understood/);
  });
});
