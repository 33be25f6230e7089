// Changes of a repository are applied in a window that has only a part of it open, or a folder with several repositories.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, realpath, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as vscode from "vscode";
import type { ChangedFile } from "../../../extension/core/changes/buildChanges.ts";
import { commit, git } from "../../support/gitRepository.ts";
import { eventually } from "../driver/eventually.ts";
import { openFolders } from "./openFolders.ts";
import { BASE, edit, OpenProject, text, THEIRS } from "./openProject.ts";

const added = (path: string): ChangedFile => ({ was: null, is: text(path, "new\n") });

describe("Changes of a repository", () => {
  const project = new OpenProject();
  const { open, onDisk, isThere, uri, apply, shown, applied } = project;
  /** What the dialog has listed, and with which buttons. */
  let [listed, buttons]: [string, readonly string[]] = ["", []];
  let picked: readonly string[] = [];

  const repository = async (path: string, files: Readonly<Record<string, string>>): Promise<void> => {
    const root = join(project.root, path);
    await mkdir(root, { recursive: true });
    await git(root, "init", "--quiet");
    await commit(root, files);
  };
  const files = async (): Promise<string[]> => {
    const all = await readdir(project.root, { recursive: true, withFileTypes: true });
    const paths = all.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
    return paths.map((path) => path.slice(project.root.length + 1)).filter((path) => !path.includes(".git/"));
  };
  /** The user chooses the folder of this name. */
  const pick = (name: string): void => {
    project.onPick = (items) => {
      picked = items.map(({ label }) => label);
      return items.find(({ label }) => label === name);
    };
  };

  beforeEach(() => {
    [listed, buttons] = ["", []];
    picked = [];
    project.onDialog = (_, detail, actions) => {
      [listed, buttons] = [detail, actions];
      return actions[0];
    };
  });

  describe("of which a subfolder is open", () => {
    beforeEach(async () => {
      await repository("repo", {
        "packages/a/src/x.ts": BASE,
        "packages/a/old.ts": "old\n",
        "packages/b/y.ts": BASE,
        "README.md": BASE,
      });
      openFolders(uri("repo/packages/a"));
    });

    it("are found there, and new files are created there", async () => {
      await apply(edit("packages/a/src/x.ts"), added("packages/a/src/new.ts"));
      assert.equal((await open("repo/packages/a/src/x.ts")).getText(), THEIRS);
      assert.equal(await onDisk("repo/packages/a/src/new.ts"), "new\n");
      assert.deepEqual(shown, ["Changed 2 files in repo. Edited files are not saved yet."]);
      assert.deepEqual(applied, ["all"]);
    });

    it("are undone with one undo", async () => {
      const before = (await files()).sort();
      await apply(edit("packages/a/src/x.ts"), added("packages/a/src/new.ts"), {
        was: text("packages/a/old.ts", "old\n"),
        is: text("packages/a/to/moved.ts", "old\n"),
      });
      assert.ok(await isThere("repo/packages/a/to/moved.ts"));
      const document = await open("repo/packages/a/src/x.ts");
      await vscode.window.showTextDocument(document);
      await vscode.commands.executeCommand("undo");
      await eventually("the files as they were", async () => {
        return document.getText() === BASE && (await files()).sort().join() === before.join();
      });
      assert.deepEqual(applied, ["all", "none"]);
    });

    it("are undone with the notification if no text was edited", async () => {
      project.onInfo = (said, actions) => {
        shown.push(said);
        return actions[0];
      };
      const before = (await files()).sort();
      await apply({ was: text("packages/a/old.ts", "old\n"), is: text("packages/a/moved.ts", "old\n") });
      assert.deepEqual(shown, ["Changed 1 file in repo.", "The changes were undone."]);
      assert.deepEqual((await files()).sort(), before);
    });

    it("are not made outside of it, which is said", async () => {
      await apply(
        ...[edit("packages/a/src/x.ts"), edit("packages/b/y.ts"), edit("README.md"), added("docs/new.md")],
        { was: text("packages/a/old.ts", "old\n"), is: text("packages/b/old.ts", "old\n") },
      );
      assert.deepEqual(listed.split("\n"), [
        "packages/b/y.ts: the file is not in an open folder",
        "README.md: the file is not in an open folder",
        "docs/new.md: the file is not in an open folder",
        "packages/b/old.ts: the file is not in an open folder",
      ]);
      assert.deepEqual(buttons, ["Apply the Rest"]);
      assert.equal((await open("repo/packages/a/src/x.ts")).getText(), THEIRS);
      for (const path of ["packages/b/y.ts", "README.md"])
        assert.equal((await open(`repo/${path}`)).getText(), BASE);
      assert.deepEqual(await Promise.all(["repo/docs", "repo/packages/b/old.ts"].map(isThere)), [
        false,
        false,
      ]);
      assert.deepEqual(applied, ["some"]);
    });

    it("are not made anywhere if all of them are outside", async () => {
      await apply(edit("packages/b/y.ts"), added("docs/new.md"));
      assert.deepEqual(buttons, []);
      assert.match(listed, /^packages\/b\/y\.ts: the file is not in an open folder$/mu);
      assert.match(listed, /^docs\/new\.md: the file is not in an open folder$/mu);
      assert.deepEqual(applied, []);
    });

    it("go to the place of a new file in the repository, without a question", async () => {
      await apply(added("packages/a/lib/new.ts"));
      assert.equal(await onDisk("repo/packages/a/lib/new.ts"), "new\n");
      assert.equal(await isThere("repo/packages/a/packages"), false);
    });

    it("ask where new files belong if their paths lead nowhere else", async () => {
      pick("a");
      await apply(added("docs/new.md"));
      assert.deepEqual(picked, ["a", "repo"]);
      assert.equal(await onDisk("repo/packages/a/docs/new.md"), "new\n");
    });

    it("are applied below it if it has their files itself", async () => {
      await apply(edit("src/x.ts"));
      assert.equal((await open("repo/packages/a/src/x.ts")).getText(), THEIRS);
      assert.deepEqual(shown, ["Changed 1 file. Edited files are not saved yet."]);
    });

    it("do not follow a link out of it", async () => {
      const outside = await realpath(await mkdtemp(join(tmpdir(), "fork-chat-outside-")));
      await symlink(outside, join(project.root, "repo/packages/a/link"));
      await symlink(outside, join(project.root, "repo/packages/link"));
      await apply(added("packages/a/link/new.ts"), added("packages/link/new.ts"));
      assert.deepEqual(listed.split("\n"), [
        "packages/a/link/new.ts: symbolic links are not changed",
        "packages/link/new.ts: the file is not in an open folder",
      ]);
      assert.deepEqual(await readdir(outside), []);
      await rm(outside, { recursive: true });
    });

    it("reach each of several subfolders that are open", async () => {
      openFolders(uri("repo/packages/a"), uri("repo/packages/b"));
      await apply(edit("packages/a/src/x.ts"), edit("packages/b/y.ts"), added("packages/b/new.ts"));
      for (const path of ["packages/a/src/x.ts", "packages/b/y.ts"])
        assert.equal((await open(`repo/${path}`)).getText(), THEIRS);
      assert.equal(await onDisk("repo/packages/b/new.ts"), "new\n");
      assert.deepEqual(shown, ["Changed 3 files in repo. Edited files are not saved yet."]);
    });
  });

  describe("that is one of several in the open folder", () => {
    beforeEach(async () => {
      await repository("one", { "src/a.ts": BASE, "both.ts": BASE });
      await repository("two", { "src/b.ts": BASE, "both.ts": BASE });
    });

    it("go to the one that has most of the files, which is named", async () => {
      await apply(edit("src/b.ts"), edit("both.ts"), added("src/new.ts"));
      assert.equal((await open("two/src/b.ts")).getText(), THEIRS);
      assert.equal(await onDisk("two/src/new.ts"), "new\n");
      assert.equal((await open("one/both.ts")).getText(), BASE);
      assert.deepEqual(shown, ["Changed 3 files in two. Edited files are not saved yet."]);
    });

    it("ask where several have as many of them, or none has any", async () => {
      pick("two");
      await apply(edit("both.ts"));
      assert.deepEqual(picked, ["one", "two"]);
      assert.equal((await open("two/both.ts")).getText(), THEIRS);
      await apply(added("lib/new.ts"));
      assert.deepEqual(picked, [project.root.split("/").at(-1), "one", "two"]);
      assert.equal(await onDisk("two/lib/new.ts"), "new\n");
    });

    it("are found further down if Git's extension knows the repository", async () => {
      await repository("far/down/three", { "src/c.ts": BASE });
      await vscode.commands.executeCommand("git.openRepository", join(project.root, "far/down/three"));
      await apply(edit("src/c.ts"));
      assert.equal((await open("far/down/three/src/c.ts")).getText(), THEIRS);
    });

    it("do not reach a repository behind a link", async () => {
      const outside = await realpath(await mkdtemp(join(tmpdir(), "fork-chat-outside-")));
      await git(outside, "init", "--quiet");
      await commit(outside, { "only.ts": BASE });
      await symlink(outside, join(project.root, "link"));
      pick("one");
      await apply(edit("only.ts"));
      assert.deepEqual(picked, [project.root.split("/").at(-1), "one", "two"]);
      assert.equal(listed, "only.ts: you do not have this file");
      await rm(outside, { recursive: true });
    });
  });
});
