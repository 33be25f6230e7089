// Lines go from one window to the same lines in another, as an animated picture and a still one for the README. Made only when
// pictures are (`FORKCHAT_PICTURES=docs/images npm test -- windows/codeFilm`): what happens in it, other tests check.
import assert from "node:assert/strict";
import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { writeAnimation, writePicture, type Scene } from "../../support/pictures.ts";
import { write } from "../../support/gitRepository.ts";
import { ServerProcess } from "../../support/serverProcess.ts";
import type { VsCodeWindow } from "../driver/vscodeWindow.ts";
import { ChatWindows, joinByPalette } from "./chatWindows.ts";

const FOLDER = process.env["FORKCHAT_PICTURES"];
/** What a reader on a slow line is asked to load. */
const LIMIT_BYTES = 1.5 * 1024 * 1024;

const LOOK = { viewport: { width: 960, height: 600 }, theme: "Dark Modern", scale: 2 } as const;

const POOL = `import { Connection } from "./connection.ts";

export class Pool {
  readonly #free: Connection[] = [];

  async take(): Promise<Connection> {
    const free = this.#free.pop();
    if (free !== undefined && free.isAlive) return free;
    return Connection.open();
  }

  give(connection: Connection): void {
    if (this.#free.length < 8) this.#free.push(connection);
    else connection.close();
  }
}
`;

const OTHER = POOL.replace(
  "\n\nexport class",
  "\n\n/** Connections that are open and that no one uses now. */\nexport class",
);

async function prepare(window: VsCodeWindow): Promise<void> {
  await window.runCommand("View: Toggle Secondary Side Bar Visibility");
  await window.runCommand("View: Toggle Primary Side Bar Visibility");
}

async function makeFilm(folder: string): Promise<void> {
  const server = await ServerProcess.start("--port", "43210");
  const windows = await ChatWindows.start(server.url, {
    "editor.minimap.enabled": false,
    "comments.openView": "never",
  });
  const scenes: Scene[] = [];
  const shoot = async (window: VsCodeWindow, ms: number): Promise<void> => {
    scenes.push({ png: await window.screenshot("initial"), ms });
  };
  try {
    for (const [name, text] of Object.entries({ anna: POOL, bobby: OTHER })) {
      await mkdir(windows.folderOf(name), { recursive: true });
      await write(windows.folderOf(name), { "src/pool.ts": text });
    }
    const [annas, bobbys] = [await windows.open("anna", LOOK), await windows.open("bobby", LOOK)];
    await prepare(annas);
    await prepare(bobbys);
    await bobbys.openFile("pool.ts");
    const bobby = await joinByPalette(bobbys, "bobby");
    await annas.openFile("pool.ts");
    const anna = await joinByPalette(annas, "anna");
    await anna.type("\\fork bobby");
    await anna.untilActive("bobby");
    await bobby.tab("anna").click();

    await annas.page.locator(".view-line", { hasText: "give(connection" }).click();
    await annas.page.keyboard.press("Home");
    for (let line = 0; line < 3; line++) await annas.page.keyboard.press("Shift+ArrowDown");
    await annas.page.keyboard.press("Shift+End");
    await shoot(annas, 2000);
    await annas.page.keyboard.press("Shift+Alt+M");
    await anna.frame.getByRole("group", { name: "Attached: src/pool.ts:12-15" }).waitFor();
    await shoot(annas, 1500);
    await anna.composer.pressSequentially("Why eight?");
    await shoot(annas, 1500);
    await anna.composer.press("Enter");
    await anna.frame.getByRole("group", { name: "Code src/pool.ts:12-15" }).waitFor();
    await shoot(annas, 1800);

    const card = bobby.frame.getByRole("group", { name: "Code src/pool.ts:12-15" });
    await card.getByRole("status").filter({ hasText: "moved" }).waitFor();
    await shoot(bobbys, 2500);
    await card.getByRole("button", { name: "Open" }).click();
    await bobbys.page.getByRole("button", { name: "Ln 13, Col 1" }).waitFor();
    await shoot(bobbys, 1500);
    await bobbys.page.locator(".monaco-editor .margin-view-overlays .comment-thread").first().click();
    const thread = bobbys.page.locator(".review-widget:visible");
    await thread.getByText("Why eight?").waitFor();
    await shoot(bobbys, 1800);
    await thread.locator(".comment-form .monaco-editor").click();
    await bobbys.page.keyboard.type("The database allows ten.");
    await shoot(bobbys, 1500);
    await thread.getByRole("button", { name: /^Send\b/ }).click();
    await thread.getByText("The database allows ten.").first().waitFor();
    await bobby.shows("anna", "The database allows ten.");
    await shoot(bobbys, 2500);
    await mkdir(folder, { recursive: true });
    await writePicture(join(folder, "code.png"), await bobbys.screenshot());
    await anna.shows("bobby", "The database allows ten.");
    await shoot(annas, 3500);
    await writeAnimation(join(folder, "code.gif"), scenes);
  } finally {
    await windows.stop();
    await server.stop();
  }
}

if (FOLDER !== undefined) {
  it("lines of code from window to window, as an animation", async function () {
    this.timeout(300_000);
    await makeFilm(FOLDER);
    assert.ok((await stat(join(FOLDER, "code.gif"))).size <= LIMIT_BYTES);
  });
}
