// Pictures of the panel in real windows: for whoever wants to see what a change did to its looks, and for the README
// (`FORKCHAT_PICTURES=docs/images npm test -- windows`). What they show is checked by what can be read in them.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ServerProcess } from "../../support/serverProcess.ts";
import { Client } from "../../support/client.ts";
import type { ChatPanel } from "../driver/chatPanel.ts";
import type { Theme, VsCodeWindow } from "../driver/vscodeWindow.ts";
import { ChatWindows, joinByPalette } from "./chatWindows.ts";

const FOLDER = process.env["FORKCHAT_PICTURES"] ?? ".cache/pictures";

const CODE = `// Counts how often each word occurs.
export function countWords(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of text.toLowerCase().split(/\\W+/)) {
    if (word === "") continue;
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}
`;

describe("pictures of the panel", function () {
  this.timeout(240_000);
  let server: ServerProcess;
  let windows: ChatWindows;
  let window: VsCodeWindow;
  let panel: ChatPanel;
  const [bobby, carmen] = [new Client(), new Client()];

  const picture = (name: string): Promise<void> => window.screenshot(join(FOLDER, `panel-${name}.png`));

  before(async () => {
    await mkdir(FOLDER, { recursive: true });
    server = await ServerProcess.start();
    windows = await ChatWindows.start(server.url);
    window = await windows.open("words", { viewport: { width: 1280, height: 760 }, theme: "Dark Modern" });
    await writeFile(join(windows.folderOf("words"), "countWords.ts"), CODE);
    await window.runCommand("View: Toggle Secondary Side Bar Visibility");
  });

  after(async () => {
    await Promise.all([bobby.close(), carmen.close()]);
    await windows.stop();
    await server.stop();
  });

  it("empty: before anybody has joined", async () => {
    await window.runCommand("Chat: Open");
    const frame = await window.panel();
    await frame.getByRole("button", { name: "Join as…" }).waitFor();
    await picture("empty");
  });

  it("busy: lobby and private sessions beside the code", async () => {
    await window.runCommand("View: Close Editor");
    await window.openFile("countWords.ts");
    panel = await joinByPalette(window, "anna");
    await bobby.join("bobby", server.url);
    await carmen.join("carmen", server.url);
    await carmen.type("Good morning! Is anybody else looking at the word counter?");
    await bobby.type("I am. It splits on \\W, so “naïve” becomes two words.\nThis would do:");
    await bobby.type("text.toLowerCase().match(/\\p{L}+/gu) ?? []");
    await panel.shows("lobby", "This would do");
    await panel.type("Nice catch. I have the file open, one moment.");
    await carmen.run("\\fork anna");
    await carmen.type("Could you add a test for German umlauts, too?");
    await carmen.type("I will review it afterwards.");
    await panel.untilTabs("carmen's messages", (tabs) => tabs.some((tab) => tab.endsWith(", 2 unread")));
    await panel.type("\\fork bobby");
    await panel.untilActive("bobby");
    await bobby.untilShown("anna", "opened this private session");
    await bobby.run("\\switch 1");
    await panel.type("Shall I just put your line in?");
    await bobby.type("Yes, please. And thanks!");
    await panel.shows("bobby", "And thanks!");
    await panel.tab("lobby").click();
    await panel.shows("lobby", "one moment");
    await window.runCommand("View: Show Fork Chat");
    await picture("dark");
  });

  for (const [theme, name] of [
    ["Light Modern", "light"],
    ["Dark High Contrast", "high-contrast-dark"],
    ["Light High Contrast", "high-contrast-light"],
  ] as const satisfies readonly (readonly [Theme, string])[]) {
    it(`${name}: the theme changes under a living panel`, async () => {
      await window.setTheme(theme);
      await panel.shows("lobby", "one moment");
      await picture(name);
    });
  }

  it("narrow: a private session in a third of the width, without sideways scrolling", async () => {
    await window.setTheme("Light Modern");
    await panel.tab("carmen").click();
    await panel.shows("carmen", "umlauts");
    await window.page.setViewportSize({ width: 680, height: 760 });
    await window.runCommand("View: Toggle Primary Side Bar Visibility");
    await picture("narrow");
  });

  it("broken: the server is gone, the private session is not", async () => {
    await window.page.setViewportSize({ width: 1280, height: 760 });
    await window.setTheme("Dark Modern");
    await server.stop("SIGKILL");
    await panel.type("Still there?");
    await carmen.untilShown("anna", "Still there?");
    await carmen.type("Of course: this does not need the server.");
    await panel.shows("carmen", "does not need the server");
    await picture("private-without-server");
    await panel.tab("lobby").click();
    await panel.shows("lobby", "The lobby is closed");
    await picture("server-gone");
  });
});
