// One edit of the workspace that applies files of a set of changes. Texts stay unsaved. One undo takes all of it back.
import { setImmediate } from "node:timers/promises";
import * as vscode from "vscode";
import type { FileText } from "../../core/changes/hunks.ts";
import { lineChanges, newSteps, type Steps } from "../../core/changes/lineChanges.ts";
import type { FileHere } from "../../core/changes/plan.ts";
import { lineEndingOf, linesWithBreaks, plain } from "../../core/changes/textLines.ts";
import { EMPTY_DOCUMENT } from "../vscode/readOnlyDocuments.ts";
import type { FilesHere } from "./ownFiles.ts";
import { placeOf } from "./places.ts";

/** A file to write: what `path` then holds, and where it was before if elsewhere. Null deletes it. */
export type FileToWrite = {
  readonly path: string;
  readonly file: FileHere | null;
  readonly from: string | null;
};

export async function editOf(
  files: readonly FileToWrite[],
  root: vscode.Uri,
  { documents, files: own }: Pick<FilesHere, "documents" | "files">,
): Promise<vscode.WorkspaceEdit> {
  const edit = new vscode.WorkspaceEdit();
  const separate = await separator(edit);
  // To undo a deletion brings the bytes back. To undo that they were overwritten would delete the file.
  const gone = files.flatMap(({ path, file, from }) => {
    const was = from ?? path;
    return file === null || (own.has(was) && hasNewBytes(file, own.get(was))) ? [was] : [];
  });
  // A new file can take the place of a deleted one, or of its folder. VS Code does not remove a folder when it undoes its
  // files, and so cannot bring back the file that it replaces. These deletions come first, so that their undo comes last.
  const isFolder = (was: string): boolean => files.some(({ path }) => path.startsWith(`${was}/`));
  for (const isFirst of [true, false]) {
    separate();
    for (const was of gone) if (isFolder(was) === isFirst) edit.deleteFile(placeOf(root, was));
  }
  separate();
  for (const { path, file, from } of files)
    if (from !== null && !hasNewBytes(file, own.get(from)))
      edit.renameFile(placeOf(root, from), placeOf(root, path));
  separate();
  const steps = newSteps();
  for (const { path, file, from } of files) {
    if (file === null) continue;
    await setImmediate();
    const [uri, was] = [placeOf(root, path), from ?? path];
    const document = documents.get(was);
    if ("text" in file) {
      if (document !== undefined) edit.set(uri, textEdits(document, file.text, steps));
      else if (from === null) edit.createFile(uri, { contents: await encoded(file) });
    } else if ("bytes" in file && hasNewBytes(file, own.get(was)))
      edit.createFile(uri, { contents: file.bytes });
  }
  return edit;
}

/**
 * Separates steps of an edit, so that they are undone in reverse order. VS Code undoes file operations that follow each other
 * in the order in which it did them, and so would create a file before it deletes the one that has taken its place.
 */
async function separator(edit: vscode.WorkspaceEdit): Promise<() => void> {
  await vscode.workspace.openTextDocument(EMPTY_DOCUMENT);
  return () => edit.insert(EMPTY_DOCUMENT, new vscode.Position(0, 0), "");
}

/** The bytes of a file that only moves are those that were read. */
function hasNewBytes(file: FileHere | null, was: FileHere | undefined): boolean {
  return file !== null && "bytes" in file && file !== was;
}

/** Changes only lines that differ, so that cursors and folds stay. */
function textEdits(document: vscode.TextDocument, text: string, steps: Steps): vscode.TextEdit[] {
  const [old, now] = [document.getText(), text].map((each) => linesWithBreaks(plain(each)));
  const [base, side] = [old ?? [], now ?? []];
  const edits = lineChanges(base, side, steps).map((change) => {
    const range = new vscode.Range(change.base, 0, change.base + change.baseLines, 0);
    const lines = side.slice(change.side, change.side + change.sideLines).join("");
    return vscode.TextEdit.replace(document.validateRange(range), lines);
  });
  const eol = {
    lf: vscode.EndOfLine.LF,
    crlf: vscode.EndOfLine.CRLF,
    mixed: document.eol,
    none: document.eol,
  };
  const isEol = eol[lineEndingOf(text)];
  return isEol === document.eol ? edits : [...edits, vscode.TextEdit.setEndOfLine(isEol)];
}

function encoded({ text, encoding, bom }: FileText): Thenable<Uint8Array> {
  return vscode.workspace.encode(text, { encoding: bom && encoding === "utf8" ? "utf8bom" : encoding });
}
