// Writes files of a set of changes: with one edit of the workspace, and then the case of names. VS Code keeps to the first spelling of
// a path that it has seen, so that no edit changes it. Where texts in editors are undone, the case is, too.
import * as vscode from "vscode";
import { log } from "../vscode/failureLog.ts";
import { editOf, type FileToWrite } from "./changeEdit.ts";
import type { FilesHere } from "./ownFiles.ts";
import { placeOf } from "./places.ts";
import { editedTexts, type EditedTexts } from "./undoneChanges.ts";

export type Writing = {
  /** Where the files are for VS Code. */
  readonly paths: readonly string[];
  readonly edited: EditedTexts;
  /** Whether an undo in an editor takes all of it back if it takes any of it back. */
  readonly isUndoneAsOne: boolean;
  /** Resolves with whether all was written. */
  readonly write: () => Promise<boolean>;
};

type Rename = { readonly from: string; readonly to: string };

/** Writes nothing yet. */
export async function prepareWriting(
  files: readonly FileToWrite[],
  root: vscode.Uri,
  here: FilesHere,
): Promise<Writing> {
  const renames: Rename[] = [];
  const inPlace = files.map((file) => {
    const { path, from } = file;
    if (from === null || !here.respelled.has(path)) return file;
    renames.push({ from, to: path });
    return { ...file, path: from, from: null };
  });
  const edit = await editOf(inPlace, root, here);
  const texts = editedTexts(inPlace, root, here);
  const follow = (isUndone: boolean): Promise<void> =>
    renameAll(isUndone ? renames.map(({ from, to }) => ({ from: to, to: from })) : renames, root);
  return {
    paths: inPlace.map(({ path }) => path),
    edited: { texts, follow },
    isUndoneAsOne: renames.length === 0 || texts.length > 0,
    write: async () => {
      if (!(await vscode.workspace.applyEdit(edit))) return false;
      try {
        await renameAll(renames, root);
        return true;
      } catch (error) {
        log(error);
        return false;
      }
    },
  };
}

async function renameAll(renames: readonly Rename[], root: vscode.Uri): Promise<void> {
  for (const { from, to } of renames)
    await vscode.workspace.fs.rename(placeOf(root, from), placeOf(root, to), { overwrite: false });
}
