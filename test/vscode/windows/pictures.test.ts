// Pictures of the panel in real windows, in each kind of theme: for whoever wants to see what a change did to its looks,
// and for the README (`FORKCHAT_PICTURES=docs/images npm test -- windows`). What they show is checked by what can be read
// in them, and by axe, which measures the colours that VS Code really hands the page.
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Frame } from "playwright-core";
import { violations } from "../../support/axe.ts";
import { writePicture } from "../../support/pictures.ts";
import { ServerProcess } from "../../support/serverProcess.ts";
import type { ChatPanel } from "../driver/chatPanel.ts";
import type { Theme, VsCodeWindow } from "../driver/vscodeWindow.ts";
import { ChatWindows, joinByPalette } from "./chatWindows.ts";
import { CODE, People } from "./morning.ts";
import { states } from "./panelStates.ts";

const FOLDER = process.env["FORKCHAT_PICTURES"];
/** Those that the README shows; what else is taken is for whoever looks at what a change did. */
const SHOWN = new Set([
  ...["dark", "light", "high-contrast-dark", "high-contrast-light"],
  ...["narrow", "verify", "private-without-server"],
]);
const SIZE = { width: 1280, height: 840 };
const NARROW = { ...SIZE, width: 680 };

const themes = {
  dark: "Dark Modern",
  light: "Light Modern",
  "high-contrast-dark": "Dark High Contrast",
  "high-contrast-light": "Light High Contrast",
} as const satisfies Record<string, Theme>;
type Look = keyof typeof themes;
const looks = ["dark", "light", "high-contrast-dark", "high-contrast-light"] as const satisfies Look[];

describe("pictures of the panel", function () {
  this.timeout(300_000);
  let server: ServerProcess;
  let windows: ChatWindows;
  let window: VsCodeWindow;
  let frame: Frame;
  let panel: ChatPanel;
  const people = new People();
  let worn: Look = "dark";

  const folder = FOLDER ?? ".cache/pictures";
  const picture = async (name: string): Promise<void> => {
    if (FOLDER !== undefined && !SHOWN.has(name)) return;
    const png = await window.screenshot();
    await (FOLDER === undefined ? writeFile : writePicture)(join(folder, `panel-${name}.png`), png);
  };
  const wear = async (look: Look): Promise<void> => {
    if (look !== worn) await window.setTheme(themes[look]);
    worn = look;
  };
  /** Nothing in the webview's document is wrong as it is now. */
  const isSound = async (what: string): Promise<void> => assert.deepEqual(await violations(frame), [], what);

  before(async () => {
    await mkdir(folder, { recursive: true });
    // Elsewhere at any port that is free.
    server = await ServerProcess.start(...(FOLDER === undefined ? [] : ["--port", "43210"]));
    windows = await ChatWindows.start(server.url, { "editor.minimap.enabled": false });
    // What is put into the README is looked at on fine screens as well.
    const scale = FOLDER === undefined ? 1 : 2;
    window = await windows.open("words", { viewport: SIZE, theme: themes[worn], scale });
    await writeFile(join(windows.folderOf("words"), "countWords.ts"), CODE);
    await window.runCommand("View: Toggle Secondary Side Bar Visibility");
    await window.runCommand("View: Show Fork Chat");
    await window.runCommand("Chat: Open");
    frame = await window.panel();
    await frame.getByRole("button", { name: "Join as…" }).waitFor();
  });

  after(async () => {
    await people.close();
    await windows.stop();
    await server.stop();
  });

  describe("empty, before anyone has joined", () => {
    // The last one is the one in which the next pictures begin.
    for (const look of looks.toReversed()) {
      it(look, async () => {
        await wear(look);
        await isSound("empty");
        if (look === "dark") await picture("empty");
      });
    }
  });

  describe("busy, beside the code", () => {
    before(async () => {
      await window.runCommand("View: Close Editor");
      await window.openFile("countWords.ts");
      panel = await joinByPalette(window, "anna");
      ({ frame } = panel);
      await people.talk(panel, server.url);
      await panel.tab("lobby").click();
      await panel.shows("lobby", "umlauts");
    });

    for (const look of looks) {
      it(`${look}: the lobby`, async () => {
        await wear(look);
        await isSound("lobby");
        await picture(look);
      });
    }

    for (const look of looks.toReversed()) {
      it(`${look}: on return`, async () => {
        await wear(look);
        await panel.tab("lobby").click();
        await panel.shows("lobby", "umlauts");
        await isSound("lobby");
      });

      for (const [name, { enter, leave }] of Object.entries(states)) {
        it(`${look}: ${name}`, async () => {
          await enter(panel);
          await isSound(name).finally(() => leave(panel));
        });
      }

      it(`${look}: a verified private session`, async () => {
        await panel.tab("bobby").click();
        await panel.shows("bobby", "release notes");
        await isSound("private");
        if (look === "dark") await picture("private");
      });

      it(`${look}: the safety number to compare`, async () => {
        await panel.tab("carmen").click();
        await frame.getByRole("button", { name: "Verify carmen" }).click();
        await frame.getByRole("dialog").waitFor();
        await isSound("verification");
        if (look === "light") await picture("verify");
        await frame.getByRole("button", { name: "Close" }).click();
        await frame.getByRole("dialog").waitFor({ state: "detached" });
      });
    }
  });

  describe("narrow: a private session in a third of the width", () => {
    // A side bar that is hidden meanwhile keeps its width.
    const toggleSideBar = () => window.runCommand("View: Toggle Primary Side Bar Visibility");
    before(async () => {
      await panel.tab("bobby").click();
      await panel.untilActive("bobby");
      await toggleSideBar();
      await window.page.setViewportSize(NARROW);
    });
    after(async () => {
      await window.page.setViewportSize(SIZE);
      await toggleSideBar();
    });

    for (const look of looks) {
      it(look, async () => {
        await wear(look);
        await isSound("narrow");
        if (look === "light") await picture("narrow");
      });
    }
  });

  describe("offline: the server is gone, private sessions are not", () => {
    before(async () => {
      await server.stop("SIGKILL");
      await panel.tab("carmen").click();
      await panel.untilActive("carmen");
      await panel.type("Still there?");
      await people.carmen.untilShown("anna", "Still there?");
      await people.carmen.run("\\switch 1");
      await people.carmen.type("Of course: this does not need the server.");
      await panel.shows("carmen", "does not need the server");
    });

    for (const look of looks.toReversed()) {
      it(look, async () => {
        await wear(look);
        await panel.tab("carmen").click();
        await panel.untilActive("carmen");
        await isSound("private session without a server");
        if (look === "dark") await picture("private-without-server");
        await panel.tab("lobby").click();
        await panel.shows("lobby", "Disconnected:");
        await isSound("server gone");
        if (look === "dark") await picture("server-gone");
      });
    }
  });
});
