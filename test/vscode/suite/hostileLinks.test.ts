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
import { PageActions } from "../../../extension/host/panel/pageActions.ts";
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
    await writeFile(join(base, "outside/secret.txt"), "a secret here\n");
    await writeFile(join(base, "work/src/a.txt"), "the first line\n");
    await symlink(join(base, "outside/secret.txt"), join(base, "work/link.txt"));
    await symlink(join(base, "outside"), join(base, "work/dir"));
    folder = vscode.Uri.file(join(base, "work"));
  });
  after(async () => {
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await rm(base, { recursive: true, force: true });
  });

  beforeEach(() => {
    asked.length = 0;
    files = ["src/a.txt"];
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
    assert.equal(await opened("src/a.txt"), "/src/a.txt");
    assert.equal(await opened(`${folder.path}/src/a.txt`), "/src/a.txt");
    assert.equal(await opened("/home/bob/shop/src/a.txt"), "/src/a.txt");
    assert.deepEqual(asked, []);
  });

  it("are opened after a question where they only have the same name", async () => {
    for (const path of [
      "/etc/a.txt",
      "C:\\Users\\bob\\a.txt",
      "\\\\host\\share\\a.txt",
      "lib/a.txt",
      "file:///x/a.txt",
    ]) {
      assert.equal(await opened(path), undefined, path);
      assert.equal(asked.length, 1, path);
      assert.match(asked[0]?.[0] ?? "", /isn't in the open folders/);
      asked.length = 0;
    }
  });

  it("are never outside of the open folders", async () => {
    files = ["link.txt", "dir/secret.txt"];
    const outside = join(base, "outside/secret.txt");
    for (const path of [
      "link.txt",
      "dir/secret.txt",
      "../outside/secret.txt",
      outside,
      `file://${outside}`,
      "%2e%2e/outside/secret.txt",
    ])
      assert.deepEqual((await filesOf({ path })).files, [], path);
    for (const path of ["link.txt", "dir/secret.txt"]) assert.deepEqual(await openFiles(placesOf(path)), []);
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
    assert.deepEqual(await tell("src/a.txt"), ["user/say"]);
    assert.deepEqual(await tell("link.txt"), ["host/askWhere"]);
    assert.deepEqual(await tell("dir/secret.txt"), ["host/askWhere"]);
  });
});

describe("Code of others that is inserted", () => {
  const HIDDEN = "if (\u2066admin\u2069) ad\u200bmin();\u001b[2K";
  let editor: vscode.TextEditor;
  let answer: string | undefined;
  const questions: string[] = [];

  before(async () => {
    editor = await vscode.window.showTextDocument(await vscode.workspace.openTextDocument());
  });
  after(() => vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor"));

  beforeEach(() => {
    questions.length = 0;
    mock.method(vscode.window, "showWarningMessage", (text: string) => {
      questions.push(text);
      return Promise.resolve(answer);
    });
  });
  afterEach(() => mock.restoreAll());

  const inserted = async (text: string, chosen?: string): Promise<string> => {
    answer = chosen;
    const whole = new vscode.Range(0, 0, editor.document.lineCount, 0);
    await editor.edit((edit) => edit.replace(whole, ""));
    const unused = new vscode.EventEmitter<string>();
    const actions = new PageActions(
      { state: withBobby, onChange: () => ({ dispose: () => undefined }) } as never,
      {} as never,
      { onStale: unused.event } as never,
    );
    const changed = new Promise((resolve) => vscode.workspace.onDidChangeTextDocument(resolve));
    actions.insertCode(text);
    const isDeclined = chosen === undefined && text === HIDDEN;
    await (isDeclined ? new Promise((resolve) => setImmediate(resolve)) : changed);
    actions.dispose();
    return editor.document.getText();
  };

  it("is inserted as it is, if all of it can be seen", async () => {
    assert.equal(await inserted("größe 👨‍👩‍👧"), "größe 👨‍👩‍👧");
    assert.deepEqual(questions, []);
  });

  it("is inserted after a question, with or without what is hidden", async () => {
    assert.equal(await inserted(HIDDEN), "");
    assert.equal(await inserted(HIDDEN, "Insert Without Them"), "if (admin) admin();[2K");
    assert.equal(await inserted(HIDDEN, "Insert All"), HIDDEN);
    assert.equal(questions.length, 3);
  });
});
