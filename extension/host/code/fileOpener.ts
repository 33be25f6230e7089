// Opens the file that a message refers to.
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { FileReference } from "../../../protocol/fileReference.ts";
import { logFailure } from "../vscode/failureLog.ts";
import { showInfo } from "../vscode/notify.ts";
import { filesOf } from "./workspaceFiles.ts";

/** Maximum number of files to choose from. */
const OFFERED = 50;

export class FileOpener {
  readonly #column: () => vscode.ViewColumn;

  /** @param column where files are opened, so that they do not cover the panel */
  constructor(column: () => vscode.ViewColumn) {
    this.#column = column;
  }

  async open(reference: FileReference): Promise<void> {
    const file = await chosenFile(reference);
    if (file === null) this.#tellMissing(reference);
    else if (file !== undefined) await this.show(file, reference);
  }

  /** Shows a file, with lines selected; counted from 1. */
  async show(
    uri: vscode.Uri,
    { line, column = 1, toLine }: Pick<FileReference, "line" | "column" | "toLine"> = {},
  ): Promise<vscode.TextEditor> {
    const document = await vscode.workspace.openTextDocument(uri);
    const selection = line === undefined ? undefined : selectionOf(document, line, column, toLine);
    return vscode.window.showTextDocument(document, {
      viewColumn: this.#column(),
      ...(selection === undefined ? {} : { selection }),
    });
  }

  /** Where files are opened. */
  get column(): vscode.ViewColumn {
    return this.#column();
  }

  #tellMissing({ path }: FileReference): void {
    const text =
      (vscode.workspace.workspaceFolders ?? []).length === 0
        ? l10n.t("Open a folder first: {0} is looked for in the folders that are open.", path)
        : l10n.t("There's no file like {0} in the open folders.", path);
    logFailure(showInfo(text));
  }
}

/** Selects several lines, or puts the cursor on one. Lines beyond the end become the last line. */
function selectionOf(
  document: vscode.TextDocument,
  line: number,
  column: number,
  toLine: number | undefined,
): vscode.Range {
  const start = document.validatePosition(new vscode.Position(line - 1, column - 1));
  if (toLine === undefined) return new vscode.Range(start, start);
  return new vscode.Range(
    start.with(undefined, 0),
    document.lineAt(Math.min(toLine, document.lineCount) - 1).range.end,
  );
}

/**
 * The file that a reference means. The user is asked unless it is certain.
 * @returns null if there is none like it, and undefined if the user chooses none
 */
export async function chosenFile(reference: FileReference): Promise<vscode.Uri | null | undefined> {
  const { files, isSure } = await filesOf(reference);
  const [file] = files;
  if (file === undefined) return null;
  return isSure ? file : choose(reference, files);
}

async function choose(
  reference: FileReference,
  files: readonly vscode.Uri[],
): Promise<vscode.Uri | undefined> {
  const items = files.slice(0, OFFERED).map((uri) => ({
    label: vscode.workspace.asRelativePath(uri),
    iconPath: vscode.ThemeIcon.File,
    resourceUri: uri,
    uri,
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    title:
      files.length === 1
        ? l10n.t("{0} isn't in the open folders. Is this the file?", reference.path)
        : l10n.t("Several files match {0}", reference.path),
    placeHolder: l10n.t("Choose the file to open"),
  });
  return chosen?.uri;
}
