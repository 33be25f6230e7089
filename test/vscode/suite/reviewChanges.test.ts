// Changes that someone has sent, in VS Code's own diff of several files, and as a patch.
import assert from "node:assert/strict";
import { mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mock } from "node:test";
import * as v from "valibot";
import * as vscode from "vscode";
import { Token } from "../../../protocol/fields.ts";
import { buildChanges, type FileSide } from "../../../extension/core/changes/buildChanges.ts";
import { reviewChanges, saveAsPatch } from "../../../extension/host/changes/changeReview.ts";
import { ReadOnlyDocuments } from "../../../extension/host/vscode/readOnlyDocuments.ts";
import { git, write } from "../../support/gitRepository.ts";
import { openFolders } from "./openFolders.ts";

const SALT = v.parse(Token, "A".repeat(22));
const BASE = Array.from({ length: 20 }, (_, i) => `line ${i}\n`).join("");
const THEIRS = BASE.replace("line 10\n", "their line\n");
const text = (path: string, of: string): FileSide => ({
  ...{ path, mode: "100644", text: of, encoding: "utf8", bom: false },
});
const binary = (path: string, ...bytes: number[]): FileSide => ({
  ...{ path, mode: "100644", bytes: Uint8Array.from(bytes) },
});

type Review = readonly [string, readonly (readonly (vscode.Uri | undefined)[])[]];
type Call = { readonly arguments: readonly unknown[] };

const isReview = ({ arguments: [command] }: Call): boolean => command === "vscode.changes";

/** The title and the files of the diff that VS Code was told to show. */
function shownIn({ mock: { calls } }: { readonly mock: { readonly calls: readonly Call[] } }): Review {
  const call = calls.find(isReview);
  assert.ok(call);
  return call.arguments.slice(1) as unknown as Review;
}

