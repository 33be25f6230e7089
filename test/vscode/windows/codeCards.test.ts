// Lines that one person sends are found in the other's clone, which has changed meanwhile.
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Locator } from "playwright-core";
import { commit, edit, functionsOf, git, write } from "../../support/gitRepository.ts";
import { ServerProcess } from "../../support/serverProcess.ts";
import type { ChatPanel } from "../driver/chatPanel.ts";
import { eventually } from "../driver/eventually.ts";
import type { VsCodeWindow } from "../driver/vscodeWindow.ts";
import { ChatWindows, joinByPalette } from "./chatWindows.ts";

/** Lines of the third function of each file. */
const LINES = "15-20";

/** What the card of each file says in the other clone. */
const inClone = {
  "src/same.ts": "same lines",
  "src/shifted.ts": "moved: src/shifted.ts:18-23",
  "src/renamed.ts": "same lines: lib/other.ts:15-20",
  "src/dirty.ts": "changed: src/dirty.ts:16-22",
  "src/windows.ts": "same lines",
  "src/twice.ts": "unsure",
  "src/gone.ts": "not found",
} as const;

/** The same for folders of a workspace, each with a part of the files. */
const inFolders = {
  "src/plain.ts": "moved: plain/src/plain.ts:18-23",
  "src/worktree.ts": "moved: worktree/src/worktree.ts:18-23",
  "src/shallow.ts": "moved: shallow/src/shallow.ts:18-23",
  "src/submodule.ts": "moved: submodule/module/src/submodule.ts:18-23",
} as const;

const nameOf = (path: string): string => path.replace(/^src\/|\.ts$/g, "");
const shifted = (text: string): string => `// One.\n// Two.\n// Three.\n${text}`;

describe("a card with lines of code", function () {
  this.timeout(300_000);
  let server: ServerProcess;
  let windows: ChatWindows;
  let window: VsCodeWindow;
  let anna: ChatPanel;
  let bobby: ChatPanel;
  let carmen: ChatPanel;

  const card = (panel: ChatPanel, path: string): Locator =>
    panel.frame.getByRole("group", { name: `Code ${path}:${LINES}`, exact: true });

  const untilStatus = (panel: ChatPanel, path: string, wanted: string): Promise<unknown> => {
    const shown = card(panel, path).getByRole("status");
    let found = "";
    return eventually(`${path}: ${wanted}`, async () => {
      await shown.scrollIntoViewIfNeeded();
      found = (await shown.textContent()) ?? "";
      return found === wanted;
    }).catch((error: unknown) => {
      throw new Error(`It said “${found}”.`, { cause: error });
    });
  };

  /** VS Code splits a file's name from its ending. */
  const untilOpen = (title: string): Promise<unknown> =>
    eventually(`an editor ${title}`, async () => (await window.editorTitles()).includes(title));

  const untilCursor = async (wanted: string): Promise<void> => {
    await window.page.getByRole("button", { name: wanted }).waitFor();
  };

  before(async () => {
    server = await ServerProcess.start();
    windows = await ChatWindows.start(server.url, {}, ["git", "git-base"]);
    const paths = [...Object.keys(inClone), ...Object.keys(inFolders)];
    const origin = windows.folderOf("origin");
    await mkdir(origin);
    await git(origin, "init", "--quiet");
    await commit(origin, Object.fromEntries(paths.map((path) => [path, functionsOf(nameOf(path))])));
    for (const name of ["anna", "bobby"]) await git(dirname(origin), "clone", "--quiet", "origin", name);
    await changeClone(windows.folderOf("bobby"));
    await changeFolders(origin, windows.folderOf("carmen"));
    anna = await joinByPalette(await windows.open("anna"), "anna");
    window = await windows.open("bobby");
    bobby = await joinByPalette(window, "bobby");
    carmen = await joinByPalette(await windows.open("carmen", { workspace: "all.code-workspace" }), "carmen");
    for (const [i, path] of paths.entries()) {
      await anna.type(`\\send ${path}:${LINES}`);
      if (i === 0) {
        const ask = anna.frame.page().locator(".monaco-dialog-box");
        await ask.getByRole("button", { name: "Attach" }).click();
      }
      await anna.frame.getByRole("group", { name: `Attached: ${path}:${LINES}` }).waitFor();
      await anna.composer.press("Enter");
      await card(bobby, path).waitFor();
    }
  });

  after(async () => {
    await windows.stop();
    await server.stop();
  });

  it("opens the newest one with two keys", async () => {
    await bobby.composer.focus();
    await bobby.composer.press("Shift+Tab");
    await window.page.keyboard.press("Enter");
    await untilOpen("submodule");
  });

  for (const [path, status] of Object.entries(inClone))
    it(`says what has become of ${path} in another clone`, () => untilStatus(bobby, path, status));

  for (const [path, status] of Object.entries(inFolders))
    it(`says what has become of ${path} in a workspace of several folders`, () =>
      untilStatus(carmen, path, status));

  it("follows what the reader changes", async () => {
    await card(bobby, "src/same.ts").getByRole("button", { name: "Open" }).click();
    await untilOpen("same");
    await untilCursor("Ln 15, Col 1");
    await window.page.locator(".part.editor .monaco-editor[data-uri$='same.ts'] .view-lines").click();
    await window.page.keyboard.press("ControlOrMeta+Home");
    await window.page.keyboard.press("Enter");
    await untilStatus(bobby, "src/same.ts", "moved: src/same.ts:16-21");
    await window.page.keyboard.press("Backspace");
    await untilStatus(bobby, "src/same.ts", "same lines");
  });

  it("opens the lines that have moved", async () => {
    await card(bobby, "src/shifted.ts").getByRole("button", { name: "Open" }).click();
    await untilOpen("shifted");
    await untilCursor("Ln 18, Col 1");
  });

  it("shows what was sent where no line is certain, and never jumps by itself", async () => {
    await card(bobby, "src/twice.ts").getByRole("button", { name: "Open" }).click();
    await eventually("the candidates", async () => (await window.quickInput.labels()).length > 1);
    await window.quickInput.cancel();
    await untilOpen("twice");
    await untilCursor("Ln 1, Col 1");
  });

  it("shows what was sent where the lines are gone", async () => {
    await card(bobby, "src/gone.ts").getByRole("button", { name: "Open" }).click();
    await untilOpen("gone");
    await untilCursor("Ln 1, Col 1");
  });

  it("compares the sent lines with the changed ones", async () => {
    await card(bobby, "src/dirty.ts").getByRole("button", { name: "Compare" }).click();
    await untilOpen("Sent ↔ src/dirty.ts:16-22");
  });

  it("is not needed for a path with a line, which is a link", async () => {
    await anna.type("Look at `src/same.ts:9`.");
    await bobby.frame.getByRole("link", { name: "src/same.ts:9", exact: true }).click();
    await untilOpen("same");
    await untilCursor("Ln 9, Col 1");
  });

  it("is not needed for a link to a forge, which opens its revision where the lines have moved", async () => {
    const clone = windows.folderOf("bobby");
    await git(clone, "remote", "add", "forge", "git@github.com:acme/pool.git");
    const revision = await git(clone, "rev-parse", "HEAD~1");
    const link = `https://github.com/acme/pool/blob/${revision}/src/shifted.ts#L15-L20`;
    await anna.type(link);
    await bobby.frame.getByRole("link", { name: link }).click();
    await window.notification("has changed at these lines", "Compare with Working Tree");
    await untilOpen(`src/shifted.ts (${revision})`);
  });
});

