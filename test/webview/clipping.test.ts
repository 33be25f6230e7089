// Stacked combining marks stay where they were written: they do not draw over other people's content.
import assert from "node:assert/strict";
import type { Locator } from "playwright-core";
import type { Entry } from "../../protocol/webview.ts";
import { LOBBY, notice, panelState, peer, says, session, verification, view } from "./pageData.ts";
import { PanelPage } from "./pageHarness.ts";

const marks = `${"\u0307".repeat(60)}\u0323\u0323\u0323`;
/** A font of the machine that stacks them. */
const FONT = '"DejaVu Sans"';

describe("stacked combining marks", () => {
  let panel: PanelPage;
  beforeEach(async () => {
    panel = await PanelPage.open();
    await panel.page.evaluate((font) => {
      document.documentElement.style.setProperty("--vscode-font-family", font);
      document.documentElement.style.setProperty("--vscode-editor-font-family", font);
    }, FONT);
  });
  afterEach(() => panel.close());

  /** How places look while others show a text, and while they show it with marks. */
  const compare = async (show: (of: string) => Promise<void>, places: () => Record<string, Locator>) => {
    const pictures = async () => {
      await panel.painted();
      const taken: Record<string, string> = {};
      for (const [name, place] of Object.entries(places())) {
        taken[name] = (await place.screenshot({ animations: "disabled" })).toString("base64");
      }
      return taken;
    };
    await show("x");
    const plain = await pictures();
    await show(`x${marks}`);
    const marked = await pictures();
    const drawnOver = Object.keys(plain).filter((name) => marked[name] !== plain[name]);
    assert.deepEqual(drawnOver, []);
  };
  const plain = (from: string, text: string): Entry => says(from, text);

  it("of a message, a name, a quote or a notice do not overlap neighboring messages", async () => {
    await compare(
      async (x) => {
        await panel.lobby([
          plain("bobby", "before the text"),
          plain("carmen", `${x} ${x}`),
          plain("carmen", "between"),
          plain(`d${x}`, "of that name"),
          { ...plain("carmen", "an answer"), reply: { from: `e${x}`, text: x } } as Entry,
          plain("bobby", "before the notice"),
          notice("info", x),
          notice("error", x),
          notice("output", x),
          plain("bobby", "before an own one"),
          plain("anna", x),
          plain("bobby", `> ${x}\n\n- ${x}\n\n| ${x} |\n|-|\n| ${x} |`),
          plain("anna", "the last"),
        ]);
      },
      () => ({
        "the text before": panel.message(0).locator(".text"),
        "the text between": panel.message(2).locator(".text"),
        "the text under a name": panel.message(3).locator(".text"),
        "the answer": panel.message(4).locator(".text"),
        "the text before a notice": panel.message(5).locator(".text"),
        "the text before an own one": panel.message(9).locator(".text"),
        "the last": panel.message(12).locator(".text"),
      }),
    );
  });

  it("of names and server texts overlap neither tabs, header, composer nor status", async () => {
    await compare(
      async (x) => {
        const away = peer({ path: "none", introducedBy: `c${x}`, text: `because ${x}` });
        const one = view(1, `b${x}`, { mark: "P~>", state: "waiting", peer: away });
        await panel.snapshot({
          state: panelState({
            me: `a${x}`,
            active: session(1),
            sessions: [view(0, "lobby"), one, view(2, "carmen")],
            connection: { status: "online", text: `at ${x}` },
          }),
          entries: [{ session: session(1), index: 0, entries: [plain("bobby", "a line")] }],
        });
      },
      () => ({
        "the tab before": panel.tab(/^lobby/),
        "the tab after": panel.tab(/^carmen/),
        "the message": panel.message(0).locator(".text"),
        "the button that verifies": panel.page.locator(".verify-button"),
        "the number of people": panel.page.locator(".count"),
        "the button that sends": panel.page.locator(".send"),
      }),
    );
  });

  it("of a name overlap no digit of the safety number, and those of a suggestion no other suggestion", async () => {
    await compare(
      async (x) => {
        await panel.snapshot({ state: panelState({ verification: verification({ peer: `b${x}` }) }) });
        await panel.page.locator(".digits").waitFor();
      },
      () => ({ digits: panel.page.locator(".digits"), picture: panel.page.locator(".qr") }),
    );
    await compare(
      async (x) => {
        await panel.snapshot({ state: panelState({ users: ["bobby", `c${x}`, "dora"] }) });
        await panel.composer.fill("\\fork ");
        await panel.page.getByRole("option", { name: "dora" }).waitFor();
      },
      () => ({
        bobby: panel.page.getByRole("option", { name: "bobby" }),
        dora: panel.page.getByRole("option", { name: "dora" }),
      }),
    );
  });

  it("of unsent text overlap nothing either", async () => {
    await compare(
      async (x) => {
        const pending = [
          { id: "1", at: 0, text: x, status: "failed", reason: x },
          { id: "2", at: 0, text: x, status: "failed", reason: "Why", about: { kind: "edit", seq: 1 } },
        ] as const;
        const state = panelState({ sessions: [view(0, "lobby", { end: 1, pending: [...pending] })] });
        await panel.snapshot({
          state,
          entries: [{ session: LOBBY, index: 0, entries: [plain("bobby", "before")] }],
        });
      },
      () => ({
        before: panel.message(0).locator(".text"),
        "the way to send it again": panel.page.getByRole("button", { name: "Send again" }).first(),
        "the composer": panel.composer,
      }),
    );
  });
});
