// Where changes are applied: in which folder, never through a link, and never over something else at a path.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mock } from "node:test";
import * as vscode from "vscode";
import type { ChangedFile } from "../../../extension/core/changes/buildChanges.ts";
import { openFolders } from "./openFolders.ts";
import { BASE, edit, OpenProject, text, THEIRS } from "./openProject.ts";

describe("Changes that someone has sent", () => {
  const project = new OpenProject();
  const { write, type, open, isThere, uri, apply, shown } = project;

  describe("in a window with several folders", () => {
    beforeEach(async () => {
      for (const path of ["one/a.ts", "one/b.ts", "two/a.ts"]) await write(path, BASE);
      openFolders(uri("one"), uri("two"));
    });

    it("go to the one that has most of the files, which is named", async () => {
      await apply(edit("a.ts"), edit("b.ts"));
      assert.equal((await open("one/a.ts")).getText(), THEIRS);
      assert.deepEqual(shown, ["Changed 2 files in one. Edited files are not saved yet."]);
    });

    it("ask where several have as many of them", async () => {
      project.onPick = (items) => {
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

  describe("that would meet something else at a path", () => {
    let listed = "";
    beforeEach(async () => {
      await write("a.ts", BASE);
      project.onDialog = (_, detail) => {
        listed = detail;
        return undefined;
      };
    });
    const added = (path: string): ChangedFile => ({ was: null, is: text(path, "new\n") });

    it("do not discard what was typed into a file that is gone", async () => {
      await type("a.ts", "mine\n");
      await rm(join(project.root, "a.ts"));
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
      await mkdir(join(project.root, "folder"));
      await apply(added("folder"), edit("none.ts"));
      assert.equal(listed, "folder: you have another file at this path\nnone.ts: you do not have this file");
    });

    it("do not read a file that is larger than changes can be", async () => {
      await truncate(join(project.root, "a.ts"), 9 * 1024 * 1024);
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
      project.onPick = async (items) => {
        if (!(await isThere("link"))) await symlink(outside, join(project.root, "link"));
        return items;
      };
      await apply(added("package.json"), added("link/new.ts"));
      assert.deepEqual(await readdir(outside), []);
      assert.equal(listed, "link/new.ts: symbolic links are not changed");
      await rm(outside, { recursive: true });
    });
  });

  it("do not follow a link out of the folder", async () => {
    const outside = await mkdtemp(join(tmpdir(), "fork-chat-outside-"));
    await writeFile(join(outside, "a.ts"), BASE);
    await symlink(outside, join(project.root, "link"));
    let listed = "";
    project.onDialog = (_, detail, actions) => {
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
});
