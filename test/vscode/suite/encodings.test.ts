// The search for a card's lines reads files as their editors would show them.
import assert from "node:assert/strict";
import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mock } from "node:test";
import * as vscode from "vscode";
import { findCode } from "../../../extension/host/code/codeFinder.ts";
import { baseTag } from "../../../extension/host/code/codeHashes.ts";
import { quoteOf } from "../../../extension/host/code/codeQuote.ts";
import { committedText } from "../../../extension/host/code/gitFiles.ts";
import { KnownBases } from "../../../extension/host/code/knownBases.ts";
import { somePart } from "../../support/sampleValues.ts";
import { git } from "../../support/gitRepository.ts";
import { autoSave } from "./openProject.ts";

const BEFORE = ["// Ärger mit Öl", "", "const größe = 1;", ""];
const CODE = [
  "export function schließeGefäß(gefäß: Gefäß): void {",
  "  for (const öffnung of gefäß.öffnungen) öffnung.schließen();",
  '  gefäß.zustand = "für immer geschlossen";',
  "}",
];
const TEXT = [...BEFORE, ...CODE, ""].join("\n");

const utf16le = Buffer.from(TEXT, "utf16le");
const FILES = {
  "latin.ts": { encoding: "iso88591", bytes: Buffer.from(TEXT, "latin1") },
  "windows.ts": { encoding: "windows1252", bytes: Buffer.from(TEXT, "latin1") },
  "utf8bom.ts": { encoding: "utf8", bytes: Buffer.from(`\ufeff${TEXT}`) },
  "utf16le.ts": { encoding: "utf8", bytes: Buffer.concat([Buffer.of(0xff, 0xfe), utf16le]) },
  "utf16be.ts": { encoding: "utf8", bytes: Buffer.concat([Buffer.of(0xff, 0xfe), utf16le]).swap16() },
  "bare16.ts": { encoding: "utf16le", bytes: utf16le },
} as const;

describe("The search for a card's lines in a file that no editor has open", () => {
  let root: string;
  let folder: vscode.WorkspaceFolder;

  const uriOf = (path: string): vscode.Uri => vscode.Uri.file(join(root, path));
  const encode = (encoding: string | undefined): Thenable<void> =>
    vscode.workspace
      .getConfiguration("files")
      .update("encoding", encoding, vscode.ConfigurationTarget.Global);
  const find = async (path: string) => {
    const range = { from: BEFORE.length + 1, to: BEFORE.length + CODE.length };
    const part = { ...somePart, before: "", after: "", range, path };
    const { signal } = new AbortController();
    const found = await findCode(part, CODE.join("\n"), new KnownBases(), signal);
    return found?.answer ?? assert.fail("nothing canceled it");
  };
  before(async () => {
    await autoSave("off");
    root = await realpath(await mkdtemp(join(tmpdir(), "fork-chat-encodings-")));
    folder = { uri: vscode.Uri.file(root), name: "project", index: 0 };
    await git(root, "init", "--quiet");
    for (const [path, { bytes }] of Object.entries(FILES)) await writeFile(join(root, path), bytes);
    await git(root, "add", "--all");
    await git(root, "commit", "--quiet", "--message", "all");
    await vscode.commands.executeCommand("git.openRepository", root);
  });
  beforeEach(() => {
    // The suite runs without a folder.
    mock.getter(vscode.workspace, "workspaceFolders", () => [folder]);
    mock.method(vscode.workspace, "getWorkspaceFolder", (uri: vscode.Uri) =>
      uri.path.startsWith(`${folder.uri.path}/`) ? folder : undefined,
    );
    mock.method(vscode.workspace, "findFiles", () => Promise.resolve([]));
  });
  afterEach(async () => {
    mock.restoreAll();
    await encode(undefined);
  });
  after(async () => {
    await vscode.window.showTextDocument(uriOf("windows.ts"));
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    await autoSave(undefined);
    // The git extension may still be reading.
    await rm(root, { recursive: true, maxRetries: 10 });
  });

  for (const [path, { encoding }] of Object.entries(FILES))
    it(`finds them in ${path}, and knows the committed file`, async () => {
      await encode(encoding);
      assert.equal((await find(path)).state, "same");
      assert.equal(await committedText(uriOf(path), "HEAD"), TEXT);
    });

  it("does not find them in a binary file", async () => {
    await writeFile(join(root, "binary.ts"), Buffer.concat([Buffer.of(0, 1, 2, 0), Buffer.from(TEXT)]));
    await writeFile(
      join(root, "late.ts"),
      Buffer.concat([Buffer.from(`// ${"x".repeat(9_000)}\n`), Buffer.of(0), Buffer.from(TEXT)]),
    );
    for (const path of ["binary.ts", "late.ts"]) assert.equal((await find(path)).state, "gone");
  });

  it("has what was sent of an edited file: the committed one in the encoding of its editor", async () => {
    await encode("windows1252");
    const document = await vscode.workspace.openTextDocument(uriOf("windows.ts"));
    await encode(undefined);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), "// neu\n");
    assert.ok(await vscode.workspace.applyEdit(edit));
    const quote = await quoteOf(document, { from: BEFORE.length + 1, to: BEFORE.length + CODE.length });
    assert.ok(quote.ok);
    assert.equal(quote.value.part.base?.tag, baseTag(quote.value.part.salt, TEXT));
  });
});
