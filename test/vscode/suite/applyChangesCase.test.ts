// Files are renamed so that only the case of their names changes, where the file system ignores case and where it does not.
import assert from "node:assert/strict";
import { link, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { mock } from "node:test";
import * as vscode from "vscode";
import type { ChangedFile } from "../../../extension/core/changes/buildChanges.ts";
import { eventually } from "../driver/eventually.ts";
import { CASELESS, CaselessFiles } from "./caselessFiles.ts";
import { openFolders } from "./openFolders.ts";
import { BASE, binary, BYTES, OpenProject, text, THEIRS } from "./openProject.ts";

describe("Changes of the case of a name", () => {
  const project = new OpenProject();
  const { write, onDisk, apply, shown, applied } = project;
  const pathOf = (name: string): string => join(project.root, name);
  const files = async (): Promise<string[]> => {
    const all = await readdir(project.root, { recursive: true, withFileTypes: true });
    const paths = all.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
    return paths.map((path) => path.slice(project.root.length + 1)).sort();
  };
  const renamed = (was: string, is: string, content = BASE): ChangedFile => ({
    was: text(was, BASE),
    is: text(is, content),
  });
  const undo = async (uri: vscode.Uri, command: "undo" | "redo" = "undo"): Promise<void> => {
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
    await vscode.commands.executeCommand(command);
  };
  const untilThere = (...names: readonly string[]): Promise<true> =>
    eventually(names.join(), async () => (await files()).join() === names.join(), 5_000);
  let listed = "";
  beforeEach(() => {
    listed = "";
    project.onDialog = (_, detail) => {
      listed = detail;
      return undefined;
    };
  });

  describe("where the file system ignores case", () => {
    let provider: CaselessFiles;
    const at = (name: string): vscode.Uri => vscode.Uri.from({ scheme: CASELESS, path: pathOf(name) });
    before(() => {
      provider = new CaselessFiles();
    });
    after(() => {
      provider.dispose();
    });
    beforeEach(async () => {
      openFolders(at(""));
      await write("readme.md", BASE);
    });

    it("rename the file, once", async () => {
      const { ino } = await stat(pathOf("readme.md"));
      await apply(renamed("readme.md", "README.md"));
      assert.deepEqual(await files(), ["README.md"]);
      assert.equal((await stat(pathOf("README.md"))).ino, ino);
      await apply(renamed("readme.md", "README.md"));
      assert.deepEqual(shown, ["Changed 1 file.", "You already have these changes."]);
      assert.deepEqual(applied, ["all"]);
    });

    it("are taken back with the notification if no text was edited", async () => {
      await write("docs/a.md", BASE);
      mock.method(vscode.window, "showInformationMessage", async (said: string, ...actions: string[]) => {
        shown.push(said, ...(await files()));
        return actions[0];
      });
      await apply(renamed("readme.md", "README.md"), renamed("docs/a.md", "docs/A.md"), {
        was: null,
        is: text("new.md", "new\n"),
      });
      const before = ["docs/a.md", "readme.md"];
      assert.deepEqual(shown, [
        ...["Changed 3 files.", "README.md", "docs/A.md", "new.md"],
        ...["The changes were undone.", ...before],
      ]);
      assert.deepEqual(applied, ["all", "none"]);
      assert.deepEqual([await onDisk("readme.md"), await onDisk("docs/a.md")], [BASE, BASE]);
    });

    it("rename and edit it, with one undo and one redo", async () => {
      await write("other.md", BASE);
      await write("icon.png", BYTES);
      const others = Uint8Array.of(0, 1);
      await apply(renamed("readme.md", "README.md", THEIRS), renamed("other.md", "Other.md"), {
        was: binary("icon.png", BYTES),
        is: binary("Icon.png", others),
      });
      assert.deepEqual(await files(), ["Icon.png", "Other.md", "README.md"]);
      assert.deepEqual(new Uint8Array(await readFile(pathOf("Icon.png"))), others);
      const document = await vscode.workspace.openTextDocument(at("README.md"));
      assert.equal(document.getText(), THEIRS);
      assert.deepEqual(shown, ["Changed 3 files. Edited files are not saved yet."]);
      await undo(document.uri);
      await untilThere("icon.png", "other.md", "readme.md");
      assert.deepEqual(new Uint8Array(await readFile(pathOf("icon.png"))), BYTES);
      assert.deepEqual([document.getText(), applied.at(-1)], [BASE, "none"]);
      await undo(document.uri, "redo");
      await untilThere("Icon.png", "Other.md", "README.md");
      assert.deepEqual([document.getText(), applied.at(-1)], [THEIRS, "all"]);
      assert.ok(await document.save());
      assert.deepEqual(await files(), ["Icon.png", "Other.md", "README.md"]);
      assert.equal(await onDisk("README.md"), THEIRS);
    });

    it("leave the name of a folder, which has other files", async () => {
      await rm(pathOf("readme.md"));
      await write("docs/a.md", BASE);
      await write("docs/b.md", BASE);
      await apply(renamed("docs/a.md", "Docs/a.md"));
      assert.deepEqual(shown, ["You already have these changes."]);
      await apply(renamed("docs/a.md", "Docs/A.md", THEIRS));
      assert.deepEqual(await files(), ["docs/A.md", "docs/b.md"]);
      await undo(at("docs/a.md"));
      await untilThere("docs/a.md", "docs/b.md");
    });

    it("say so if the file cannot be renamed", async () => {
      provider.isFrozen = true;
      try {
        await apply(renamed("readme.md", "README.md"));
      } finally {
        provider.isFrozen = false;
      }
      assert.deepEqual(shown, ["VS Code could not apply the changes. Nothing was applied."]);
      assert.deepEqual([await files(), applied], [["readme.md"], []]);
    });
  });

  describe("where it does not (skipped except on Linux)", () => {
    before(function () {
      if (process.platform !== "linux") this.skip();
    });

    it("rename the file, with one undo", async () => {
      await write("readme.md", BASE);
      await apply(renamed("readme.md", "README.md", THEIRS));
      assert.deepEqual(await files(), ["README.md"]);
      await undo(project.uri("README.md"));
      await untilThere("readme.md");
    });

    for (const [what, make] of [
      ["another file", () => write("README.md", BASE)],
      ["the same file by a second name", () => link(pathOf("readme.md"), pathOf("README.md"))],
    ] as const)
      it(`do not replace ${what}`, async () => {
        await write("readme.md", BASE);
        await make();
        await apply(renamed("readme.md", "README.md"));
        assert.equal(listed, "README.md: you have another file at this path");
        assert.deepEqual([await files(), applied], [["README.md", "readme.md"], []]);
      });
  });
});
