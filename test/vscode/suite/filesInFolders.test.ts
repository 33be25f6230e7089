// Which of the user's own files a message means, in a folder with dependencies and a clone of a repository.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { mock } from "node:test";
import * as vscode from "vscode";
import { somePart } from "../../support/sampleValues.ts";
import { findCode } from "../../../extension/host/code/codeFinder.ts";
import { KnownBases } from "../../../extension/host/code/knownBases.ts";
import { FileOpener } from "../../../extension/host/code/fileOpener.ts";
import { PermalinkOpener } from "../../../extension/host/code/permalinkOpener.ts";
import { filesOf } from "../../../extension/host/code/workspaceFiles.ts";

/** More files than are looked at for one search. */
const DEPENDENCIES = 220;

const CODE = [
  "export function closePool(pool: Pool): void {",
  "  for (const connection of pool.connections) connection.end();",
  "  pool.closed = true;",
  "}",
].join("\n");

describe("The user's own files", () => {
  let root: string;
  let folder: vscode.WorkspaceFolder;
  const at = (path: string): vscode.Uri => vscode.Uri.joinPath(folder.uri, path);

  const write = async (path: string, text: string): Promise<void> => {
    const file = join(root, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  };

  before(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), "fork-chat-files-")));
    folder = { uri: vscode.Uri.file(root), name: "project", index: 0 };
    for (let n = 0; n < DEPENDENCIES; n += 1) {
      await write(`node_modules/a${String(n)}/index.ts`, `export const a${String(n)} = ${String(n)};\n`);
    }
    await write("node_modules/left/pad.ts", "export const pad = 1;\n");
    await write("zone/index.ts", "export const own = 1;\n");
    await write("zone/renamed.ts", `// Pools.\n\n${CODE}\n`);
    await write("b/c.ts", "one\ntwo\n");
    await write("c.ts", "three\nfour\n");
    await write(
      ".git/config",
      '[remote "origin"]\n\turl = ssh://git@forge.example:2222/group/sub/project.git\n',
    );
  });
  after(() => rm(root, { recursive: true }));

  beforeEach(() => {
    // The suite runs without a folder. Only where the open folder is, is not real.
    mock.getter(vscode.workspace, "workspaceFolders", () => [folder]);
    mock.method(vscode.workspace, "getWorkspaceFolder", (uri: vscode.Uri) =>
      uri.path.startsWith(`${folder.uri.path}/`) ? folder : undefined,
    );
    const find = vscode.workspace.findFiles.bind(vscode.workspace);
    mock.method(vscode.workspace, "findFiles", (include: string, exclude?: string, most?: number) =>
      find(new vscode.RelativePattern(folder, include), exclude, most),
    );
  });
  afterEach(async () => {
    mock.restoreAll();
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  });

  const names = async (path: string): Promise<string[]> =>
    (await filesOf({ path })).files.map((uri) => uri.path.slice(root.length + 1));

  it("come before their dependencies' files of the same name", async () => {
    assert.deepEqual(await names("index.ts"), ["zone/index.ts"]);
    assert.deepEqual(await names("a7/index.ts"), ["node_modules/a7/index.ts"]);
    assert.deepEqual(await names("pad.ts"), ["node_modules/left/pad.ts"]);
  });

  it("are opened where a path means them, and offered where only their name is the same", async () => {
    const opener = new FileOpener(() => vscode.ViewColumn.One);
    const offered: (readonly string[])[] = [];
    mock.method(vscode.window, "showQuickPick", (items: readonly vscode.QuickPickItem[], { title = "" }) => {
      offered.push([title, ...items.map(({ label }) => label.slice(root.length + 1))]);
      return Promise.resolve(undefined);
    });
    await opener.open({ path: "project/zone/renamed.ts", line: 3 });
    assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), at("zone/renamed.ts").toString());
    assert.deepEqual(offered, []);
    await opener.open({ path: "src/renamed.ts", line: 3 });
    assert.deepEqual(offered, [
      ["src/renamed.ts isn't in the open folders. Is this the file?", "zone/renamed.ts"],
    ]);
  });

  it("are searched for lines in a renamed file, and their dependencies are not", async () => {
    const part = { ...somePart, path: "pool.ts", before: "", after: "", range: { from: 1, to: 4 } };
    const found = await findCode(part, CODE, new KnownBases(), new AbortController().signal);
    assert.ok(found !== null && found.answer.state !== "gone");
    const places = "place" in found.answer ? [found.answer.place] : found.answer.places;
    assert.deepEqual(
      places.map(({ file }) => file.toString()),
      [at("zone/renamed.ts").toString()],
    );
    assert.ok(![...found.files].some((file) => file.includes("node_modules/")));
  });

  describe("behind a link to a forge", () => {
    const opener = new PermalinkOpener(new FileOpener(() => vscode.ViewColumn.One));
    const link = (path: string) => opener.open(`https://forge.example/group/sub/project/-/blob/${path}`);
    /** Committed files, by revision and path. */
    const opened = (committed: Readonly<Record<string, string>>) => {
      const { fs } = vscode.workspace;
      const readFile = (uri: vscode.Uri): Thenable<Uint8Array> => {
        if (uri.scheme !== "git") return fs.readFile(uri);
        const { ref } = JSON.parse(uri.query) as { ref: string };
        const text = committed[`${ref}:${uri.path.slice(root.length + 1)}`];
        return text === undefined
          ? Promise.reject(new Error("no such file"))
          : Promise.resolve(new TextEncoder().encode(text));
      };
      mock.getter(vscode.workspace, "fs", () => ({ stat: fs.stat.bind(fs), readFile }));
    };
    const active = () => {
      const { document, selection } = vscode.window.activeTextEditor ?? assert.fail("no editor");
      return [document.uri.path.slice(root.length + 1), selection.start.line + 1];
    };

    it("are those of the revision that is here, if its name has slashes", async () => {
      opened({ "topic/b:c.ts": "three\nfour\n" });
      assert.equal(await link("topic/b/c.ts#L2"), true);
      assert.deepEqual(active(), ["c.ts", 2]);
    });

    it("are compared with the branch as it was fetched, also without a local one", async () => {
      const info = mock.method(vscode.window, "showInformationMessage", () => Promise.resolve(undefined));
      opened({ "refs/remotes/origin/topic:c.ts": "three\nfour\n", "topic:c.ts": "other\nlines\n" });
      await link("topic/c.ts#L2");
      assert.deepEqual([info.mock.callCount(), ...active()], [0, "c.ts", 2]);
    });

    it("are those of the shortest revision if none is here", async () => {
      opened({});
      assert.equal(await link("topic/b/c.ts#L2"), true);
      assert.deepEqual(active(), ["b/c.ts", 2]);
    });

    it("are not opened for another repository, or a file that is not there", async () => {
      opened({});
      assert.equal(await opener.open("https://forge.example/group/project/-/blob/main/c.ts#L1"), false);
      assert.equal(await link("main/d.ts#L1"), false);
      assert.equal(vscode.window.activeTextEditor, undefined);
    });
  });
});
