// VS Code's four kinds of theme in a real webview: test/webview/palettes.ts, which the page's own tests use, has the colors
// that VS Code really gives the page, and axe finds nothing wrong with them here either.
import assert from "node:assert/strict";
import type { Locator } from "playwright-core";
import { problemQuote } from "../../../extension/core/code/problemText.ts";
import { outputQuote } from "../../../extension/core/code/terminalOutput.ts";
import { failureQuote } from "../../../extension/core/code/testFailure.ts";
import { violations } from "../../support/axe.ts";
import { Client } from "../../support/client.ts";
import { functionsOf, write } from "../../support/gitRepository.ts";
import { quoteOf, sayWith } from "../../support/sentCode.ts";
import { ServerProcess } from "../../support/serverProcess.ts";
import { palettes, type PaletteName } from "../../webview/palettes.ts";
import type { ChatPanel } from "../driver/chatPanel.ts";
import { eventually } from "../driver/eventually.ts";
import type { Theme, VsCodeWindow } from "../driver/vscodeWindow.ts";
import { ChatWindows, joinByPalette } from "./chatWindows.ts";

const themes = {
  dark: "Dark Modern",
  light: "Light Modern",
  highContrast: "Dark High Contrast",
  highContrastLight: "Light High Contrast",
} as const satisfies Record<PaletteName, Theme>;

/** Half of it is a panel of about 300 pixels, the other half the file beside it. */
const NARROW = { width: 648, height: 900 };
const WIDE = { width: 1280, height: 900 };

const FILE = functionsOf("number");
const CODE = "```ts\nconst words = text.match(/\\p{L}+/gu);\n```";

const names = [...new Set(Object.values(palettes).flatMap(({ variables }) => Object.keys(variables)))];

/** Without fonts, which depend on the machine, and without colors of the git extension, which the test host lacks. */
const compared = names.filter((name) => !/^(?:editor-)?font-|^gitDecoration-/.test(name));

function colorsOf(variables: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(compared.map((name) => [name, variables[name] ?? ""]));
}

