// Files of a real repository whose changes are not sent, and what the user is told about them; and new files, in each setting.
import assert from "node:assert/strict";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mock } from "node:test";
import * as vscode from "vscode";
import type { WantedChanges } from "../../../extension/core/changes/changesArgument.ts";
import { changesIn } from "../../../extension/host/changes/changeBuilder.ts";
import { chooseChanges } from "../../../extension/host/changes/changePicker.ts";
import { commit, git, write } from "../../support/gitRepository.ts";
import { autoSave, closeEditors, notebook, typeIntoCell } from "./openProject.ts";

const UNCOMMITTED: WantedChanges = { kind: "uncommitted" };

const untrackedChanges = (value: string | undefined): Thenable<void> =>
  vscode.workspace
    .getConfiguration("git")
    .update("untrackedChanges", value, vscode.ConfigurationTarget.Global);

/** What git has of a file in Git LFS. */
const POINTER = `version https://git-lfs.github.com/spec/v1\noid sha256:${"0".repeat(64)}\nsize 9\n`;

describe("The changes of a repository", () => {
  let root: string;
  let uri: vscode.Uri;
  /** Notifications. */
  const shown: string[] = [];

  before(() => autoSave("off"));
  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), "fork-chat-left-out-")));
    uri = vscode.Uri.file(root);
    await git(root, "init", "--quiet", "--initial-branch", "main");
    await commit(root, { "a.ts": "a\n" });
    await vscode.commands.executeCommand("git.openRepository", root);
    shown.length = 0;
    const say = (said: string): Promise<undefined> => {
      shown.push(said);
      return Promise.resolve(undefined);
    };
    mock.method(vscode.window, "showInformationMessage", say);
    mock.method(vscode.window, "showWarningMessage", say);
  });
  afterEach(async () => {
    mock.restoreAll();
    await closeEditors();
    await vscode.commands.executeCommand("git.close", uri);
    await rm(root, { recursive: true });
  });
  after(() => autoSave(undefined));

  const at = (path: string): vscode.Uri => vscode.Uri.joinPath(uri, path);
  async function built(wanted = UNCOMMITTED) {
    const changes = await changesIn(uri, wanted);
    assert.ok(changes.ok, JSON.stringify(changes));
    const { files, leftOut } = changes.value;
    return {
      files: files.map(({ kind, path }) => `${kind} ${path}`).sort(),
      leftOut: leftOut.map(({ path, why }) => `${path} ${why}`).sort(),
    };
  }

  describe("with new files separate from others", () => {
    before(() => untrackedChanges("separate"));
    after(() => untrackedChanges(undefined));

    it("include them, unless only staged files are wanted", async () => {
      await write(root, { "a.ts": "edited\n", "new.ts": "new\n", "folder/new.ts": "new\n" });
      assert.deepEqual((await built()).files, ["added folder/new.ts", "added new.ts", "modified a.ts"]);
      await git(root, "add", "a.ts");
      assert.deepEqual((await built({ kind: "staged" })).files, ["modified a.ts"]);
    });

    it("do not, in a remote window, and say so", async () => {
      await write(root, { "new.ts": "new\n" });
      mock.method(vscode.extensions, "getExtension", () => undefined);
      assert.equal(await chooseChanges(UNCOMMITTED, { root: uri }), null);
      assert.deepEqual(shown, [
        "In a remote window, new files are sent only once they are staged, or if the setting git.untrackedChanges is “mixed”.",
      ]);
    });
  });

  it("leave out files with a merge conflict, also with unsaved edits, and say so", async () => {
    await git(root, "switch", "--quiet", "--create", "topic");
    await commit(root, { "a.ts": "on topic\n", "b.ts": "on topic\n" });
    await git(root, "switch", "--quiet", "main");
    await commit(root, { "a.ts": "on main\n" });
    await assert.rejects(git(root, "merge", "topic"));
    const own = new vscode.WorkspaceEdit();
    own.insert(at("a.ts"), new vscode.Position(0, 0), "unsaved\n");
    await vscode.workspace.applyEdit(own);
    for (const wanted of [UNCOMMITTED, { kind: "staged" } as const])
      assert.deepEqual(await built(wanted), { files: ["added b.ts"], leftOut: ["a.ts conflict"] });
    await git(root, "reset", "--quiet", "--", "b.ts");
    await rm(join(root, "b.ts"));
    assert.equal(await chooseChanges(UNCOMMITTED, { root: uri }), null);
    assert.deepEqual(shown, ["a.ts cannot be sent: it has a merge conflict."]);
  });

  it("leave out edited, moved and deleted files in Git LFS, and say so; new ones are sent with their content", async () => {
    await commit(root, { "edited.psd": POINTER, "moved.psd": `${POINTER}\n`, "gone.psd": POINTER });
    await git(root, "mv", "moved.psd", "to.psd");
    await write(root, { "edited.psd": "content", "to.psd": "content", "new.psd": "content" });
    await rm(join(root, "gone.psd"));
    const { files, leftOut } = await built();
    assert.deepEqual(files, ["added new.psd"]);
    assert.deepEqual(leftOut, ["edited.psd lfs", "gone.psd lfs", "to.psd lfs"]);
    await rm(join(root, "new.psd"));
    assert.equal(await chooseChanges({ kind: "commit", commit: "HEAD" }, { root: uri }), null);
    assert.equal(shown.length, 1);
    const each = ["edited.psd", "gone.psd", "moved.psd"].map((path) => `${path} (it is in Git LFS)`);
    assert.equal(shown[0], `These files cannot be sent: ${each.join(", ")}`);
  });

  it("leave out notebooks with unsaved cells, and say so, until these are saved", async () => {
    await commit(root, { "a.ipynb": notebook("a"), "b.ipynb": notebook("b"), "c.ipynb": notebook("c") });
    await write(root, { "b.ipynb": notebook("saved"), "c.ipynb": notebook("saved") });
    const opened = await typeIntoCell(at("a.ipynb"), "mine");
    await typeIntoCell(at("b.ipynb"), "mine");
    await vscode.workspace.openNotebookDocument(at("c.ipynb"));
    assert.deepEqual(await built(), {
      ...{ files: ["modified c.ipynb"], leftOut: ["a.ipynb notebook", "b.ipynb notebook"] },
    });
    assert.ok(await opened.save());
    const { files, leftOut } = await built();
    assert.deepEqual(files, ["modified a.ipynb", "modified c.ipynb"]);
    assert.deepEqual(leftOut, ["b.ipynb notebook"]);
    await git(root, "checkout", "--quiet", "--", "a.ipynb", "c.ipynb");
    assert.equal(await chooseChanges(UNCOMMITTED, { root: uri }), null);
    assert.deepEqual(shown, ["b.ipynb cannot be sent: it has unsaved cells; save it first."]);
  });
});
