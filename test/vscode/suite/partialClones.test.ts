// Clones without all objects, of which git fetches what it reads, in VS Code's own git extension.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, realpath, rename, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mock } from "node:test";
import { pathToFileURL } from "node:url";
import * as vscode from "vscode";
import { changesIn } from "../../../extension/host/changes/changeBuilder.ts";
import { chooseChanges } from "../../../extension/host/changes/changePicker.ts";
import { findCode } from "../../../extension/host/code/codeFinder.ts";
import { baseTag } from "../../../extension/host/code/codeHashes.ts";
import { committedBytes } from "../../../extension/host/code/gitFiles.ts";
import { KnownBases } from "../../../extension/host/code/knownBases.ts";
import { isComplete } from "../../../extension/host/code/repositories.ts";
import { commit, functionsOf, git, write } from "../../support/gitRepository.ts";
import { somePart } from "../../support/sampleValues.ts";

const FIRST = functionsOf("first");
const SECOND = `// Edited.\n${FIRST}`;
const OWN = `// Edited again.\n${SECOND}`;
const CODE = FIRST.split("\n").slice(0, 6);

describe("A clone", () => {
  let folder: string;

  const uriOf = (name: string): vscode.Uri => vscode.Uri.file(join(folder, name));
  /** What git does not have yet. */
  const missing = async (name: string): Promise<number> => {
    const objects = await git(join(folder, name), "rev-list", "--objects", "--all", "--missing=print");
    return objects.split("\n").filter((line) => line.startsWith("?")).length;
  };
  const clone = async (name: string, ...options: readonly string[]): Promise<void> => {
    await git(folder, "clone", "--quiet", ...options, pathToFileURL(join(folder, "origin")).href, name);
    await write(join(folder, name), { "a.ts": OWN });
    await vscode.commands.executeCommand("git.openRepository", join(folder, name));
  };
  /** The committed files of a clone that are read for a card. */
  const basesFor = async (name: string): Promise<readonly string[]> => {
    const open = { uri: uriOf(name), name, index: 0 };
    mock.getter(vscode.workspace, "workspaceFolders", () => [open]);
    mock.method(vscode.workspace, "getWorkspaceFolder", () => open);
    const range = { from: 1, to: CODE.length };
    const base = { tag: baseTag(somePart.salt, FIRST), ...range };
    const part = { ...somePart, path: "a.ts", before: "", after: "", range, base };
    const bases = new KnownBases();
    const found = await findCode(part, CODE.join("\n"), bases, new AbortController().signal);
    assert.ok(found !== null);
    return bases.of(vscode.Uri.joinPath(open.uri, "a.ts").toString());
  };

  before(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), "fork-chat-partial-")));
    await git(folder, "init", "--quiet", "origin");
    const origin = join(folder, "origin");
    await git(origin, "config", "uploadpack.allowFilter", "true");
    await git(origin, "config", "uploadpack.allowAnySHA1InWant", "true");
    await commit(origin, { "a.ts": FIRST });
    await commit(origin, { "a.ts": SECOND });
    await clone("whole");
    await clone("partial", "--filter=blob:none");
  });
  afterEach(() => mock.restoreAll());
  // The git extension may still be reading.
  after(() => rm(folder, { recursive: true, maxRetries: 10 }));

  it("with all objects is looked into for the file that a card's lines come from", async () => {
    assert.deepEqual(await basesFor("whole"), [FIRST]);
  });

  it("without all objects is not, so that a message makes git fetch nothing and ask for no password", async () => {
    assert.equal(await missing("partial"), 1);
    assert.deepEqual(await basesFor("partial"), []);
    assert.equal(await missing("partial"), 1);
  });

  it("is known by its worktrees, its submodules and links to it, and nothing is read where there is none", async () => {
    await git(join(folder, "whole"), "submodule", "--quiet", "add", "../origin", "module");
    await git(join(folder, "whole"), "config", "remote.other.url", "https://example.org/promisor = true");
    for (const name of ["whole", "partial"])
      await git(join(folder, name), "worktree", "add", "--quiet", "--detach", `../${name}-tree`);
    await mkdir(join(folder, "whole/deep"));
    await symlink(join(folder, "partial"), join(folder, "whole/deep/link"));
    await write(folder, { "whole/deep/b.ts": "", "b.ts": "" });
    for (const [path, expected] of [
      ["whole/a.ts", true],
      ["whole/deep/b.ts", true],
      ["whole-tree/a.ts", true],
      ["whole/module/a.ts", true],
      ["partial/a.ts", false],
      ["partial-tree/a.ts", false],
      ["whole/deep/link/a.ts", false],
      ["b.ts", false],
      ["gone.ts", false],
    ] as const)
      assert.equal(await isComplete(uriOf(path)), expected, path);
  });

  it("without its remote names the files of a commit that git does not have", async () => {
    const said: string[] = [];
    mock.method(vscode.window, "showWarningMessage", (text: string) => {
      said.push(text);
      return Promise.resolve(undefined);
    });
    await rename(join(folder, "origin"), join(folder, "away"));
    try {
      assert.equal(await chooseChanges({ kind: "commit", commit: "HEAD" }, { root: uriOf("partial") }), null);
    } finally {
      await rename(join(folder, "away"), join(folder, "origin"));
    }
    assert.deepEqual(said, ["a.ts cannot be sent: Git did not get it in time."]);
  });

  it("gets the files of a commit for its own user", async () => {
    const built = await changesIn(uriOf("partial"), { kind: "commit", commit: "HEAD" });
    assert.ok(built.ok);
    assert.deepEqual(
      built.value.files.map(({ path }) => path),
      ["a.ts"],
    );
    assert.equal(built.value.bases.get("a.ts"), FIRST);
    assert.equal(await missing("partial"), 0);
  });

  it("is waited for as long as is said, and otherwise for 2 seconds", async () => {
    const { fs } = vscode.workspace;
    const bytes = Uint8Array.of(1);
    let arrive: (bytes: Uint8Array) => void = () => undefined;
    const readFile = (): Promise<Uint8Array> => new Promise((resolve) => (arrive = resolve));
    mock.getter(vscode.workspace, "fs", () => ({ ...fs, readFile }));
    mock.timers.enable({ apis: ["setTimeout"] });
    try {
      const short = committedBytes(uriOf("partial/a.ts"), "HEAD");
      mock.timers.tick(2_000);
      assert.equal(await short, "late");
      const long = committedBytes(uriOf("partial/a.ts"), "HEAD", 30_000);
      mock.timers.tick(29_999);
      arrive(bytes);
      assert.equal(await long, bytes);
    } finally {
      mock.timers.reset();
    }
  });
});
