// The open folder that changes are for: the one that has most of their files.
import * as vscode from "vscode";
import type { ChangeSet } from "../../../protocol/changes.ts";
import { showInfo } from "../vscode/notify.ts";
import { texts } from "./changeTexts.ts";
import { placeOf } from "./ownFiles.ts";

/** Files that are looked for. */
const SAMPLE = 50;

/** Asks where it is not clear. Undefined if there is none, or the user closes the list. */
export async function chooseRoot(set: ChangeSet): Promise<vscode.WorkspaceFolder | undefined> {
  const folders = await likeliest(set);
  const [first, ...others] = folders;
  if (first === undefined) {
    await showInfo(texts.noFolder);
    return undefined;
  }
  if (others.length === 0) return first;
  const items = folders.map((folder) => ({ label: folder.name, description: folder.uri.fsPath, folder }));
  return (await vscode.window.showQuickPick(items, { placeHolder: texts.chooseFolder }))?.folder;
}

/** Without asking. */
export async function likelyRoot(set: ChangeSet): Promise<vscode.Uri | undefined> {
  return (await likeliest(set))[0]?.uri;
}

async function likeliest(set: ChangeSet): Promise<readonly vscode.WorkspaceFolder[]> {
  const paths = set.files.slice(0, SAMPLE).map((file) => ("oldPath" in file ? file.oldPath : file.path));
  const folders = vscode.workspace.workspaceFolders ?? [];
  const rated = await Promise.all(
    folders.map(async (folder) => ({ folder, found: await foundIn(folder, paths) })),
  );
  const most = Math.max(...rated.map(({ found }) => found));
  return rated.flatMap(({ folder, found }) => (found === most ? [folder] : []));
}

async function foundIn({ uri }: vscode.WorkspaceFolder, paths: readonly string[]): Promise<number> {
  const isThere = await Promise.all(
    paths.map((path) =>
      vscode.workspace.fs.stat(placeOf(uri, path)).then(
        () => true,
        () => false,
      ),
    ),
  );
  return isThere.filter(Boolean).length;
}
