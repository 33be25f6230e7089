// The page in another language than English: its texts, times and numbers, and a bundle that means harm.
import assert from "node:assert/strict";
import { limits } from "../../protocol/limits.ts";
import { lines, panelState } from "./pageData.ts";
import { PanelPage } from "./pageHarness.ts";
import { came } from "./talkData.ts";

const german = {
  "Message everyone in the lobby": "Nachricht an alle in der Lobby",
  Sessions: "Sitzungen",
  "{0} as {1}": "Als {1}: {0}",
  "{0} have joined.": "Dazu kamen {0}.",
  "{0} others": "{0} weitere",
  "{0} of {1} bytes": "{1} Byte, davon {0} belegt",
};

describe("the panel in another language", () => {
  let panel: PanelPage;
  afterEach(() => panel.close());

  it("shows and announces the texts of its bundle, and English where that has none", async () => {
    panel = await PanelPage.open({ language: "de", bundle: german });
    await panel.lobby(lines(1));
    assert.equal(await panel.page.locator("html").getAttribute("lang"), "de");
    assert.equal(await panel.composer.getAttribute("placeholder"), "Nachricht an alle in der Lobby");
    await panel.page.getByRole("tablist", { name: "Sitzungen" }).waitFor();
    await panel.page.getByRole("button", { name: "Send", exact: true }).waitFor();
  });

  it("puts arguments where the language wants them", async () => {
    panel = await PanelPage.open({ language: "de", bundle: german });
    await panel.lobby([], { me: "{0}" });
    const status = panel.page.getByRole("status").first();
    assert.match((await status.innerText()).replace(/\s+/g, " "), /^Als \{0\}: Online/);
    assert.equal(await status.locator("bdi.me").innerText(), "{0}");
  });

  it("formats days, lists and numbers as its readers do", async () => {
    panel = await PanelPage.open({ language: "de", bundle: german });
    await panel.lobby(["dora", "erik", "farid", "gita"].map((name) => came(name)));
    const notice = panel.log.locator(".notice > .text");
    assert.equal(await notice.innerText(), "Dazu kamen dora, erik und 2 weitere.");
    assert.equal(await panel.log.locator(".day").innerText(), "Montag, 23. November 2026");
    await panel.composer.fill("x".repeat(limits.textBytes));
    const most = limits.textBytes.toLocaleString("de");
    assert.equal(await panel.page.locator(".length").innerText(), `${most} Byte, davon ${most} belegt`);
  });

  it("falls back to English for an unknown language", async () => {
    panel = await PanelPage.open({ language: '"><b>_', bundle: {} });
    await panel.lobby(lines(1));
    assert.equal(await panel.page.locator("html").getAttribute("lang"), "b_");
    assert.equal(await panel.composer.getAttribute("placeholder"), "Message everyone in the lobby");
  });

  it("keeps a bundle's markup as text", async () => {
    const hostile = `</script><!--<script><img src=x onerror="document.title='run'">`;
    panel = await PanelPage.open({
      language: "de",
      bundle: { "Message everyone in the lobby": hostile, "Start Server": hostile },
    });
    await panel.snapshot({ state: panelState({ connection: { status: "idle", text: "" } }) });
    await panel.page.getByRole("button", { name: hostile }).waitFor();
    await panel.lobby(lines(1));
    assert.equal(await panel.composer.getAttribute("placeholder"), hostile);
    assert.equal(await panel.page.locator("img").count(), 0);
    assert.equal(await panel.page.locator("script").count(), 2);
    assert.equal(await panel.page.title(), "Fork Chat");
  });
});
