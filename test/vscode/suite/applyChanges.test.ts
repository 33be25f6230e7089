// Changes that someone has sent are applied in a real VS Code: to files on disk and to edited ones, in their encoding.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { mock } from "node:test";
import * as vscode from "vscode";
import type { FileSide } from "../../../extension/core/changes/buildChanges.ts";
import { autoSave, BASE, binary, BYTES, edit, OpenProject, text, THEIRS } from "./openProject.ts";

describe("Changes that someone has sent", () => {
  const project = new OpenProject();
  const { write, type, open, onDisk, isThere, apply, shown, applied } = project;

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
    project.onBases = () => new Map([["a.ts", BASE]]);
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
    assert.deepEqual(await readFile(join(project.root, "picture.png")), Buffer.from([0, 1]));
    assert.deepEqual(shown, ["Changed 4 files. Edited files are not saved yet."]);
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
      project.onBases = () => new Map([["a.ts", BASE]]);
      project.onDialog = (_, detail) => {
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
});