async function changeClone(folder: string): Promise<void> {
  await edit(folder, "src/shifted.ts", shifted);
  await mkdir(join(folder, "lib"));
  await rename(join(folder, "src/renamed.ts"), join(folder, "lib/other.ts"));
  await edit(folder, "src/twice.ts", (text) => text + text);
  await edit(folder, "src/gone.ts", () => "* { margin: 0 }\n".repeat(40));
  await commit(folder, {});
  await edit(folder, "src/dirty.ts", (text) =>
    text
      .replace("export function dirtyA", "// Above.\nexport function dirtyA")
      .replace("  const dirtyCRest", "  console.log(dirtyCSum);\n  const dirtyCRest"),
  );
  await edit(folder, "src/windows.ts", (text) => text.replaceAll("\n", "\r\n"));
}

/** A folder without a repository, a worktree, a shallow clone and a submodule, as folders of one workspace. */
async function changeFolders(origin: string, folder: string): Promise<void> {
  const kept = ["plain", "worktree", "shallow", "submodule"];
  await mkdir(folder);
  await write(folder, { "plain/src/plain.ts": functionsOf("plain") });
  await git(origin, "worktree", "add", "--quiet", "--detach", join(folder, "worktree"));
  await git(folder, "clone", "--quiet", "--depth", "1", `file://${origin}`, "shallow");
  await mkdir(join(folder, "submodule"));
  await git(join(folder, "submodule"), "init", "--quiet");
  await git(join(folder, "submodule"), "submodule", "--quiet", "add", origin, "module");
  for (const name of kept) {
    const root = join(folder, name, ...(name === "submodule" ? ["module"] : []));
    for (const path of [...Object.keys(inClone), ...Object.keys(inFolders)])
      if (nameOf(path) !== name) await rm(join(root, path), { force: true });
    await edit(root, `src/${name}.ts`, shifted);
  }
  const folders = kept.map((path) => ({ path }));
  await write(folder, { "all.code-workspace": JSON.stringify({ folders }) });
}
