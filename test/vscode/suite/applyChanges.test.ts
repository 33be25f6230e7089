// Changes that someone has sent are applied in a real VS Code: to files on disk, to edited ones, and never half.
import assert from "node:assert/strict";
import {
  access,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  symlink,
  truncate,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { mock } from "node:test";
import * as v from "valibot";
import * as vscode from "vscode";
import { Token } from "../../../protocol/fields.ts";
import {
  buildChanges,
  type ChangedFile,
  type FileSide,
} from "../../../extension/core/changes/buildChanges.ts";
import { applyChanges } from "../../../extension/host/changes/changeApplier.ts";
import { ReadOnlyDocuments } from "../../../extension/host/vscode/readOnlyDocuments.ts";
import { eventually } from "../driver/eventually.ts";

const SALT = v.parse(Token, "A".repeat(22));
const BASE = Array.from({ length: 20 }, (_, i) => `line ${i}\n`).join("");
const THEIRS = BASE.replace("line 10\n", "their line\n");
const BYTES = Uint8Array.of(0, 255, 254);

const text = (path: string, of: string): FileSide => ({
  path,
  mode: "100644",
  text: of,
  encoding: "utf8",
  bom: false,
});
const binary = (path: string, bytes: Uint8Array): FileSide => ({ path, mode: "100644", bytes });
const edit = (path: string): ChangedFile => ({ was: text(path, BASE), is: text(path, THEIRS) });

describe("Changes that someone has sent", () => {
  let root: string;
  let isTrusted: boolean;
  const shown: string[] = [];
  let onDialog: (title: string, detail: string, actions: readonly string[]) => string | undefined;
  let onPick: (items: readonly vscode.QuickPickItem[]) => unknown;
  /** For the peer, in milliseconds. */
  let waited: number;
  let onInfo: (said: string, actions: readonly string[]) => string | undefined;
  /** What was said to have been applied. */
  const applied: string[] = [];
  let onBases: (paths: readonly string[]) => ReadonlyMap<string, string>;

  const uri = (path: string): vscode.Uri => vscode.Uri.file(join(root, path));
  const write = async (path: string, content: string | Uint8Array): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  };
  const onDisk = (path: string): Promise<string> => readFile(join(root, path), "utf8");
  const isThere = (path: string): Promise<boolean> =>
    access(join(root, path)).then(
      () => true,
      () => false,
    );
  const open = (path: string): Thenable<vscode.TextDocument> => vscode.workspace.openTextDocument(uri(path));
  const type = async (path: string, words: string): Promise<void> => {
    const own = new vscode.WorkspaceEdit();
    own.insert(uri(path), new vscode.Position(0, 0), words);
    assert.ok(await vscode.workspace.applyEdit(own));
  };
  async function apply(...files: readonly ChangedFile[]): Promise<void> {
    const built = buildChanges(SALT, files);
    assert.ok(built.ok);
    const bases = (paths: readonly string[]) => Promise.resolve(onBases(paths));
    const onApplied = (which: string): unknown => applied.push(which);
    await applyChanges({ set: built.value, from: "anna", bases, waited: () => waited, onApplied });
  }

  // It is on in the web host.
  const autoSave = (value: string | undefined): Thenable<void> =>
    vscode.workspace.getConfiguration("files").update("autoSave", value, vscode.ConfigurationTarget.Global);
  let documents: ReadOnlyDocuments;
  before(async () => {
    documents = new ReadOnlyDocuments();
    await autoSave("off");
  });
  after(async () => {
    documents.dispose();
    await autoSave(undefined);
  });

  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), "fork-chat-apply-")));
    isTrusted = true;
    shown.length = 0;
    applied.length = 0;
    onDialog = (title) => assert.fail(title);
    onPick = (items) => assert.fail(items.map(({ label }) => label).join());
    onBases = () => new Map();
    waited = 0;
    onInfo = (said) => {
      shown.push(said);
      return undefined;
    };
    const folder = { uri: vscode.Uri.file(root), name: "project", index: 0 };
    // The suite runs without a folder.
    mock.getter(vscode.workspace, "workspaceFolders", () => [folder]);
    mock.getter(vscode.workspace, "isTrusted", () => isTrusted);
    mock.method(vscode.window, "showInformationMessage", (said: string, ...actions: string[]) =>
      Promise.resolve(onInfo(said, actions)),
    );
    mock.method(
      vscode.window,
      "showWarningMessage",
      (said: string, options: vscode.MessageOptions | string, ...actions: string[]) => {
        if (typeof options === "object")
          return Promise.resolve(onDialog(said, options.detail ?? "", actions));
        shown.push(said);
        return Promise.resolve(undefined);
      },
    );
    mock.method(vscode.window, "showQuickPick", (items: readonly vscode.QuickPickItem[]) =>
      Promise.resolve(onPick(items)),
    );
  });
  afterEach(async () => {
    mock.restoreAll();
    for (const document of vscode.workspace.textDocuments) {
      if (!document.isDirty) continue;
      await vscode.window.showTextDocument(document);
      await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    }
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await rm(root, { recursive: true });
  });

  it("are written into the buffer of a file, which stays unsaved, and undone with one undo", async () => {
    await write("a.ts", BASE);
    const document = await open("a.ts");
    await vscode.window.showTextDocument(document);
    await type("a.ts", "mine\n");
    await apply(edit("a.ts"));
    assert.equal(document.getText(), `mine\n${THEIRS}`);
    assert.ok(document.isDirty);
    assert.equal(await onDisk("a.ts"), BASE);
    assert.deepEqual(shown, ["Changed 1 file. Edited files are not saved yet."]);
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand("undo");
    assert.equal(document.getText(), `mine\n${BASE}`);
  });

  it("are not said to stay unsaved where VS Code saves by itself, or no text was edited", async () => {
    await write("a.ts", BASE);
    await apply({ was: null, is: text("new.ts", "new\n") });
    await autoSave("afterDelay");
    try {
      await apply(edit("a.ts"));
    } finally {
      await autoSave("off");
    }
    assert.deepEqual(shown, ["Changed 1 file.", "Changed 1 file."]);
  });

  it("are said to be there when they are applied twice", async () => {
    await write("a.ts", BASE);
    await apply(edit("a.ts"));
    await apply(edit("a.ts"));
    assert.equal(shown.at(-1), "You already have these changes.");
    assert.deepEqual(applied, ["all"]);
    assert.equal((await open("a.ts")).getText(), THEIRS);
  });

  it("keep CRLF, and change only the lines that differ", async () => {
    await write("a.ts", BASE.replaceAll("\n", "\r\n"));
    const document = await open("a.ts");
    const edits: string[] = [];
    const listener = vscode.workspace.onDidChangeTextDocument(({ document: changed, contentChanges }) => {
      if (changed === document) edits.push(...contentChanges.map((change) => change.text));
    });
    await apply(edit("a.ts"));
    listener.dispose();
    assert.equal(document.getText(), THEIRS.replaceAll("\n", "\r\n"));
    assert.deepEqual(edits, ["their line\r\n"]);
  });

  it("change the line endings where the change is about these", async () => {
    onBases = () => new Map([["a.ts", BASE]]);
    await write("a.ts", BASE);
    await apply({ was: text("a.ts", BASE), is: text("a.ts", THEIRS.replaceAll("\n", "\r\n")) });
    const document = await open("a.ts");
    assert.equal(document.eol, vscode.EndOfLine.CRLF);
    assert.equal(document.getText(), THEIRS.replaceAll("\n", "\r\n"));
  });

  it("create, delete and move files", async () => {
    for (const path of ["old.ts", "moved.ts"]) await write(path, BASE);
    await write("picture.png", BYTES);
    await type("moved.ts", "mine\n");
    await apply(
      ...[
        { was: null, is: text("new/folder/a.ts", "\ufeffnew\r\n") },
        { was: text("old.ts", BASE), is: null },
        { was: text("moved.ts", BASE), is: text("to/moved.ts", THEIRS) },
        { was: binary("picture.png", BYTES), is: binary("picture.png", Uint8Array.of(0, 1)) },
      ],
    );
    assert.equal(await onDisk("new/folder/a.ts"), "\ufeffnew\r\n");
    assert.deepEqual(await Promise.all(["old.ts", "moved.ts"].map(isThere)), [false, false]);
    assert.equal((await open("to/moved.ts")).getText(), `mine\n${THEIRS}`);
    assert.equal(await onDisk("to/moved.ts"), BASE);
    assert.deepEqual(await readFile(join(root, "picture.png")), Buffer.from([0, 1]));
    assert.deepEqual(shown, ["Changed 4 files. Edited files are not saved yet."]);
  });

  describe("are undone with one undo", () => {
    const pictures = [1, 2, 3, 4].map((n) => Uint8Array.of(0, 255, n));
    const [one, two, three, four] = pictures as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
    const all = async (): Promise<Record<string, string>> => {
      const paths = await readdir(root, { recursive: true, withFileTypes: true });
      const files = paths.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
      const contents: Record<string, string> = {};
      for (const file of files.sort()) contents[file.slice(root.length + 1)] = await readFile(file, "latin1");
      return contents;
    };
    const isBack = async (path: string, before: Record<string, string>): Promise<void> => {
      const document = await open(path);
      await vscode.window.showTextDocument(document);
      await vscode.commands.executeCommand("undo");
      await eventually(
        "the files as they were",
        async () => {
          assert.deepEqual(await all(), before);
          return !(path in before) || document.getText() === BASE;
        },
        5_000,
      );
    };

    it("also where they replace and move binary files", async () => {
      await write("a.ts", BASE);
      await write("replaced.png", one);
      await write("moved.png", two);
      await write("from.png", three);
      const before = await all();
      await apply(
        { was: binary("replaced.png", one), is: binary("replaced.png", four) },
        { was: binary("moved.png", two), is: binary("to/moved.png", two) },
        { was: binary("from.png", three), is: binary("to/new.png", four) },
        edit("a.ts"),
      );
      assert.deepEqual(Object.keys(await all()), ["a.ts", "replaced.png", "to/moved.png", "to/new.png"]);
      await isBack("a.ts", before);
    });

    it("also where no text of a file changes, from a new file", async () => {
      await write("replaced.png", one);
      await write("gone.ts", BASE);
      const before = await all();
      await apply(
        { was: null, is: text("new.ts", BASE) },
        { was: binary("replaced.png", one), is: binary("replaced.png", four) },
        { was: text("gone.ts", BASE), is: null },
      );
      assert.deepEqual(Object.keys(await all()), ["new.ts", "replaced.png"]);
      await isBack("new.ts", before);
    });

    it("except for a file in whose place there is a folder: VS Code leaves the folder", async () => {
      for (const path of ["a.ts", "folder", "gone.ts"]) await write(path, BASE);
      await apply(
        { was: text("folder", BASE), is: null },
        { was: null, is: text("folder/new.ts", "new\n") },
        { was: text("gone.ts", BASE), is: null },
        edit("a.ts"),
      );
      assert.deepEqual(Object.keys(await all()), ["a.ts", "folder/new.ts"]);
      await isBack("a.ts", { "a.ts": BASE, "gone.ts": BASE });
    });
  });

  describe("of which no editor can undo anything", () => {
    const changes: readonly ChangedFile[] = [
      { was: binary("icon.png", BYTES), is: binary("icon.png", Uint8Array.of(0, 1)) },
      { was: null, is: binary("new.png", BYTES) },
      { was: text("gone.ts", BASE), is: null },
      { was: text("old.ts", BASE), is: text("moved/new.ts", BASE) },
    ];
    beforeEach(async () => {
      await write("icon.png", BYTES);
      await write("gone.ts", BASE);
      await write("old.ts", BASE);
    });
    /** @param meanwhile what happens before the user presses Undo */
    const undoneAfter = async (meanwhile: () => Promise<unknown>): Promise<void> => {
      mock.method(vscode.window, "showInformationMessage", async (said: string, ...actions: string[]) => {
        shown.push(said);
        if (!actions.includes("Undo")) return undefined;
        await meanwhile();
        return "Undo";
      });
      await apply(...changes);
    };

    it("are taken back with the button of the notification", async () => {
      await undoneAfter(async () => {
        assert.deepEqual(new Uint8Array(await readFile(join(root, "icon.png"))), Uint8Array.of(0, 1));
        assert.deepEqual(await Promise.all(["gone.ts", "new.png", "moved/new.ts"].map(isThere)), [
          false,
          true,
          true,
        ]);
      });
      assert.equal(shown.at(-1), "The changes were undone.");
      assert.deepEqual(applied, ["all", "none"]);
      assert.deepEqual(new Uint8Array(await readFile(join(root, "icon.png"))), BYTES);
      assert.deepEqual([await onDisk("gone.ts"), await onDisk("old.ts")], [BASE, BASE]);
      assert.deepEqual(await Promise.all(["new.png", "moved/new.ts"].map(isThere)), [false, false]);
    });

    it("stay if one of the files has changed since", async () => {
      await undoneAfter(() => write("new.png", Uint8Array.of(0, 1, 2, 3)));
      assert.equal(shown.at(-1), "These files have changed since. Nothing was undone.");
      assert.deepEqual(applied, ["all"]);
      assert.deepEqual(new Uint8Array(await readFile(join(root, "icon.png"))), Uint8Array.of(0, 1));
      assert.equal(await isThere("gone.ts"), false);
    });

    it("have no such button if an editor can", async () => {
      await write("a.ts", BASE);
      onInfo = (said, actions) => {
        shown.push(said);
        assert.deepEqual(actions, []);
        return undefined;
      };
      await apply(...changes, edit("a.ts"));
      assert.match(shown.join(), /^Changed 5 files/u);
    });
  });

  it("name the files that have changed when VS Code stops half-way", async () => {
    for (const path of ["a.ts", "b.ts", "gone.ts"]) await write(path, BASE);
    const { applyEdit } = vscode.workspace;
    mock.method(vscode.workspace, "applyEdit", async (own: vscode.WorkspaceEdit) => {
      await write("new.ts", "another program's\n");
      return applyEdit(own);
    });
    await apply({ was: text("gone.ts", BASE), is: null }, edit("a.ts"), {
      was: null,
      is: text("new.ts", "new\n"),
    });
    assert.equal(await onDisk("new.ts"), "another program's\n");
    assert.deepEqual(shown, [
      "VS Code could not apply all of the changes. Check these files, which have changed: gone.ts, a.ts, new.ts",
    ]);
  });

  it("say so when VS Code applies nothing", async () => {
    await write("a.ts", BASE);
    mock.method(vscode.workspace, "applyEdit", () => Promise.resolve(false));
    await apply(edit("a.ts"));
    assert.deepEqual(shown, ["VS Code could not apply the changes. Nothing was applied."]);
    assert.deepEqual(applied, []);
  });

  describe("in a window with several folders", () => {
    const folders = (...names: string[]): void => {
      const all = names.map((name, index) => ({ uri: uri(name), name, index }));
      mock.getter(vscode.workspace, "workspaceFolders", () => all);
    };
    beforeEach(async () => {
      for (const path of ["one/a.ts", "one/b.ts", "two/a.ts"]) await write(path, BASE);
      folders("one", "two");
    });

    it("go to the one that has most of the files, which is named", async () => {
      await apply(edit("a.ts"), edit("b.ts"));
      assert.equal((await open("one/a.ts")).getText(), THEIRS);
      assert.deepEqual(shown, ["Changed 2 files in one. Edited files are not saved yet."]);
    });

    it("ask where several have as many of them", async () => {
      onPick = (items) => {
        assert.deepEqual(
          items.map(({ label }) => label),
          ["one", "two"],
        );
        return items[1];
      };
      await apply(edit("a.ts"));
      assert.deepEqual(
        [(await open("one/a.ts")).getText(), (await open("two/a.ts")).getText()],
        [BASE, THEIRS],
      );
      assert.deepEqual(shown, ["Changed 1 file in two. Edited files are not saved yet."]);
    });
  });

  describe("that come long after Apply was pressed", () => {
    const asked: string[] = [];
    const answering = (answer: string | undefined): void => {
      asked.length = 0;
      const say = onInfo;
      onInfo = (said, actions) => {
        if (actions.length === 0) return say(said, actions);
        asked.push(`${said} ${actions.join()}`);
        return answer;
      };
    };
    const question = "The changes from anna have arrived. Apply them now? Apply";

    it("are applied only if the user still wants that, who is asked once", async () => {
      await write("a.ts", BASE);
      waited = 30_001;
      answering(undefined);
      await apply(edit("a.ts"));
      assert.deepEqual(asked, [question]);
      assert.equal((await open("a.ts")).getText(), BASE);
      answering("Apply");
      await apply(edit("a.ts"));
      assert.deepEqual(asked, [question]);
      assert.equal((await open("a.ts")).getText(), THEIRS);
    });

    it("ask as well where only the earlier versions of files have come late", async () => {
      await write("a.ts", BASE.replace("line 9\n", "my line\n"));
      onBases = () => {
        waited = 30_001;
        return new Map([["a.ts", BASE]]);
      };
      answering(undefined);
      onDialog = () => undefined;
      await apply(edit("a.ts"));
      assert.deepEqual(asked, [question]);
    });

    it("are applied at once within half a minute", async () => {
      await write("a.ts", BASE);
      waited = 30_000;
      answering(undefined);
      await apply(edit("a.ts"));
      assert.deepEqual(asked, []);
      assert.equal((await open("a.ts")).getText(), THEIRS);
    });
  });

  describe("that change an encoding", () => {
    const LATIN: Partial<FileSide> = { encoding: "windows1252" };
    let listed = "";
    const applyTo = async (is: string, what: Partial<FileSide>): Promise<void> => {
      await write("a.ts", BASE);
      await write("b.ts", BASE);
      await apply({ was: text("a.ts", BASE), is: { ...text("a.ts", is), ...what } }, edit("b.ts"));
    };
    beforeEach(() => {
      onBases = () => new Map([["a.ts", BASE]]);
      onDialog = (_, detail) => {
        listed = detail;
        return "Apply the Rest";
      };
    });

    for (const [what, change] of [
      ["alone", LATIN],
      ["to one with a byte order mark", { bom: true }],
    ] as const)
      it(`${what} say that it is left out`, async () => {
        await applyTo(BASE, change);
        assert.equal(listed, "a.ts: only the encoding would change, and yours stays");
        assert.deepEqual(shown, ["Changed 1 file. Edited files are not saved yet."]);
      });

    it("and the text say that the encoding stays", async () => {
      await applyTo(THEIRS, LATIN);
      const document = await open("a.ts");
      assert.deepEqual([document.getText(), document.encoding], [THEIRS, "utf8"]);
      assert.deepEqual(shown, [
        "Changed 2 files. Edited files are not saved yet.",
        "The encoding of these files stays as it was: a.ts",
      ]);
    });
  });

  describe("that would meet something else at a path", () => {
    let listed = "";
    beforeEach(async () => {
      await write("a.ts", BASE);
      onDialog = (_, detail) => {
        listed = detail;
        return undefined;
      };
    });
    const added = (path: string): ChangedFile => ({ was: null, is: text(path, "new\n") });

    it("do not discard what was typed into a file that is gone", async () => {
      await type("a.ts", "mine\n");
      await rm(join(root, "a.ts"));
      await apply(added("a.ts"));
      assert.equal(listed, "a.ts: you have another file at this path");
      assert.equal((await open("a.ts")).getText(), `mine\n${BASE}`);
    });

    it("write nothing below a file, and delete no other one first", async () => {
      await write("b.ts", BASE);
      await apply({ was: text("b.ts", BASE), is: null }, added("a.ts/new.ts"));
      assert.equal(listed, "a.ts/new.ts: you have another file at this path");
      assert.ok(await isThere("b.ts"));
    });

    it("say so for a folder", async () => {
      await mkdir(join(root, "folder"));
      await apply(added("folder"), edit("none.ts"));
      assert.equal(listed, "folder: you have another file at this path\nnone.ts: you do not have this file");
    });

    it("do not read a file that is larger than changes can be", async () => {
      await truncate(join(root, "a.ts"), 9 * 1024 * 1024);
      const opened = mock.method(vscode.workspace, "openTextDocument");
      const { fs } = vscode.workspace;
      const read = mock.fn(fs.readFile.bind(fs));
      mock.getter(vscode.workspace, "fs", () => ({ stat: fs.stat.bind(fs), readFile: read }));
      await apply(edit("a.ts"));
      assert.equal(listed, "a.ts: your file is too large, or cannot be read");
      const uris = [...opened.mock.calls, ...read.mock.calls].map(({ arguments: [of] }) => of);
      const ofFiles = uris.filter((of) => of instanceof vscode.Uri && of.scheme === "file");
      assert.deepEqual(ofFiles, []);
    });

    it("do not follow a link that was made while the user was asked", async () => {
      const outside = await mkdtemp(join(tmpdir(), "fork-chat-outside-"));
      onPick = async (items) => {
        if (!(await isThere("link"))) await symlink(outside, join(root, "link"));
        return items;
      };
      await apply(added("package.json"), added("link/new.ts"));
      assert.deepEqual(await readdir(outside), []);
      assert.equal(listed, "link/new.ts: symbolic links are not changed");
      await rm(outside, { recursive: true });
    });
  });

  describe("that conflict with one's own edits", () => {
    const mine = BASE.replace("line 10\n", "my line\n");
    let listed = "";

    beforeEach(async () => {
      await write("a.ts", mine);
      await write("b.ts", BASE);
      onBases = (paths) => new Map(paths.map((path) => [path, BASE]));
    });
    const choosing = (action: string | undefined): void => {
      onDialog = (title, detail) => {
        assert.equal(title, "Some changes cannot be applied");
        listed = detail;
        return action;
      };
    };

    it("are listed before anything is written, and cancelled", async () => {
      choosing(undefined);
      await apply(edit("a.ts"), edit("b.ts"), edit("gone.ts"));
      assert.equal(listed, "a.ts: 1 conflict with your own edits\ngone.ts: you do not have this file");
      assert.equal((await open("a.ts")).getText(), mine);
      assert.equal((await open("b.ts")).getText(), BASE);
      assert.deepEqual(shown, []);
    });

    it("are left out, and the rest is applied", async () => {
      choosing("Apply the Rest");
      await apply(edit("a.ts"), edit("b.ts"));
      assert.equal((await open("a.ts")).getText(), mine);
      assert.equal((await open("b.ts")).getText(), THEIRS);
      assert.deepEqual(applied, ["some"]);
    });

    it("are written with markers, where the first one opens, and named", async () => {
      choosing("Write Conflict Markers");
      await apply(edit("b.ts"), edit("a.ts"));
      const marked = "<<<<<<< your version\nmy line\n=======\ntheir line\n>>>>>>> anna\n";
      assert.equal((await open("a.ts")).getText(), BASE.replace("line 10\n", marked));
      assert.equal((await open("b.ts")).getText(), THEIRS);
      const editor = vscode.window.activeTextEditor;
      assert.ok(editor !== undefined);
      assert.equal(editor.document.uri.path, uri("a.ts").path);
      assert.deepEqual(editor.selection.active, new vscode.Position(10, 0));
      assert.deepEqual(applied, ["all"]);
      assert.deepEqual(shown, [
        "Changed 2 files. Resolve the conflicts in a.ts. Edited files are not saved yet.",
      ]);
    });

    it("open none when no markers are written", async () => {
      choosing("Apply the Rest");
      await apply(edit("a.ts"), edit("b.ts"));
      assert.equal(vscode.window.activeTextEditor, undefined);
    });

    it("are merged anew when a file changes while the user is asked", async () => {
      let asked = 0;
      choosing("Apply the Rest");
      const dialog = onDialog;
      onDialog = (...given) => {
        asked += 1;
        return dialog(...given);
      };
      onPick = async (items) => {
        if (asked === 1) await type("b.ts", "meanwhile\n");
        return items;
      };
      await write("package.json", BASE);
      await apply(edit("a.ts"), edit("b.ts"), edit("package.json"));
      assert.equal(asked, 2);
      assert.equal((await open("b.ts")).getText(), `meanwhile\n${THEIRS}`);
    });
  });

  it("can run code: such files are listed, and only chosen ones are changed", async () => {
    for (const path of ["a.ts", "package.json", ".vscode/tasks.json"]) await write(path, BASE);
    let offered: readonly vscode.QuickPickItem[] = [];
    onPick = (items) => {
      offered = items;
      return items.slice(0, 1);
    };
    await apply(edit("a.ts"), edit("package.json"), edit(".vscode/tasks.json"));
    assert.deepEqual(
      offered.map(({ label, picked }) => [label, picked]),
      [
        ["package.json", undefined],
        [".vscode/tasks.json", undefined],
      ],
    );
    assert.equal((await open("a.ts")).getText(), THEIRS);
    assert.equal((await open("package.json")).getText(), THEIRS);
    assert.equal((await open(".vscode/tasks.json")).getText(), BASE);
  });

  it("do not follow a link out of the folder", async () => {
    const outside = await mkdtemp(join(tmpdir(), "fork-chat-outside-"));
    await writeFile(join(outside, "a.ts"), BASE);
    await symlink(outside, join(root, "link"));
    let listed = "";
    onDialog = (_, detail, actions) => {
      listed = detail;
      assert.deepEqual(actions, []);
      return undefined;
    };
    await apply(edit("link/a.ts"), { was: null, is: text("link/new.ts", "new\n") });
    assert.equal(
      listed,
      "link/a.ts: symbolic links are not changed\nlink/new.ts: symbolic links are not changed",
    );
    assert.equal(await readFile(join(outside, "a.ts"), "utf8"), BASE);
    await rm(outside, { recursive: true });
  });

  it("ask for the way to trust in Restricted Mode, and write nothing", async () => {
    isTrusted = false;
    await write("a.ts", BASE);
    await apply(edit("a.ts"));
    assert.deepEqual(shown, [
      "Changes can be applied only in a trusted workspace. You can review them here.",
    ]);
    assert.equal((await open("a.ts")).getText(), BASE);
  });
});
