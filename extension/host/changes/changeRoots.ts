// What the paths of changes can be relative to: open folders, and the repositories that these are in or have in them.
import { basename } from "node:path/posix";
import * as vscode from "vscode";
import { repositoriesIn, repositoryOf } from "../code/repositories.ts";
import { openRepositories } from "./gitApi.ts";

export type ChangeRoot = {
  readonly uri: vscode.Uri;
  readonly name: string;
  /** The root of the repository that an open folder is a subfolder of. */
  readonly above: vscode.Uri | null;
};

/** Also without git and its extension, which finds more: repositories further down, and submodules. */
export async function changeRoots(): Promise<readonly ChangeRoot[]> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length === 0) return [];
  const [own, inside, known] = await Promise.all([
    Promise.all(folders.map(rootsOf)),
    Promise.all(folders.map(({ uri }) => repositoriesIn(uri))),
    openRepositories(),
  ]);
  const found = [...inside.flat(), ...(known ?? []).flatMap((uri) => inOpenFolder(uri) ?? [])];
  const roots = [...own.flat(), ...found.map(repository)];
  return roots.filter(({ uri }, i) => roots.findIndex((each) => isSame(each.uri, uri)) === i);
}

async function rootsOf({ uri, name }: vscode.WorkspaceFolder): Promise<ChangeRoot[]> {
  const root = await repositoryOf(uri);
  if (root === null || isSame(root, uri)) return [{ uri, name, above: null }];
  return [{ uri, name, above: root }, repository(root)];
}

function repository(uri: vscode.Uri): ChangeRoot {
  return { uri, name: basename(uri.path), above: null };
}

/** The same place, spelled like the open folder that it is in. Git can spell a drive or a folder in another case. */
function inOpenFolder(root: vscode.Uri): vscode.Uri | null {
  const folder = vscode.workspace.getWorkspaceFolder(root);
  if (folder === undefined) return null;
  const namesOf = ({ path }: vscode.Uri): string[] => path.split("/").filter((name) => name !== "");
  return vscode.Uri.joinPath(folder.uri, ...namesOf(root).slice(namesOf(folder.uri).length));
}

export function isSame(one: vscode.Uri, other: vscode.Uri): boolean {
  return one.toString() === other.toString();
}
