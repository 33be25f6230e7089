// Changes in a review, and files in a conversation, as pictures for the README. Made only when pictures are
// (`FORKCHAT_PICTURES=docs/images npm test -- windows/sendingPictures`): what they show is tested in `changes` and `files`.
import { copyFile, mkdir, truncate, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { commit, git, write } from "../../support/gitRepository.ts";
import { writePicture } from "../../support/pictures.ts";
import { ServerProcess } from "../../support/serverProcess.ts";
import type { ChatPanel } from "../driver/chatPanel.ts";
import type { VsCodeWindow } from "../driver/vscodeWindow.ts";
import { ChatWindows, joinByPalette } from "./chatWindows.ts";

const FOLDER = process.env["FORKCHAT_PICTURES"];
const LOOK = { viewport: { width: 1280, height: 760 }, theme: "Dark Modern", scale: 2 } as const;
const MEBIBYTE = 1024 * 1024;

const POOL = `import { Connection } from "./connection.ts";

const MOST = 8;

export class Pool {
  readonly #free: Connection[] = [];

  async take(): Promise<Connection> {
    return this.#free.pop() ?? Connection.open();
  }

  give(connection: Connection): void {
    if (this.#free.length < MOST) this.#free.push(connection);
  }
}
`;
const CLOSING = POOL.replace("= 8;", "= 10;").replace(
  "this.#free.push(connection);\n",
  "this.#free.push(connection);\n    else connection.close();\n",
);
const TEST = `import { Pool } from "../src/pool.ts";

it("closes connections that have no room", () => {
  const pool = new Pool();
});
`;

async function takePictures(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const server = await ServerProcess.start("--port", "43210");
  const windows = await ChatWindows.start(server.url, { "editor.minimap.enabled": false }, [
    "git",
    "git-base",
  ]);
  try {
    const origin = windows.folderOf("origin");
    await mkdir(origin);
    await git(origin, "init", "--quiet");
    await commit(origin, { "src/pool.ts": POOL });
    for (const name of ["anna", "bobby"]) await git(dirname(origin), "clone", "--quiet", "origin", name);
    await write(windows.folderOf("anna"), { "src/pool.ts": CLOSING, "test/pool.test.ts": TEST });
    const [annas, bobbys] = [await windows.open("anna", LOOK), await windows.open("bobby", LOOK)];
    for (const each of [annas, bobbys]) {
      await each.runCommand("View: Toggle Secondary Side Bar Visibility");
      await each.runCommand("View: Toggle Primary Side Bar Visibility");
    }
    const bobby = await joinByPalette(bobbys, "bobby");
    const anna = await joinByPalette(annas, "anna");
    await anna.type("\\fork bobby");
    await anna.untilActive("bobby");
    await bobby.tab("anna").click();
    await reviewed(annas, anna, bobbys, bobby);
    await writePicture(join(folder, "changes.png"), await bobbys.screenshot());
    await filesSent(windows.folderOf("anna"), anna, bobbys, bobby);
    await writePicture(join(folder, "files.png"), await bobbys.screenshot());
  } finally {
    await windows.stop();
    await server.stop();
  }
}

async function reviewed(
  annas: VsCodeWindow,
  anna: ChatPanel,
  bobbys: VsCodeWindow,
  bobby: ChatPanel,
): Promise<void> {
  await anna.type("\\changes");
  await annas.quickInput.waitFor("Choose the files whose changes to send");
  await annas.quickInput.accept();
  await anna.frame.getByRole("group", { name: "Attached: Changes: 2 files" }).waitFor();
  await anna.composer.pressSequentially("Connections without room are closed now. OK like this?");
  await anna.composer.press("Enter");
  const card = bobby.frame.getByRole("group", { name: "Changes: 2 files" });
  await card.getByRole("button", { name: "Review" }).click();
  await bobbys.page.locator(".multiDiffEditor .line-insert:visible").first().waitFor();
}

async function filesSent(
  annasFolder: string,
  anna: ChatPanel,
  bobbys: VsCodeWindow,
  bobby: ChatPanel,
): Promise<void> {
  await copyFile("docs/images/throughput.png", join(annasFolder, "throughput.png"));
  for (const [name, bytes] of [
    ["demo.mp4", 1_500 * MEBIBYTE],
    ["trace.json", 3 * MEBIBYTE],
  ] as const) {
    await writeFile(join(annasFolder, name), "");
    await truncate(join(annasFolder, name), bytes);
  }
  await bobbys.runCommand("View: Close All Editors in Group");
  for (const name of ["throughput.png", "demo.mp4", "trace.json"]) {
    await anna.type(`\\file ${name}`);
    await bobby.frame.getByRole("group", { name: `File: ${name}` }).waitFor();
    if (name === "trace.json") continue;
    const card = bobby.frame.getByRole("group", { name: `File: ${name}` });
    const picture = card.getByRole("img", { name: "throughput.png" });
    const save = card.getByRole("button", { name: "Save…" });
    await picture.or(save).first().waitFor();
    if (await picture.isVisible()) continue;
    await save.click();
    await bobbys.quickInput.waitFor("Select a folder for the file");
    await bobbys.page.locator(".quick-input-widget").getByText("Save Here", { exact: true }).click();
    await (name === "demo.mp4" ? card.getByRole("progressbar") : picture).waitFor();
  }
}

if (FOLDER !== undefined) {
  it("pictures of changes and files", async function () {
    this.timeout(300_000);
    await takePictures(FOLDER);
  });
}
