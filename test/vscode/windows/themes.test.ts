// VS Code's four kinds of theme in a real webview: test/webview/palettes.ts, which the page's own tests use, has the colors
// that VS Code really gives the page, and axe finds nothing wrong with them here either.
import assert from "node:assert/strict";
import { violations } from "../../support/axe.ts";
import { Client } from "../../support/client.ts";
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
    window = await windows.open("anna");
    panel = await joinByPalette(window, "anna");
    await bobby.join("bobby", server.url);
    await bobby.type(CODE);
    await panel.type("**Nice.** Shall I put it in?");
    await panel.shows("lobby", "Nice. Shall I put it in?");
    await bobby.run("\\fork anna");
    await bobby.type("Yes, please.");
    await panel.untilTabs("an unread one", (tabs) => tabs.some((tab) => tab.endsWith(", 1 unread")));
  });

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
    });
  }
});
