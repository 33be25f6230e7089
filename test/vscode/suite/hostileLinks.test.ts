// Links, cards and answers about files: which files of the open folders they reach, and when the user is asked.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { mock } from "node:test";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as vscode from "vscode";
import { FileOpener } from "../../../extension/host/code/fileOpener.ts";
import { clonesOf } from "../../../extension/host/code/repositories.ts";
import { WhereIAm } from "../../../extension/host/code/whereIAm.ts";
import { filesOf, openFiles, placesOf } from "../../../extension/host/code/workspaceFiles.ts";
import type { CoreEvent } from "../../../extension/core/model/events.ts";
import { sessionNumber } from "../../../extension/core/model/session.ts";
import { withBobby } from "../../support/core.ts";

describe("Files that others name", () => {
  let base: string;
  let folder: vscode.Uri;
  const asked: string[][] = [];
  let files: string[] = [];

  before(async () => {
    base = await mkdtemp(join(tmpdir(), "fork-chat-links-"));
    await mkdir(join(base, "work/src"), { recursive: true });
    await mkdir(join(base, "outside"));
    await writeFile(join(base, "outside/secret.ts"), "const secret = 1;\n");
    await writeFile(join(base, "work/src/a.ts"), "const first = 1;\n");
    await symlink(join(base, "outside/secret.ts"), join(base, "work/link.ts"));
    await symlink(join(base, "outside"), join(base, "work/dir"));
    folder = vscode.Uri.file(join(base, "work"));
  });
  after(async () => {
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await rm(base, { recursive: true, force: true });
  });

  beforeEach(() => {
    asked.length = 0;
    files = ["src/a.ts"];
    const open = { uri: folder, name: "work", index: 0 };
    mock.getter(vscode.workspace, "workspaceFolders", () => [open]);
    mock.method(vscode.workspace, "getWorkspaceFolder", ({ scheme, path }: vscode.Uri) =>
      scheme === "file" && path.startsWith(`${folder.path}/`) ? open : undefined,
    );
    mock.method(vscode.workspace, "findFiles", () =>
      Promise.resolve(files.map((path) => vscode.Uri.joinPath(folder, path))),
    );
    mock.method(
      vscode.window,
      "showQuickPick",
      (items: { label: string }[], { title }: { title: string }) => {
        asked.push([title, ...items.map(({ label }) => label)]);
        return Promise.resolve(undefined);
      },
    );
    mock.method(vscode.window, "showInformationMessage", () => Promise.resolve(undefined));
  });
  afterEach(() => mock.restoreAll());

  const opened = async (path: string): Promise<string | undefined> => {
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await new FileOpener(() => vscode.ViewColumn.One).open({ path, line: 1 });
    return vscode.window.activeTextEditor?.document.uri.path.slice(folder.path.length);
  };

  it("are opened where the path is certain", async () => {
    assert.equal(await opened("src/a.ts"), "/src/a.ts");
    assert.equal(await opened(`${folder.path}/src/a.ts`), "/src/a.ts");
    assert.equal(await opened("/home/bob/shop/src/a.ts"), "/src/a.ts");
    assert.deepEqual(asked, []);
  });

  it("are opened after a question where they only have the same name", async () => {
    for (const path of [
      "/etc/a.ts",
      "C:\\Users\\bob\\a.ts",
      "\\\\host\\share\\a.ts",
      "lib/a.ts",
      "file:///x/a.ts",
    ]) {
      assert.equal(await opened(path), undefined, path);
      assert.equal(asked.length, 1, path);
      assert.match(asked[0]?.[0] ?? "", /isn't in the open folders/);
      asked.length = 0;
    }
  });

  it("are never outside of the open folders", async () => {
    files = ["link.ts", "dir/secret.ts"];
    const outside = join(base, "outside/secret.ts");
    for (const path of [
      "link.ts",
      "dir/secret.ts",
      "../outside/secret.ts",
      outside,
      `file://${outside}`,
      "%2e%2e/outside/secret.ts",
    ])
      assert.deepEqual((await filesOf({ path })).files, [], path);
    for (const path of ["link.ts", "dir/secret.ts"]) assert.deepEqual(await openFiles(placesOf(path)), []);
  });

  it("are no files on another machine", async () => {
    await writeFile(join(base, "work/.git"), "gitdir: //host/share/repository\n");
    assert.deepEqual(await clonesOf("github.com/a/b"), []);
    await rm(join(base, "work/.git"));
  });

  it("are not told to a peer without a question, if they are links to elsewhere", async () => {
    const events: CoreEvent[] = [];
    const tell = async (path: string): Promise<string[]> => {
      events.length = 0;
      const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder, path));
      const editor = await vscode.window.showTextDocument(document);
      const where = new WhereIAm({
        store: {
          state: withBobby,
          dispatch: (event) => void events.push(event),
          request: (event: (request: number) => CoreEvent) => {
            events.push(event(1));
            return Promise.resolve({ ok: true as const });
          },
        },
        editors: { current: editor },
        questions: { mayShare: () => Promise.resolve(true) },
      });
      await where.sendUnasked(sessionNumber(1));
      return events.map((event) => event.type);
    };
    assert.deepEqual(await tell("src/a.ts"), ["user/say"]);
    assert.deepEqual(await tell("link.ts"), ["host/askWhere"]);
    assert.deepEqual(await tell("dir/secret.ts"), ["host/askWhere"]);
  });
});
