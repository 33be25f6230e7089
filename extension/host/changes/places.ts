// Where files of changes are, or would be.
import * as vscode from "vscode";

export function placeOf(root: vscode.Uri, path: string): vscode.Uri {
  return vscode.Uri.joinPath(root, ...path.split("/"));
}

/** Changes are for files in open folders only. */
export function isInOpenFolder(uri: vscode.Uri): boolean {
  return vscode.workspace.getWorkspaceFolder(uri) !== undefined;
}

export async function statOf(uri: vscode.Uri): Promise<vscode.FileStat | null> {
  try {
    return await vscode.workspace.fs.stat(uri);
  } catch {
    return null;
  }
}

/** The file or a folder above it, in its open folder, is a symbolic link, or a file stands where a folder would have to be. */
export async function blockOf(
  root: vscode.Uri,
  path: string,
): Promise<{ readonly why: "link" | "file"; readonly at: string } | null> {
  const place = placeOf(root, path);
  const names = place.path.split("/");
  const above = depthOf(vscode.workspace.getWorkspaceFolder(place)?.uri ?? root);
  for (let i = above + 1; i <= names.length; i += 1) {
    const stat = await statOf(place.with({ path: names.slice(0, i).join("/") }));
    if (stat === null) return null;
    const at = names.slice(depthOf(root), i).join("/");
    if ((stat.type & vscode.FileType.SymbolicLink) !== 0) return { why: "link", at };
    if (i < names.length && (stat.type & vscode.FileType.Directory) === 0) return { why: "file", at };
  }
  return null;
}

function depthOf({ path }: vscode.Uri): number {
  return path.replace(/\/$/u, "").split("/").length;
}
