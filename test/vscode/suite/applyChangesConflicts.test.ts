// Changes that conflict with one's own edits: they are listed, left out, or written with markers.
import assert from "node:assert/strict";
import * as vscode from "vscode";
import { BASE, edit, OpenProject, THEIRS } from "./openProject.ts";

describe("Changes that someone has sent", () => {
  const project = new OpenProject();
  const { write, type, open, uri, apply, shown, applied } = project;

  describe("that conflict with one's own edits", () => {
    const mine = BASE.replace("line 10\n", "my line\n");
    let listed = "";

    beforeEach(async () => {
      await write("a.ts", mine);
      await write("b.ts", BASE);
      project.onBases = (paths) => new Map(paths.map((path) => [path, BASE]));
    });
    const choosing = (action: string | undefined): void => {
      project.onDialog = (title, detail) => {
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
      const dialog = project.onDialog;
      project.onDialog = (...given) => {
        asked += 1;
        return dialog(...given);
      };
      project.onPick = async (items) => {
        if (asked === 1) await type("b.ts", "meanwhile\n");
        return items;
      };
      await write("package.json", BASE);
      await apply(edit("a.ts"), edit("b.ts"), edit("package.json"));
      assert.equal(asked, 2);
      assert.equal((await open("b.ts")).getText(), `meanwhile\n${THEIRS}`);
    });
  });
});
