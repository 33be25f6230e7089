// Applied changes are undone at once: in an editor, or with the button of the notification where no editor can.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { mock } from "node:test";
import * as vscode from "vscode";
import type { ChangedFile } from "../../../extension/core/changes/buildChanges.ts";
import { eventually } from "../driver/eventually.ts";
import { BASE, binary, BYTES, edit, OpenProject, text, THEIRS } from "./openProject.ts";

describe("Changes that someone has sent", () => {
  const project = new OpenProject();
  const { write, open, onDisk, isThere, apply, shown, applied } = project;

  describe("are undone with one undo", () => {
    const pictures = [1, 2, 3, 4].map((n) => Uint8Array.of(0, 255, n));
    const [one, two, three, four] = pictures as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
    const all = async (): Promise<Record<string, string>> => {
      const paths = await readdir(project.root, { recursive: true, withFileTypes: true });
      const files = paths.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
      const contents: Record<string, string> = {};
      for (const file of files.sort())
        contents[file.slice(project.root.length + 1)] = await readFile(file, "latin1");
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

  describe("no longer count as applied when they are undone in an editor", () => {
    const run = async (
      command: "undo" | "redo",
      path: string,
      expected: readonly string[],
    ): Promise<void> => {
      await vscode.window.showTextDocument(await open(path));
      await vscode.commands.executeCommand(command);
      const isDone = () => Promise.resolve(applied.join() === expected.join());
      await eventually(`${command} in ${path}`, isDone, 5_000);
    };

    it("and count again when they are redone", async () => {
      for (const path of ["a.ts", "b.ts"]) await write(path, BASE);
      await apply(edit("a.ts"), edit("b.ts"));
      assert.deepEqual(applied, ["all"]);
      await run("undo", "a.ts", ["all", "none"]);
      await run("redo", "b.ts", ["all", "none", "all"]);
    });

    it("except while one of the files has them", async () => {
      for (const path of ["a.ts", "b.ts"]) await write(path, BASE);
      await apply(edit("a.ts"), edit("b.ts"));
      /** Leaves the former text in this file alone. */
      const undoAlone = async (path: string, expected: readonly string[]): Promise<void> => {
        const own = new vscode.WorkspaceEdit();
        own.replace(project.uri(path), new vscode.Range(0, 0, 1_000, 0), BASE);
        assert.ok(await vscode.workspace.applyEdit(own));
        await project.type(path, "mine\n");
        await run("undo", path, expected);
        await eventually("the former text", async () => (await open(path)).getText() === BASE);
        assert.deepEqual(applied, expected);
      };
      await undoAlone("a.ts", ["all"]);
      await undoAlone("b.ts", ["all", "none"]);
    });

    it("except while the user's own edits are undone", async () => {
      await write("a.ts", BASE);
      await apply(edit("a.ts"));
      await project.type("a.ts", "mine\n");
      await vscode.window.showTextDocument(await open("a.ts"));
      await vscode.commands.executeCommand("undo");
      const document = await open("a.ts");
      assert.equal(document.getText(), THEIRS);
      await run("undo", "a.ts", ["all", "none"]);
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
        assert.deepEqual(new Uint8Array(await readFile(join(project.root, "icon.png"))), Uint8Array.of(0, 1));
        assert.deepEqual(await Promise.all(["gone.ts", "new.png", "moved/new.ts"].map(isThere)), [
          false,
          true,
          true,
        ]);
      });
      assert.equal(shown.at(-1), "The changes were undone.");
      assert.deepEqual(applied, ["all", "none"]);
      assert.deepEqual(new Uint8Array(await readFile(join(project.root, "icon.png"))), BYTES);
      assert.deepEqual([await onDisk("gone.ts"), await onDisk("old.ts")], [BASE, BASE]);
      assert.deepEqual(await Promise.all(["new.png", "moved/new.ts"].map(isThere)), [false, false]);
    });

    it("stay if one of the files has changed since", async () => {
      await undoneAfter(() => write("new.png", Uint8Array.of(0, 1, 2, 3)));
      assert.equal(shown.at(-1), "These files have changed since. Nothing was undone.");
      assert.deepEqual(applied, ["all"]);
      assert.deepEqual(new Uint8Array(await readFile(join(project.root, "icon.png"))), Uint8Array.of(0, 1));
      assert.equal(await isThere("gone.ts"), false);
    });

    it("have no such button if an editor can", async () => {
      await write("a.ts", BASE);
      project.onInfo = (said, actions) => {
        shown.push(said);
        assert.deepEqual(actions, []);
        return undefined;
      };
      await apply(...changes, edit("a.ts"));
      assert.match(shown.join(), /^Changed 5 files/u);
    });
  });
});
