// Takes back applied changes that no editor can undo: of files without text, and of files that only went or moved.
import * as vscode from "vscode";
import type { FileToWrite } from "./changeEdit.ts";
import { firstOf, texts } from "./changeTexts.ts";
import type { Writing } from "./changeWriter.ts";
import { isDirty, type FilesHere } from "./ownFiles.ts";
import { blockOf, placeOf, statOf } from "./places.ts";

/** Bytes by path, as they were before the change. Null for a file that was not there. */
export type Replaced = ReadonlyMap<string, Uint8Array | null>;

/** Takes changes back. Returns what became of that, as a sentence. */
export type Undo = () => Promise<string>;

/** What is at the paths of files that are about to be written. Null if an editor can undo that, or something cannot be read. */
export async function replacedBy(
  files: readonly FileToWrite[],
  root: vscode.Uri,
  { files: own, notebooks }: Pick<FilesHere, "files" | "notebooks">,
  { isUndoneAsOne }: Pick<Writing, "isUndoneAsOne">,
): Promise<Replaced | null> {
  const isInEditor = (file: FileToWrite): boolean =>
    isEdited(file, own) && !notebooks.has(file.from ?? file.path);
  if (isUndoneAsOne && files.some(isInEditor)) return null;
  const paths = new Set(files.flatMap(({ path, from }) => (from === null ? [path] : [from, path])));
  const replaced = new Map<string, Uint8Array | null>();
  for (const path of paths) {
    const uri = placeOf(root, path);
    if (isDirty(uri)) return null;
    try {
      replaced.set(path, own.has(path) ? await vscode.workspace.fs.readFile(uri) : null);
    } catch {
      return null;
    }
  }
  return replaced;
}

/** How to take back what has just been applied, unless there is a folder in the place of a file. */
export async function undoOf(replaced: Replaced, root: vscode.Uri): Promise<Undo | null> {
  const applied = new Map<string, vscode.FileStat | null>();
  for (const path of replaced.keys()) applied.set(path, await statOf(placeOf(root, path)));
  if ([...applied.values()].some((stat) => stat?.type === vscode.FileType.Directory)) return null;
  return async () => {
    for (const [path, stat] of applied) if (await isChanged(root, path, stat)) return texts.changedSince;
    return restore(replaced, root);
  };
}

/** One undo in its editor takes back all that was applied with it. */
function isEdited({ path, file, from }: FileToWrite, own: FilesHere["files"]): boolean {
  if (file === null || !("text" in file)) return false;
  const was = own.get(from ?? path);
  return was === undefined || !("text" in was) || was.text !== file.text;
}

async function isChanged(root: vscode.Uri, path: string, applied: vscode.FileStat | null): Promise<boolean> {
  const uri = placeOf(root, path);
  const stat = await statOf(uri);
  if (stat?.mtime !== applied?.mtime || stat?.size !== applied?.size || isDirty(uri)) return true;
  return (await blockOf(root, path))?.why === "link";
}

async function restore(replaced: Replaced, root: vscode.Uri): Promise<string> {
  const { fs } = vscode.workspace;
  const failed: string[] = [];
  // New files first: they can be where a folder was.
  const newFirst = [...replaced].sort(([, a], [, b]) => Number(a !== null) - Number(b !== null));
  for (const [path, bytes] of newFirst) {
    const uri = placeOf(root, path);
    try {
      await (bytes === null ? fs.delete(uri) : fs.writeFile(uri, bytes));
    } catch {
      failed.push(path);
    }
  }
  return failed.length === 0 ? texts.undone : texts.undoneHalfway(firstOf(failed).join(", "));
}