describe("Changes to review", () => {
  let root: string;
  const shown: string[] = [];
  const texts = new Map<string, string>();
  let provider: vscode.Disposable;
  const documents = {
    put: (title: string, content: string, which?: string): vscode.Uri => {
      const uri = vscode.Uri.from({ scheme: "sent", path: `/${title}`, query: which ?? "" });
      texts.set(uri.toString(), content);
      return uri;
    },
  };
  function changes() {
    const built = buildChanges(SALT, [
      { was: text("a.ts", BASE), is: text("a.ts", THEIRS) },
      { was: text("from.ts", BASE), is: text("to.ts", THEIRS) },
      { was: null, is: text("new.ts", "new\n") },
      { was: text("gone.ts", "gone\n"), is: null },
      { was: null, is: binary("a.png", 0, 1) },
    ]);
    assert.ok(built.ok);
    return built.value;
  }

  before(() => {
    provider = vscode.workspace.registerTextDocumentContentProvider("sent", {
      provideTextDocumentContent: (uri) => texts.get(uri.toString()) ?? "",
    });
  });
  after(() => {
    provider.dispose();
  });
  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), "fork-chat-review-")));
    shown.length = 0;
    texts.clear();
    openFolders(vscode.Uri.file(root));
    mock.method(vscode.window, "showInformationMessage", (said: string) => {
      shown.push(said);
      return Promise.resolve(undefined);
    });
  });
  afterEach(async () => {
    mock.restoreAll();
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await rm(root, { recursive: true });
  });

  it("are shown side by side, with the paths that the files have here", async () => {
    await writeFile(join(root, "a.ts"), `mine\n${BASE}`);
    const run = mock.method(vscode.commands, "executeCommand");
    await reviewChanges(changes(), "anna", documents);
    const [title, files] = shownIn(run);
    assert.equal(title, "Changes from anna");
    const here = (uri: vscode.Uri | undefined): string | undefined =>
      uri === undefined ? undefined : (texts.get(uri.toString()) ?? uri.path.slice(root.length + 1));
    const uris = files;
    // VS Code shows the paths, and says that a file has moved when the two differ.
    assert.deepEqual(
      uris.slice(0, 2).map(([, was, is]) => [was?.path, is?.path]),
      [
        ["/a.ts", "/a.ts"],
        ["/from.ts", "/to.ts"],
      ],
    );
    assert.deepEqual(
      uris.map((file) => file.map(here)),
      [
        ["a.ts", `mine\n${BASE}`, `mine\n${THEIRS}`],
        ["to.ts", parts("line 10"), parts("their line")],
        ["new.ts", undefined, "new\n"],
        ["gone.ts", "gone\n", undefined],
        ["a.png", undefined, "A binary file of 2 bytes."],
      ],
    );
    assert.match(vscode.window.tabGroups.activeTabGroup.activeTab?.label ?? "", /^Changes from anna /);
  });

  it("share no document with other changes, which can have the same salt and paths", async () => {
    const run = mock.method(vscode.commands, "executeCommand", () => Promise.resolve());
    for (const content of ["one\n", "two\n"]) {
      const built = buildChanges(SALT, [{ was: null, is: text("new.ts", content) }]);
      assert.ok(built.ok);
      await reviewChanges(built.value, "anna", documents);
    }
    assert.equal(run.mock.calls.filter(isReview).length, 2);
    assert.deepEqual([...texts.values()], ["one\n", "two\n"]);
  });

  it("name no file outside the open folders", async () => {
    await git(root, "init", "--quiet");
    await write(root, { "in/a.ts": BASE, "out/a.ts": BASE });
    openFolders(vscode.Uri.joinPath(vscode.Uri.file(root), "in"));
    const run = mock.method(vscode.commands, "executeCommand", () => Promise.resolve());
    const both = ["in/a.ts", "out/a.ts"].map((path) => ({ was: text(path, BASE), is: text(path, THEIRS) }));
    const built = buildChanges(SALT, both);
    assert.ok(built.ok);
    await reviewChanges(built.value, "anna", documents);
    const [, files] = shownIn(run);
    assert.deepEqual(
      files.map(([here, was]) => [here?.scheme, here?.path, was && texts.get(was.toString())]),
      [
        ["file", `${root}/in/a.ts`, BASE],
        ["sent", "/out/a.ts", parts("line 10")],
      ],
    );
  });

  /** The lines around the change. */
  function parts(changed: string): string {
    return BASE.split("\n")
      .slice(7, 14)
      .map((line) => (line === "line 10" ? changed : line))
      .map((line) => `${line}\n`)
      .join("");
  }

  it("have a bound: the oldest that were not opened are forgotten", async () => {
    const kept = new ReadOnlyDocuments();
    try {
      const first = kept.put("first", "first");
      await vscode.workspace.openTextDocument(first);
      const second = kept.put("second", "second");
      for (let n = 0; n < 2_000; n += 1) kept.put(`more/${String(n)}`, "more");
      assert.deepEqual([kept.has(first), kept.has(second)], [true, false]);
      assert.equal(kept.provideTextDocumentContent(first), "first");
    } finally {
      kept.dispose();
    }
  });

  it("are saved as a patch that git applies, without binary files", async () => {
    const to = vscode.Uri.file(join(root, "p.patch"));
    mock.method(vscode.window, "showSaveDialog", () => Promise.resolve(to));
    await saveAsPatch(changes());
    assert.deepEqual(shown, ["A patch cannot hold these files: a.png"]);
    await git(root, "init", "--quiet");
    await write(root, { "a.ts": BASE, "from.ts": BASE, "gone.ts": "gone\n" });
    await git(root, "apply", "p.patch");
    assert.equal(await readFile(join(root, "to.ts"), "utf8"), THEIRS);
    assert.equal(await readFile(join(root, "new.ts"), "utf8"), "new\n");
  });

  it("are not saved where no file is chosen", async () => {
    mock.method(vscode.window, "showSaveDialog", () => Promise.resolve(undefined));
    await saveAsPatch(changes());
    assert.deepEqual(shown, []);
  });
});
