import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requireFolders } from "../../../../extension/host/storage/usableFolders.ts";
import { windowFile, windowsOf } from "../../../../extension/host/storage/windowFiles.ts";

describe("the folders of a start", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "fork-chat-folders-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("are folders, or not there yet", () => {
    mkdirSync(join(folder, "history"));
    requireFolders([folder, join(folder, "history"), join(folder, "windows")]);
  });

  it("are not files: the sentence names which one", () => {
    writeFileSync(join(folder, "windows"), "");
    assert.throws(() => requireFolders([folder, join(folder, "windows")]), {
      message: `${join(folder, "windows")} is not a folder. Move or delete it.`,
    });
  });

  it("may hold a file that cannot be looked at, such as a link to itself: the other windows are found", () => {
    writeFileSync(windowFile(folder, "aa1"), "");
    symlinkSync("aa2.journal", windowFile(folder, "aa2"));
    assert.deepEqual(windowsOf(folder, "aa"), ["aa1", "aa2"]);
  });
});
