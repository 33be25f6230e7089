// Changes of notebooks. VS Code shows what is saved of a notebook: unsaved edits of its text would be hidden.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as vscode from "vscode";
import type { ChangedFile } from "../../../extension/core/changes/buildChanges.ts";
import { eventually } from "../driver/eventually.ts";
import { BASE, edit, notebook, OpenProject, text, THEIRS, typeIntoCell } from "./openProject.ts";
import { watchFolder } from "./watchFolder.ts";

const [WAS, IS] = [notebook("before"), notebook("after")];
const editNotebook = (path: string): ChangedFile => ({ was: text(path, WAS), is: text(path, IS) });

describe("Changes of a notebook that someone has sent", () => {
  const project = new OpenProject();
  const { write, open, uri, onDisk, apply, shown } = project;
  const UNSAVED = "the notebook has unsaved edits; save it first";
  let listed: string[];
  let watch: vscode.Disposable;

  beforeEach(async () => {
    watch = await watchFolder(project.root);
    listed = [];
    project.onBases = (paths) => new Map(paths.map((path) => [path, path.endsWith(".ipynb") ? WAS : BASE]));
    project.onDialog = (_title, detail, actions) => {
      listed.push(`${detail} [${actions.join()}]`);
      return "Apply the Rest";
    };
  });

  afterEach(() => {
    watch.dispose();
  });

  const show = async (path: string): Promise<void> => {
    await vscode.window.showNotebookDocument(await vscode.workspace.openNotebookDocument(uri(path)));
  };
  /** In its editor, without unsaved edits. */
  const shows = async (path: string, source: string): Promise<void> => {
    await eventually(`${path} with ${source}`, () => {
      const editors = vscode.window.visibleNotebookEditors.map((editor) => editor.notebook);
      const own = editors.find((each) => each.uri.toString() === uri(path).toString());
      return Promise.resolve(own?.isDirty === false && own.cellAt(0).document.getText() === source);
    });
  };

  it("are saved and shown in its editor", async () => {
    await write("a.ipynb", WAS);
    await show("a.ipynb");
    await apply(editNotebook("a.ipynb"));
    assert.equal(await onDisk("a.ipynb"), IS);
    await shows("a.ipynb", "after");
    assert.deepEqual(shown, ["Changed 1 file."]);
  });

  it("are saved and shown where it moves", async () => {
    await write("a.ipynb", WAS);
    await show("a.ipynb");
    await apply({ was: text("a.ipynb", WAS), is: text("to/a.ipynb", IS) });
    assert.equal(await onDisk("to/a.ipynb"), IS);
    await shows("to/a.ipynb", "after");
  });

  it("are saved where no editor shows it, and undone with the notification", async () => {
    await write("a.ipynb", WAS);
    let applied = "";
    project.onInfo = (said, [undo]) => {
      shown.push(said);
      if (undo !== undefined) applied = readFileSync(uri("a.ipynb").fsPath, "utf8");
      return undo;
    };
    await apply(editNotebook("a.ipynb"));
    assert.equal(applied, IS);
    assert.deepEqual(shown, ["Changed 1 file.", "The changes were undone."]);
    assert.equal(await onDisk("a.ipynb"), WAS);
  });

  it("are refused where it has unsaved cells, also if these come while the user is asked", async () => {
    for (const path of ["a.ipynb", "gone.ipynb", "moved.ipynb", "later.ipynb"]) await write(path, WAS);
    await write("a.ts", BASE);
    for (const path of ["a.ipynb", "gone.ipynb", "moved.ipynb"]) await typeIntoCell(uri(path), "mine");
    await write("package.json", BASE);
    project.onPick = async () => {
      if (listed.length === 1) await typeIntoCell(uri("later.ipynb"), "mine");
      return [];
    };
    await apply(
      editNotebook("a.ipynb"),
      { was: text("gone.ipynb", WAS), is: null },
      { was: text("moved.ipynb", WAS), is: text("to.ipynb", IS) },
      ...[editNotebook("later.ipynb"), edit("a.ts"), edit("package.json")],
    );
    const refused = ["a.ipynb", "gone.ipynb", "to.ipynb"].map((path) => `${path}: ${UNSAVED}`);
    assert.deepEqual(listed, [
      `${refused.join("\n")} [Apply the Rest]`,
      `${[...refused, `later.ipynb: ${UNSAVED}`].join("\n")} [Apply the Rest]`,
    ]);
    assert.equal((await open("a.ts")).getText(), THEIRS);
    for (const path of ["a.ipynb", "gone.ipynb", "moved.ipynb", "later.ipynb"])
      assert.equal(await onDisk(path), WAS);
  });

  it("get no conflict markers, with which it could not be opened", async () => {
    await write("a.ipynb", notebook("mine"));
    await apply(editNotebook("a.ipynb"));
    assert.deepEqual(listed, ["a.ipynb: 1 conflict with your own edits []"]);
  });

  it("stay unsaved where a text editor shows it", async () => {
    await write("a.ipynb", WAS);
    const document = await open("a.ipynb");
    await vscode.window.showTextDocument(document);
    await apply(editNotebook("a.ipynb"));
    assert.equal(document.getText(), IS);
    assert.ok(document.isDirty);
    assert.deepEqual(shown, ["Changed 1 file. Edited files are not saved yet."]);
  });
});
