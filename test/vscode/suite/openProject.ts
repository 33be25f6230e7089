// A project that is open in this window, for each test of a suite, with a user who answers VS Code's questions; and changes of its
// files that someone has sent.
import assert from "node:assert/strict";
import { access, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { mock } from "node:test";
import * as v from "valibot";
import * as vscode from "vscode";
import { Token } from "../../../protocol/fields.ts";
import {
  buildChanges,
  type ChangedFile,
  type FileSide,
} from "../../../extension/core/changes/buildChanges.ts";
import { applyChanges } from "../../../extension/host/changes/changeApplier.ts";
import { UndoneChanges } from "../../../extension/host/changes/undoneChanges.ts";
import { ReadOnlyDocuments } from "../../../extension/host/vscode/readOnlyDocuments.ts";
import { openFolders } from "./openFolders.ts";

const SALT = v.parse(Token, "A".repeat(22));
/** A file before the change. */
export const BASE = Array.from({ length: 20 }, (_, i) => `line ${i}\n`).join("");
/** The same file after it. */
export const THEIRS = BASE.replace("line 10\n", "their line\n");
export const BYTES = Uint8Array.of(0, 255, 254);

export const text = (path: string, of: string): FileSide => ({
  path,
  mode: "100644",
  text: of,
  encoding: "utf8",
  bom: false,
});
export const binary = (path: string, bytes: Uint8Array): FileSide => ({ path, mode: "100644", bytes });
export const edit = (path: string): ChangedFile => ({ was: text(path, BASE), is: text(path, THEIRS) });

/** VS Code's setting, which is on in the web host. */
export const autoSave = (value: string | undefined): Thenable<void> =>
  vscode.workspace.getConfiguration("files").update("autoSave", value, vscode.ConfigurationTarget.Global);

/** A notebook of one cell, as a file. */
export const notebook = (source: string): string => {
  const cell = { cell_type: "code", execution_count: null, id: "first", metadata: {}, outputs: [] };
  const all = { cells: [{ ...cell, source: [source] }], metadata: {}, nbformat: 4, nbformat_minor: 5 };
  return `${JSON.stringify(all, undefined, 1)}\n`;
};

/** Inserts unsaved text at the beginning of a file's notebook. */
export async function typeIntoCell(uri: vscode.Uri, words: string): Promise<vscode.NotebookDocument> {
  const opened = await vscode.workspace.openNotebookDocument(uri);
  await vscode.window.showNotebookDocument(opened);
  const own = new vscode.WorkspaceEdit();
  own.insert(opened.cellAt(0).document.uri, new vscode.Position(0, 0), words);
  assert.ok(await vscode.workspace.applyEdit(own));
  assert.ok(opened.isDirty);
  return opened;
}

/** Without saving. */
export async function closeEditors(): Promise<void> {
  for (const opened of vscode.workspace.notebookDocuments) {
    if (!opened.isDirty) continue;
    await vscode.window.showNotebookDocument(opened);
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  }
  for (const document of vscode.workspace.textDocuments) {
    if (!document.isDirty || document.uri.scheme === "vscode-notebook-cell") continue;
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  }
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
}

/** Create it in a suite. */
export class OpenProject {
  root = "";
  isTrusted = true;
  /** Notifications. */
  readonly shown: string[] = [];
  onDialog!: (title: string, detail: string, actions: readonly string[]) => string | undefined;
  onPick!: (items: readonly vscode.QuickPickItem[]) => unknown;
  onInfo!: (said: string, actions: readonly string[]) => string | undefined;
  /** For the peer, in milliseconds. */
  waited = 0;
  /** What was said to have been applied. */
  readonly applied: string[] = [];
  #undone!: UndoneChanges;
  onBases!: (paths: readonly string[]) => ReadonlyMap<string, string>;

  constructor() {
    let documents: ReadOnlyDocuments;
    before(async () => {
      documents = new ReadOnlyDocuments();
      this.#undone = new UndoneChanges();
      await autoSave("off");
    });
    after(async () => {
      documents.dispose();
      this.#undone.dispose();
      await autoSave(undefined);
    });
    beforeEach(() => this.#open());
    afterEach(() => this.#close());
  }

  uri = (path: string): vscode.Uri => vscode.Uri.file(join(this.root, path));

  write = async (path: string, content: string | Uint8Array): Promise<void> => {
    await mkdir(dirname(join(this.root, path)), { recursive: true });
    await writeFile(join(this.root, path), content);
  };

  onDisk = (path: string): Promise<string> => readFile(join(this.root, path), "utf8");

  isThere = (path: string): Promise<boolean> =>
    access(join(this.root, path)).then(
      () => true,
      () => false,
    );

  open = (path: string): Thenable<vscode.TextDocument> => vscode.workspace.openTextDocument(this.uri(path));

  type = async (path: string, words: string): Promise<void> => {
    const own = new vscode.WorkspaceEdit();
    own.insert(this.uri(path), new vscode.Position(0, 0), words);
    assert.ok(await vscode.workspace.applyEdit(own));
  };

  apply = async (...files: readonly ChangedFile[]): Promise<void> => {
    const built = buildChanges(SALT, files);
    assert.ok(built.ok);
    const bases = (paths: readonly string[]) => Promise.resolve(this.onBases(paths));
    await applyChanges({
      ...{ set: built.value, from: "anna", bases, waited: () => this.waited },
      onApplied: (which, edited) => {
        this.applied.push(which);
        this.#undone.watch("these", edited, (isUndone) => this.applied.push(isUndone ? "none" : which));
      },
      onUndone: () => this.applied.push("none"),
    });
  };

  async #open(): Promise<void> {
    this.root = await realpath(await mkdtemp(join(tmpdir(), "fork-chat-apply-")));
    this.isTrusted = true;
    this.shown.length = 0;
    this.applied.length = 0;
    this.onDialog = (title) => assert.fail(title);
    this.onPick = (items) => assert.fail(items.map(({ label }) => label).join());
    this.onBases = () => new Map();
    this.waited = 0;
    this.onInfo = (said) => {
      this.shown.push(said);
      return undefined;
    };
    openFolders(vscode.Uri.file(this.root));
    mock.getter(vscode.workspace, "isTrusted", () => this.isTrusted);
    mock.method(vscode.window, "showInformationMessage", (said: string, ...actions: string[]) =>
      Promise.resolve(this.onInfo(said, actions)),
    );
    mock.method(
      vscode.window,
      "showWarningMessage",
      (said: string, options: vscode.MessageOptions | string, ...actions: string[]) => {
        if (typeof options === "object")
          return Promise.resolve(this.onDialog(said, options.detail ?? "", actions));
        this.shown.push(said);
        return Promise.resolve(undefined);
      },
    );
    mock.method(vscode.window, "showQuickPick", (items: readonly vscode.QuickPickItem[]) =>
      Promise.resolve(this.onPick(items)),
    );
  }

  async #close(): Promise<void> {
    mock.restoreAll();
    await closeEditors();
    await rm(this.root, { recursive: true });
  }
}
