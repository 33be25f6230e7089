// Changes of a real repository, as VS Code's own git extension reports them.
import assert from "node:assert/strict";
import { mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mock } from "node:test";
import * as vscode from "vscode";
import type { FileChange } from "../../../protocol/changes.ts";
import { patchOf } from "../../../extension/core/changes/patch.ts";
import { changesIn } from "../../../extension/host/changes/changeBuilder.ts";
import { chooseChanges } from "../../../extension/host/changes/changePicker.ts";
import { ChangeSender } from "../../../extension/host/changes/changeSender.ts";
import type { CoreEvent } from "../../../extension/core/model/events.ts";
import { sessionNumber } from "../../../extension/core/model/session.ts";
import { openRepositories } from "../../../extension/host/changes/gitApi.ts";
import { withBobby } from "../../support/core.ts";
import { commit, git, write } from "../../support/gitRepository.ts";
import { hashOf } from "../../support/fileIds.ts";
import { autoSave } from "./openProject.ts";

const LINES = Array.from({ length: 12 }, (_, i) => `line ${i}\n`).join("");

describe("The changes of a repository", () => {
  let root: string;
  let uri: vscode.Uri;

  before(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), "fork-chat-changes-")));
    uri = vscode.Uri.file(root);
    await git(root, "init", "--quiet", "--initial-branch", "main");
    await commit(root, { "a.ts": LINES, "moved.ts": LINES.replaceAll("line", "row"), "gone.ts": "gone\n" });
    await vscode.commands.executeCommand("git.openRepository", root);
    await autoSave("off");
  });
  afterEach(() => mock.restoreAll());
  after(async () => {
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await autoSave(undefined);
    await rm(root, { recursive: true });
  });

  /** The git extension reads the repository's state again. */
  const refresh = (): Thenable<void> => vscode.commands.executeCommand("git.refresh", uri);
  const at = (path: string): vscode.Uri => vscode.Uri.joinPath(uri, path);
  const listed = (files: readonly FileChange[]) =>
    files.map((file) => `${file.kind} ${"oldPath" in file ? `${file.oldPath} ` : ""}${file.path}`).sort();
  async function built(
    ...wanted: Parameters<typeof changesIn> extends [unknown, infer Wanted] ? [Wanted] : never
  ) {
    const changes = await changesIn(uri, ...wanted);
    assert.ok(changes.ok, JSON.stringify(changes));
    return changes.value;
  }

  it("are those of an open repository", async () => {
    assert.ok((await openRepositories())?.some((each) => each.path === root));
  });

  it("are new, edited, moved and deleted files, with unsaved edits", async () => {
    await write(root, { "new.ts": "new\n" });
    await rm(join(root, "gone.ts"));
    await git(root, "mv", "moved.ts", "to.ts");
    await symlink("a.ts", join(root, "link"));
    const document = await vscode.workspace.openTextDocument(at("a.ts"));
    const own = new vscode.WorkspaceEdit();
    own.insert(at("a.ts"), new vscode.Position(0, 0), "unsaved\n");
    await vscode.workspace.applyEdit(own);
    await refresh();
    const { salt, files, leftOut } = await built({ kind: "uncommitted" });
    assert.deepEqual(listed(files), [
      "added new.ts",
      "deleted gone.ts",
      "modified a.ts",
      "renamed moved.ts to.ts",
    ]);
    assert.deepEqual(leftOut, [{ path: "link", why: "other" }]);
    assert.match(patchOf({ salt, files: [...files] }).text, /^\+unsaved$/m);
    assert.ok(document.getText().startsWith("unsaved"));
    await rm(join(root, "link"));
  });

  it("are only what is staged, if that is wanted", async () => {
    assert.deepEqual(listed((await built({ kind: "staged" })).files), ["renamed moved.ts to.ts"]);
  });

  it("are those of a commit, or of a branch since it left another", async () => {
    // `saveAll` skips a document that has no editor yet.
    assert.ok(await (await vscode.workspace.openTextDocument(at("a.ts"))).save());
    await git(root, "switch", "--quiet", "--create", "topic");
    await commit(root, { "a.ts": "on topic\n" });
    await commit(root, { "second.ts": "second\n" });
    await git(root, "switch", "--quiet", "main");
    await commit(root, { "other.ts": "other\n" });
    await refresh();
    assert.deepEqual(listed((await built({ kind: "commit", commit: "topic" })).files), ["added second.ts"]);
    const { files } = await built({ kind: "range", base: "main", branch: "topic" });
    assert.deepEqual(listed(files), [
      ...["added new.ts", "added second.ts", "deleted gone.ts", "modified a.ts", "renamed moved.ts to.ts"],
    ]);
    const unknown = await changesIn(uri, { kind: "commit", commit: "nowhere" });
    assert.deepEqual(unknown, { ok: false, error: "unknown" });
  });

  it("keep the line endings that are committed, and bytes that are no text", async () => {
    await writeFile(join(root, "other.ts"), "other\r\nmore\r\n");
    await writeFile(join(root, "a.ts"), Uint8Array.of(0, 1, 2));
    await refresh();
    const { files } = await built({ kind: "uncommitted" });
    const [binary, text] = [...files].sort((one, other) => (one.path < other.path ? -1 : 1));
    assert.equal(binary?.content?.as, "binary");
    assert.ok(text?.content?.as === "hunks");
    assert.deepEqual(text.content.hunks, [{ was: 0, is: 0, body: " other\n+more" }]);
  });

  it("have the encoding that is set for a file", async () => {
    const files = vscode.workspace.getConfiguration("files");
    await files.update("encoding", "windows1252", vscode.ConfigurationTarget.Global);
    try {
      await writeFile(join(root, "latin.txt"), Buffer.from("größe\n", "latin1"));
      await refresh();
      const { files: changes } = await built({ kind: "uncommitted" });
      const content = changes.find(({ path }) => path === "latin.txt")?.content;
      assert.ok(content?.as === "text");
      assert.deepEqual([content.text, content.encoding], ["größe\n", "windows1252"]);
    } finally {
      await files.update("encoding", undefined, vscode.ConfigurationTarget.Global);
    }
  });

  /** What is offered, and ends the list with what is ticked then. */
  function listOf(): Promise<{
    readonly box: vscode.QuickPick<vscode.QuickPickItem>;
    readonly accept: () => void;
  }> {
    const create = vscode.window.createQuickPick.bind(vscode.window);
    return new Promise((resolve) => {
      mock.method(vscode.window, "createQuickPick", () => {
        const box = create();
        mock.method(box, "onDidAccept", (accept: () => void) => {
          resolve({ box, accept });
          return { dispose: () => undefined };
        });
        return box;
      });
    });
  }

  it("are chosen from a list, in which files that may hold a secret are not ticked", async () => {
    await write(root, { ".env": "KEY=1\n", "package.json": "{}\n" });
    await refresh();
    const list = listOf();
    const chosen = chooseChanges({ kind: "uncommitted" });
    const { box, accept } = await list;
    const offered = box.items.map(
      ({ label, description, picked }) => `${label} ${description ?? ""} ${String(picked)}`,
    );
    assert.deepEqual(offered.sort(), [
      ".env +1 −0 · may hold a secret · changes a hidden file that programs may read false",
      "a.ts binary true",
      "latin.txt binary true",
      "other.ts +1 −0 true",
      "package.json +1 −0 · changes build scripts or packages true",
    ]);
    box.selectedItems = box.selectedItems.filter(({ label }) => label !== "latin.txt");
    accept();
    assert.deepEqual(listed((await chosen)?.set.files ?? []), [
      ...["added package.json", "modified a.ts", "modified other.ts"],
    ]);
  });

  it("are ticked as a menu has them, with the files before, also when they were saved a moment ago", async () => {
    await write(root, { "other.ts": "another\n", "later.ts": "later\n" });
    const list = listOf();
    const chosen = chooseChanges({ kind: "uncommitted" }, { files: [at("other.ts")] });
    const { box, accept } = await list;
    assert.ok(box.items.some(({ label }) => label === "later.ts"));
    assert.deepEqual(
      box.selectedItems.map(({ label }) => label),
      ["other.ts"],
    );
    accept();
    const { set, bases } = (await chosen) ?? assert.fail();
    assert.deepEqual(listed(set.files), ["modified other.ts"]);
    assert.equal(bases.get("other.ts"), "other\n");
  });

  it("come into the composer of the private session, those of a menu's group alone", async () => {
    await git(root, "add", "later.ts");
    const bodies: unknown[] = [];
    const events: CoreEvent[] = [];
    const sender = new ChangeSender({
      store: {
        state: { ...withBobby, active: sessionNumber(1) },
        dispatch: (event) => {
          events.push(event);
        },
      },
      bodies: {
        keep: (_pin, id, body) => {
          bodies.push(body);
          return Promise.resolve({ id, size: 9, sha256: hashOf(new Uint8Array()) });
        },
      },
      show: () => undefined,
    });
    const list = listOf();
    const sent = sender.send([{ id: "index", resourceStates: [{ resourceUri: at("later.ts") }] }]);
    const { box, accept } = await list;
    assert.deepEqual(
      box.items.map(({ label }) => label),
      ["later.ts"],
    );
    accept();
    await sent;
    assert.equal(bodies.length, 1);
    const [event] = events;
    assert.ok(event?.type === "user/attach" && event.attachment !== null && !("code" in event.attachment));
    assert.deepEqual(event.attachment.part.list, [
      { kind: "added", path: "later.ts", lines: { added: 1, removed: 0 } },
    ]);
  });

  describe("need", () => {
    const said: string[] = [];
    let answer: string | undefined;
    let repositories: () => Promise<unknown>;
    const ran: string[] = [];
    const execute = vscode.commands.executeCommand.bind(vscode.commands);
    beforeEach(() => {
      said.length = 0;
      ran.length = 0;
      answer = undefined;
      const say = (text: string, ...actions: string[]): Promise<string | undefined> => {
        said.push([text, ...actions].join("|"));
        return Promise.resolve(answer);
      };
      mock.method(vscode.window, "showInformationMessage", say);
      mock.method(vscode.window, "showWarningMessage", say);
      mock.method(vscode.commands, "executeCommand", (command: string, ...rest: unknown[]) => {
        ran.push(command);
        if (command === "git.api.getRepositories") return repositories();
        return command === "workbench.trust.manage" ? Promise.resolve() : execute(command, ...rest);
      });
    });

    it("the Git extension", async () => {
      repositories = () => Promise.reject(new Error("not found"));
      assert.equal(await chooseChanges({ kind: "uncommitted" }), null);
      assert.deepEqual(said, ["Enable VS Code's Git extension to send changes."]);
    });

    it("an open repository", async () => {
      repositories = () => Promise.resolve([]);
      assert.equal(await chooseChanges({ kind: "uncommitted" }), null);
      assert.deepEqual(said, ["Open a folder with a Git repository to send changes."]);
    });

    it("a trusted workspace, which is offered", async () => {
      mock.getter(vscode.workspace, "isTrusted", () => false);
      answer = "Manage Workspace Trust";
      assert.equal(await chooseChanges({ kind: "uncommitted" }), null);
      assert.deepEqual(said, ["Trust this workspace to send changes.|Manage Workspace Trust"]);
      assert.deepEqual(ran, ["workbench.trust.manage"]);
    });
  });
});