describe("the panel in VS Code's themes", function () {
  this.timeout(300_000);
  let server: ServerProcess;
  let windows: ChatWindows;
  let window: VsCodeWindow;
  let panel: ChatPanel;
  const bobby = new Client();

  before(async () => {
    server = await ServerProcess.start();
    windows = await ChatWindows.start(server.url);
    await write(windows.folderOf("anna"), { "src/numbers.ts": FILE });
    window = await windows.open("anna", { viewport: WIDE });
    await window.openFile("numbers.ts");
    for (const bar of ["Primary", "Secondary"])
      await window.runCommand(`View: Toggle ${bar} Side Bar Visibility`);
    panel = await joinByPalette(window, "anna");
    await bobby.join("bobby", server.url);
    await bobby.type(CODE);
    await panel.type("**Nice.** Shall I put it in?");
    await panel.shows("lobby", "Nice. Shall I put it in?");
    await sayCards();
    await bobby.run("\\fork anna");
    await bobby.type("Yes, please.");
    await panel.untilTabs("an unread one", (tabs) => tabs.some((tab) => tab.endsWith(", 1 unread")));
  });

  /** One of each kind, a note at a line of the first, and a chip in the composer. */
  async function sayCards(): Promise<void> {
    const lines = quoteOf("src/numbers.ts", FILE, { from: 8, to: 13 });
    const problem = {
      severity: "warning",
      message: "The sum is never read.\nIs it needed?",
      source: "ts",
    } as const;
    const failed = { message: "It adds up to more.", expected: "sum: 1\nrest: 0", actual: "sum: 2\nrest: 0" };
    await sayWith(bobby, "Is this **added** twice?", lines);
    await sayWith(
      bobby,
      "",
      problemQuote(quoteOf("src/numbers.ts", FILE, { from: 16, to: 16 }), problem) ?? lines,
    );
    const test = { name: "numbers › add up", path: "src/numbers.ts", line: 22 };
    await sayWith(bobby, "", failureQuote(test, { ...failed, stack: ["numberC (src/numbers.ts:17:5)"] }));
    const printed = Array.from({ length: 30 }, (_, at) => `step ${String(at + 1)} of the build`).join("\n");
    await sayWith(bobby, "", outputQuote(printed, { command: "npm run build", exitCode: 2 }) ?? lines);
    await card("Code src/numbers.ts:8-13").waitFor();
    await message("added twice").focus();
    await panel.frame.getByRole("button", { name: "Reply to line 10", exact: true }).press("Enter");
    await panel.type("No, once.");
    await panel.composer.pressSequentially("\\send src/numbers.ts:29-30");
    await panel.composer.press("Enter");
    const dialog = window.page.locator(".monaco-dialog-box");
    await dialog.getByRole("button", { name: "Attach" }).click();
    await panel.frame.getByRole("group", { name: "Attached: src/numbers.ts:29-30", exact: true }).waitFor();
  }

  const card = (name: string): Locator => panel.log("lobby").getByRole("group", { name, exact: true });
  const message = (text: string): Locator =>
    panel.log("lobby").getByRole("article").filter({ hasText: text }).first();

  /** Makes the panel about as narrow as it gets, or wide again, and checks that nothing sticks out. */
  async function resize(size: typeof WIDE): Promise<void> {
    await window.page.setViewportSize(size);
    await eventually(`the panel in ${String(size.width)} pixels`, () =>
      panel.frame.evaluate((isNarrow) => innerWidth < 320 === isNarrow, size === NARROW),
    );
    const wide = await panel.frame.evaluate(() =>
      [document.documentElement, ...document.querySelectorAll(".log, .attached, .card > :not(pre)")]
        .filter((element) => element.scrollWidth > element.clientWidth)
        .map((element) => element.className),
    );
    assert.deepEqual(wide, []);
  }

  after(async () => {
    await bobby.close();
    await windows.stop();
    await server.stop();
  });

  // A new window is dark, so dark comes last: each theme is a change.
  for (const palette of ["light", "highContrast", "highContrastLight", "dark"] as const) {
    it(`${themes[palette]} has the colors of the page's own tests, and axe finds nothing wrong`, async () => {
      const { bodyClass, variables } = palettes[palette];
      await window.setTheme(themes[palette]);
      const worn = () =>
        panel.frame.evaluate((all) => {
          const style = getComputedStyle(document.documentElement);
          return {
            classes: [...document.body.classList],
            variables: Object.fromEntries(
              all.map((name) => [name, style.getPropertyValue(`--vscode-${name}`).trim()]),
            ),
          };
        }, names);
      await eventually("the theme in the panel", async () => {
        const { classes } = await worn();
        return bodyClass.split(" ").every((name) => classes.includes(name));
      });
      assert.deepEqual(colorsOf((await worn()).variables), colorsOf(variables));
      assert.deepEqual(await violations(panel.frame), []);
      await resize(NARROW);
      assert.deepEqual(await violations(panel.frame), []);
      await resize(WIDE);
    });
  }

  it("have cards that are used by keyboard alone, and buttons with names", async () => {
    const focused = () =>
      panel.frame.evaluate(() => {
        const { activeElement: element } = document;
        return element?.getAttribute("aria-label") ?? element?.textContent ?? "";
      });
    await message("added twice").focus();
    const stops: string[] = [];
    while (stops.at(-1) !== "Compare" && stops.length < 9) {
      await window.page.keyboard.press("Tab");
      stops.push(await focused());
    }
    // The lines themselves are a stop where they are too long for the panel.
    const buttons = stops.filter((name) => !name.startsWith("export function"));
    assert.deepEqual(buttons, ["Copy", "Insert at Cursor", "Reply to line 8", "Open", "Compare"]);
    assert.match(
      (await card("Code src/numbers.ts:8-13").getByRole("status").textContent()) ?? "",
      /^same lines/u,
    );
    await window.page.keyboard.press("Shift+Tab");
    await window.page.keyboard.press("Shift+Tab");
    await window.page.keyboard.press("ArrowDown");
    assert.equal(await focused(), "Reply to line 9");
    await window.page.keyboard.press("Escape");
    assert.ok(await message("added twice").evaluate((element) => element === document.activeElement));
    await window.page.keyboard.press("Escape");
    assert.equal(await focused(), "Message");
    await window.page.keyboard.press("Escape");
    await panel.frame.getByRole("group", { name: /^Attached/u }).waitFor({ state: "detached" });
    await card("Code src/numbers.ts:8-13").getByRole("button", { name: "Open", exact: true }).focus();
    await window.page.keyboard.press("Space");
    await window.page.getByRole("button", { name: "Ln 8, Col 1" }).waitFor();
  });
});
